/**
 * What people ask of a run's contexts: what changed between two, and an expression over one. Both may be megabytes, so they
 * are answered where the contexts were folded, as text, and nothing of them crosses threads but the answer. Large values
 * lie apart: a question names those that it needs, and is asked again with them.
 */
import { evaluate, parseExpression, toJson } from "../expression/starlark/index.ts"
import { isJsonObject, type Json } from "../json.ts"
import type { Rejection } from "../run/commands.ts"
import { isBlobRef } from "../run/stored.ts"
import { jsonChanges } from "./json-changes.ts"

/** Plain data: it crosses threads. */
export type ContextAnswer<T> =
  | { readonly kind: "needs"; readonly blobs: readonly string[] }
  | { readonly kind: "told"; readonly told: T }

/** The texts of large values by hash; null: it is not in the store any more. */
export type BlobTexts = ReadonlyMap<string, string | null>

/** The text of a value's JSON. */
export type EvaluatedText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly rejection: Rejection }

const stepsMax = 100_000

interface Point {
  readonly seq: number
  readonly value: Json
}

export function changesBetween(from: Point, to: Point, limit: number, blobs: BlobTexts): ContextAnswer<string> {
  const lacking = lackingIn([from.value, to.value], blobs)
  if (lacking.length > 0) return { kind: "needs", blobs: lacking }
  const read = readBlobs(blobs)
  const { changes, truncated } = jsonChanges(withBlobs(from.value, read), withBlobs(to.value, read), limit)
  return { kind: "told", told: JSON.stringify({ from: from.seq, to: to.seq, changes, truncated }) }
}

/** dsl.md §3 `waybill expr`: over a run's context at a point, or over an empty one. */
export function evaluateOver(context: Json, source: string, blobs: BlobTexts): ContextAnswer<EvaluatedText> {
  const parsed = parseExpression(source)
  if (!parsed.ok) {
    const { message, line, column, hint } = parsed.error
    return no({
      code: "expression_invalid",
      message: `${message} (line ${line}, column ${column})`,
      data: { line, column },
      ...(hint === undefined ? {} : { hint }),
    })
  }
  const lacking = lackingIn([context], blobs)
  if (lacking.length > 0) return { kind: "needs", blobs: lacking }
  const done = evaluate(parsed.expression, namesOver(withBlobs(context, readBlobs(blobs))), { stepsLeft: stepsMax })
  if (!done.ok) {
    const { code, message, ...evidence } = done.error
    return no({ code, message, data: { ...evidence } as NonNullable<Rejection["data"]> })
  }
  const value = toJson(done.value)
  if (!value.ok) return no({ code: value.error.code, message: value.error.message })
  return { kind: "told", told: { ok: true, text: JSON.stringify(value.value) } }
}

function namesOver(ctx: Json): { lookup(name: string): Json | undefined; names(): string[] } {
  const object = isJsonObject(ctx) ? ctx : {}
  return {
    lookup: (name) =>
      name === "ctx" || name === "result" ? ctx : Object.hasOwn(object, name) ? object[name] : undefined,
    names: () => ["ctx", "result", ...Object.keys(object)],
  }
}

function no(rejection: Rejection): ContextAnswer<EvaluatedText> {
  return { kind: "told", told: { ok: false, rejection } }
}

function lackingIn(values: readonly Json[], blobs: BlobTexts): readonly string[] {
  const hashes = new Set<string>()
  for (const value of values) collect(value, hashes)
  return [...hashes].filter((hash) => !blobs.has(hash))
}

function collect(value: unknown, into: Set<string>): void {
  if (isBlobRef(value)) into.add(value.blob)
  else if (Array.isArray(value)) for (const item of value) collect(item, into)
  else if (typeof value === "object" && value !== null) for (const child of Object.values(value)) collect(child, into)
}

function readBlobs(blobs: BlobTexts): ReadonlyMap<string, Json> {
  return new Map([...blobs].map(([hash, text]) => [hash, text === null ? null : (JSON.parse(text) as Json)]))
}

function withBlobs(value: Json, blobs: ReadonlyMap<string, Json>): Json {
  if (blobs.size === 0) return value
  if (isBlobRef(value)) return blobs.get(value.blob) ?? null
  if (Array.isArray(value)) return value.map((item) => withBlobs(item, blobs))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withBlobs(child, blobs)]))
}
