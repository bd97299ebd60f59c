/** Values that are inline or in the blob store (rule 20). Inside the state a large value is a `BlobRef`, opaque to JSON. */
import type { Json } from "../json.ts"
import type { Stored } from "./events.ts"

export class BlobRef {
  readonly blob: string
  readonly bytes: number
  constructor(blob: string, bytes: number) {
    this.blob = blob
    this.bytes = bytes
  }
}

export function isBlobRef(value: unknown): value is BlobRef {
  return value instanceof BlobRef
}

/** Thrown inside `decide` when it needs large values that are not in memory; the actor loads them and asks again. */
export class NeedsBlobs {
  readonly hashes: readonly string[]
  constructor(hashes: readonly string[]) {
    this.hashes = hashes
  }
}

export interface BlobAccess {
  /** Keeps a large value for the commit; returns its content hash. */
  put(value: Json, json: string): string
  /** Undefined = not in memory. */
  get(hash: string): Json | undefined
}

/** Splits off what is too large for an event. */
export function toStored(blobs: BlobAccess, value: Json, inlineBytesMax: number): Stored {
  if (!largerThan(value, inlineBytesMax)) return { value }
  const json = JSON.stringify(value)
  if (json.length <= inlineBytesMax) return { value }
  return { blob: blobs.put(value, json), bytes: json.length }
}

export function fromStored(stored: Stored): Json | BlobRef {
  return "value" in stored ? stored.value : new BlobRef(stored.blob, stored.bytes)
}

export function resolve(blobs: BlobAccess, value: Json | BlobRef): Json {
  if (!isBlobRef(value)) return value
  const found = blobs.get(value.blob)
  if (found === undefined) throw new NeedsBlobs([value.blob])
  return found
}

export function largerThan(value: Json, limit: number): boolean {
  return sizeUpTo(value, limit) > limit
}

/** A lower bound of the encoded size, abandoned as soon as it passes the limit. */
export function sizeUpTo(value: Json | BlobRef, limit: number, ofRef = (_: BlobRef): number => 64): number {
  let size = 0
  const walk = (part: unknown): boolean => {
    if (typeof part === "string") size += part.length + 2
    else if (typeof part !== "object" || part === null) size += 4
    else if (part instanceof BlobRef) size += ofRef(part)
    else {
      size += 2
      if (Array.isArray(part)) {
        for (const item of part) if (walk(item)) return true
      } else
        for (const key in part) {
          size += key.length + 3
          if (walk((part as { readonly [key: string]: unknown })[key])) return true
        }
    }
    return size > limit
  }
  walk(value)
  return size
}

/** The same with the large values in it read in; reads none of them. */
export function fullSizeUpTo(value: Json | BlobRef, limit: number): number {
  return sizeUpTo(value, limit, (ref) => ref.bytes)
}
