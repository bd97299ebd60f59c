/** The part of the fold that opens and closes scopes: branches, items and blocks (assignment only). */

import type { Json } from "../json.ts"
import { ContextNode, localWrites } from "./context.ts"
import type { EventOf } from "./events.ts"
import { setPhase } from "./phase.ts"
import type { Frame } from "./place.ts"
import type { Holding, RunState, Scope, Visit } from "./state.ts"
import { isBlobRef } from "./stored.ts"

export function openHolding(state: RunState, visit: Visit, event: EventOf<"scope.opened">): void {
  visit.holds = holding(state, event.payload.kind, event.payload.count, event.payload.items ?? null)
  setPhase(state, visit, { kind: "holding" })
  state.ready.add(`v:${visit.stepId}`)
}

function holding(state: RunState, kind: Holding["kind"], count: number, items: Holding["items"]): Holding {
  return {
    kind,
    count,
    items,
    open: new Set(),
    next: 0,
    done: 0,
    succeeded: 0,
    failed: 0,
    order: [],
    results: new Map(),
    firstError: null,
    cleanupError: null,
    closed: false,
    cleaned: new Set(),
    idle: state.idleTransitions,
  }
}

export function openScope(
  state: RunState,
  visit: Visit,
  event: EventOf<"branch.started" | "item.started" | "block.started">,
): void {
  const id = event.payload.scope
  const parent = state.scopes.get(visit.scope)!
  const frame = frameOf(visit, event)
  visit.holds ??= holding(state, "cleanup", 0, null)
  visit.holds.open.add(id)
  visit.woken = null
  if (visit.phase.kind !== "holding") setPhase(state, visit, { kind: "holding" })
  if (event.type === "branch.started") visit.holds.order.push(event.payload.name)
  if (event.type !== "block.started" || event.payload.kind === "do") visit.holds.next++
  const own = frame.kind === "branch" || frame.kind === "item"
  const scope: Scope = {
    id,
    owner: visit.stepId,
    parent: parent.id,
    kind: frame.kind,
    name: frame.name,
    index: frame.index,
    frames: [...parent.frames, frame],
    cursor: { kind: "enter", state: event.payload.start },
    visits: new Map(),
    context: own ? new ContextNode(contextOf(state, parent), true) : null,
    unwinding: null,
    shielded: frame.kind === "finally" || frame.kind === "cancel",
    lingering: new Set(),
    last: null,
    rewinds: null,
    block: null,
  }
  state.scopes.set(id, scope)
  state.ready.add(`s:${id}`)
  if (event.type === "item.started") state.idleTransitions = Math.min(state.idleTransitions, visit.holds.idle)
}

function frameOf(visit: Visit, event: EventOf<"branch.started" | "item.started" | "block.started">): Frame {
  const common = { owner: visit.name, ownerVisit: visit.visit }
  if (event.type === "branch.started") return { ...common, kind: "branch", name: event.payload.name, index: 0 }
  if (event.type === "item.started") return { ...common, kind: "item", name: "", index: event.payload.index }
  return { ...common, kind: event.payload.kind, name: "", index: event.payload.index }
}

/** The layer a scope reads and writes: its own, or the nearest enclosing one that has its own. */
export function contextOf(state: RunState, scope: Scope): ContextNode {
  for (
    let at: Scope | undefined = scope;
    at !== undefined;
    at = at.parent === null ? undefined : state.scopes.get(at.parent)
  )
    if (at.context !== null) return at.context
  return state.context
}

type ScopeEnd = EventOf<"branch.completed" | "item.completed" | "block.completed">

export function closeScope(state: RunState, visit: Visit, event: ScopeEnd): void {
  const scope = state.scopes.get(event.payload.scope)
  if (scope === undefined || visit.holds === null) return
  settle(state, visit, visit.holds, scope, event)
  state.scopes.delete(scope.id)
  state.ready.delete(`s:${scope.id}`)
  if (visit.holds.open.size === 0) state.ready.delete(`u:${visit.stepId}`)
  if (visit.exit === null) state.ready.add(`v:${visit.stepId}`)
  else if (visit.holds.open.size === 0) stopLingering(state, visit)
}

function stopLingering(state: RunState, visit: Visit): void {
  state.visits.delete(visit.stepId)
  state.scopes.get(visit.scope)!.lingering.delete(visit.stepId)
  state.ready.add(`s:${visit.scope}`)
}

function settle(state: RunState, visit: Visit, holds: Holding, scope: Scope, event: ScopeEnd): void {
  const { status, error = null } = event.payload
  holds.open.delete(scope.id)
  if (event.type === "block.completed") return settleBlock(visit, holds, scope, event)
  holds.done++
  if (status === "SUCCEEDED") holds.succeeded++
  else if (status !== "CANCELLED") {
    holds.failed++
    holds.firstError ??= error
  }
  if (!event.payload.merged) return
  const key = event.type === "branch.completed" ? event.payload.name : event.payload.index
  const result: Json = status === "SUCCEEDED" ? localWrites(scope.context!) : { error: error as unknown as Json }
  if (holdsBlob(result)) state.nestedBlobs = true
  holds.results.set(key, result)
}

function settleBlock(visit: Visit, holds: Holding, scope: Scope, event: EventOf<"block.completed">): void {
  const { kind, status, error = null } = event.payload
  if (kind === "finally" || kind === "cancel") {
    holds.cleaned.add(kind)
    if (status !== "SUCCEEDED") holds.cleanupError ??= error
    return
  }
  holds.done++
  if (status === "SUCCEEDED") {
    holds.succeeded++
    visit.result = scope.last
  } else {
    holds.failed++
    if (status !== "CANCELLED") holds.firstError ??= error
  }
}

export function holdsBlob(value: Json): boolean {
  if (isBlobRef(value)) return true
  if (Array.isArray(value)) return value.some(holdsBlob)
  return typeof value === "object" && value !== null && Object.values(value).some(holdsBlob)
}
