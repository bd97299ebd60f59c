/**
 * A value as the text of its JSON, in pieces: where a large value lies apart, a piece names it instead of its text. What
 * is read on one thread is sent on by another without being parsed there. It reads no large value in.
 */
import type { Json } from "../json.ts"
import { holdsBlob } from "../run/evolve-scopes.ts"
import { isBlobRef } from "../run/stored.ts"

/** Plain data: it crosses threads. */
export type JsonPieces = readonly (string | { readonly blob: string })[]

export function jsonPieces(value: Json): JsonPieces {
  const pieces = new Pieces()
  pieces.add(value)
  return pieces.end()
}

/** @param blobs the texts by hash; of a value that is not among them nothing is known: null */
export function joinPieces(pieces: JsonPieces, blobs: ReadonlyMap<string, string>): string {
  return pieces.map((piece) => (typeof piece === "string" ? piece : (blobs.get(piece.blob) ?? "null"))).join("")
}

export function blobsOf(pieces: JsonPieces): readonly string[] {
  const hashes = new Set<string>()
  for (const piece of pieces) if (typeof piece !== "string") hashes.add(piece.blob)
  return [...hashes]
}

export function charsOf(pieces: JsonPieces): number {
  return pieces.reduce((sum, piece) => sum + (typeof piece === "string" ? piece.length : piece.blob.length), 0)
}

class Pieces {
  readonly #done: (string | { readonly blob: string })[] = []
  #text = ""

  add(value: Json): void {
    if (isBlobRef(value)) this.#apart(value.blob)
    else if (!holdsBlob(value)) this.#text += JSON.stringify(value)
    else if (Array.isArray(value)) this.#list(value)
    else this.#object(Object.entries(value as { readonly [key: string]: Json }))
  }

  end(): JsonPieces {
    return this.#text === "" ? this.#done : [...this.#done, this.#text]
  }

  #apart(blob: string): void {
    if (this.#text !== "") this.#done.push(this.#text)
    this.#text = ""
    this.#done.push({ blob })
  }

  #list(items: readonly Json[]): void {
    let mark = "["
    for (const item of items) {
      this.#text += mark
      this.add(item)
      mark = ","
    }
    this.#text += "]"
  }

  #object(entries: readonly (readonly [string, Json])[]): void {
    let mark = "{"
    for (const [key, value] of entries) {
      this.#text += `${mark}${JSON.stringify(key)}:`
      this.add(value)
      mark = ","
    }
    this.#text += "}"
  }
}
