/** The part of the fold that writes the context. The value is in the event, or in the event it points at. */
import type { ResultMode } from "../definition/model.ts"
import { isJsonObject, type Json } from "../json.ts"
import { type ContextNode, readAt, writeAt } from "./context.ts"
import { ContextList } from "./context-list.ts"
import type { EventOf } from "./events.ts"
import { contextOf } from "./evolve-scopes.ts"
import type { LastResult, RunState, Visit } from "./state.ts"
import { type BlobRef, fromStored, isBlobRef } from "./stored.ts"

export function writeContext(state: RunState, event: EventOf<"context.written">, visit: Visit | null): void {
  const { scope, path, mode, value, part = false, bytes, total } = event.payload
  const written: LastResult | null =
    value === undefined ? (visit === null ? null : resultOf(visit)) : { value: fromStored(value), seq: event.seq }
  if (written === null) return
  if (value !== undefined && visit !== null && !part) visit.result = written
  state.contextBytes = total ?? state.contextBytes + bytes
  if (mode === "none") return
  const holder = state.scopes.get(scope)
  applyWrite(holder === undefined ? state.context : contextOf(state, holder), path, mode, written.value)
  // Inside an array it stands in plain JSON, where nobody expects it.
  if (isBlobRef(written.value) && (mode === "append" || path.some((segment) => typeof segment === "number")))
    state.nestedBlobs = true
}

/** One write, as its event says. Large values stay references: `decide` has taken apart what must be seen into. */
export function applyWrite(root: ContextNode, path: WritePath, mode: ResultMode, value: Json | BlobRef): void {
  if (mode === "append") {
    const found = readAt(root, path)
    const before = found !== undefined && "value" in found ? found.value : undefined
    const list = before instanceof ContextList ? before : ContextList.of(Array.isArray(before) ? before : [])
    writeAt(root, path, list.append(value as Json))
    return
  }
  // At the root an object's keys are written one by one: `inject` without a resultPath.
  if (path.length === 0 || mode === "merge") {
    if (!isJsonObject(value) || isBlobRef(value)) return
    for (const [key, child] of Object.entries(value)) writeAt(root, [...path, key], child)
    return
  }
  writeAt(root, path, value)
}

type WritePath = readonly (string | number)[]

/** A visit's result: what its executor or decision brought, or what its scopes left (settled 11). */
export function resultOf(visit: Visit): LastResult | null {
  const holds = visit.holds
  if (holds === null || holds.kind === "cleanup" || holds.kind === "loop" || holds.kind === "try") return visit.result
  if (holds.kind === "parallel")
    return {
      value: Object.fromEntries(
        holds.order.filter((name) => holds.results.has(name)).map((name) => [name, holds.results.get(name)!]),
      ),
      seq: null,
    }
  const items: Json[] = []
  for (let index = 0; index < holds.next; index++) items.push(holds.results.get(index) ?? null)
  return { value: items, seq: null }
}
