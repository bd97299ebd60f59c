/**
 * Looking into a run: its context at any event, an expression over it. All of it folded from the stored events, off the
 * engine's thread; nothing of it moves the run or needs its actor (architecture §8).
 */
import { evaluate, parseExpression, toJson } from "../../core/expression/starlark/index.ts"
import { isJsonObject, type Json } from "../../core/json.ts"
import type { Rejection } from "../../core/run/commands.ts"
import type { Stored } from "../../core/run/events.ts"
import { isBlobRef } from "../../core/run/stored.ts"
import type { ContextAt } from "../../core/views/context-at.ts"
import type { Answer } from "../../door.ts"
import type { RunInsights } from "../../ports/run-insights.ts"
import type { RunStore } from "../../ports/store.ts"

type Store = Pick<RunStore, "blobs">

export interface InspectPorts {
  readonly store: Store
  readonly insights: Pick<RunInsights, "contextAt">
}

/** Large values read in. */
export async function contextOfRun(ports: InspectPorts, runId: string, at: number | null): Promise<ContextAt | null> {
  const found = await ports.insights.contextAt(runId, at)
  if (found === null) return null
  const blobs = await loadBlobs(ports.store, [found.value, ...found.scopes.map((scope) => scope.value)])
  return {
    ...found,
    value: withBlobs(found.value, blobs),
    scopes: found.scopes.map((scope) => ({ ...scope, value: withBlobs(scope.value, blobs) })),
  }
}

/** A value of an event, taken out of the blob store when it lies there. */
export async function storedValue(store: Store, stored: Stored): Promise<Json> {
  return "value" in stored ? stored.value : (JSON.parse(await storedText(store, stored)) as Json)
}

/** The same as the text of its JSON, which large values are stored as: nothing of them is read. */
export async function storedText(store: Store, stored: Stored): Promise<string> {
  if ("value" in stored) return JSON.stringify(stored.value)
  const found = (await store.blobs([stored.blob])).get(stored.blob)
  if (found === undefined) throw new Error(`blob ${stored.blob} is not in the store`)
  return found
}

/** dsl.md §3 `waybill expr`: over a run's context at a point, or over an empty one. */
export async function evaluateExpression(
  ports: InspectPorts,
  source: string,
  runId: string | null,
  at: number | null,
): Promise<Answer<Json>> {
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
  const context = runId === null ? null : await contextOfRun(ports, runId, at)
  if (runId !== null && context === null) return no({ code: "run_not_found", message: `there is no run ${runId}` })
  const ctx = context?.value ?? {}
  const done = evaluate(parsed.expression, namesOver(ctx), { stepsLeft: 100_000 })
  if (!done.ok) {
    const { code, message, ...evidence } = done.error
    return no({ code, message, data: { ...evidence } as NonNullable<Rejection["data"]> })
  }
  const value = toJson(done.value)
  if (!value.ok) return no({ code: value.error.code, message: value.error.message })
  return { ok: true, value: value.value, position: 0 }
}

function namesOver(ctx: Json): { lookup(name: string): Json | undefined; names(): string[] } {
  const object = isJsonObject(ctx) ? ctx : {}
  return {
    lookup: (name) =>
      name === "ctx" || name === "result" ? ctx : Object.hasOwn(object, name) ? object[name] : undefined,
    names: () => ["ctx", "result", ...Object.keys(object)],
  }
}

function no(rejection: Rejection): { readonly ok: false; readonly rejection: Rejection } {
  return { ok: false, rejection }
}

async function loadBlobs(store: Store, values: readonly Json[]): Promise<ReadonlyMap<string, Json>> {
  const hashes = new Set<string>()
  for (const value of values) collect(value, hashes)
  if (hashes.size === 0) return new Map()
  const found = await store.blobs([...hashes])
  return new Map([...found].map(([hash, json]) => [hash, JSON.parse(json) as Json]))
}

function collect(value: unknown, into: Set<string>): void {
  if (isBlobRef(value)) into.add(value.blob)
  else if (Array.isArray(value)) for (const item of value) collect(item, into)
  else if (typeof value === "object" && value !== null) for (const child of Object.values(value)) collect(child, into)
}

function withBlobs(value: Json, blobs: ReadonlyMap<string, Json>): Json {
  if (blobs.size === 0) return value
  if (isBlobRef(value)) return blobs.get(value.blob) ?? null
  if (Array.isArray(value)) return value.map((item) => withBlobs(item, blobs))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withBlobs(child, blobs)]))
}
