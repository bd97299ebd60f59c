/**
 * What every active leaf of a run is owed: exactly one of an attempt with a lease, a queue place, a timer, a decision,
 * a signal, a child, a slot, the pause gate, or simply the next decision (rule 14). A pure function of the state, for
 * dispatch, recovery and the reconciler alike.
 */
import type { RunState, Visit } from "./state.ts"

export type Owed =
  | {
      readonly kind: "attempt"
      readonly stepId: string
      readonly attempt: number
      readonly fence: number
      readonly agent: string
    }
  | { readonly kind: "queue"; readonly stepId: string; readonly attempt: number; readonly agent: string }
  | { readonly kind: "agent"; readonly stepId: string; readonly agent: string }
  | { readonly kind: "timer"; readonly stepId: string; readonly timer: string }
  | { readonly kind: "approval"; readonly stepId: string; readonly approval: string }
  | { readonly kind: "signal"; readonly stepId: string; readonly wait: string }
  | { readonly kind: "child"; readonly stepId: string; readonly childRunId: string }
  /** The concurrency key (rule 28); the run has not begun. */
  | { readonly kind: "slot"; readonly key: string }
  | { readonly kind: "gate"; readonly stepId: string | null }
  /** An operator's `retry-now`: `onExhausted: pause`. */
  | { readonly kind: "operator"; readonly stepId: string }
  | { readonly kind: "ready"; readonly leaf: string }

export function owed(state: RunState): Owed[] {
  if (state.terminal !== null) return []
  if (state.queued) return [{ kind: "slot", key: state.created.concurrency?.key ?? "" }]
  if (state.startedAt === null) return [{ kind: "ready", leaf: "run" }]
  const list: Owed[] = []
  for (const scope of state.scopes.values()) {
    if (scope.cursor.kind === "at") continue
    // A scope at its end waits for losers that still run in it (rule 8), if it has any.
    if (scope.lingering.size === 0) list.push({ kind: "ready", leaf: scope.id === "" ? "run" : scope.id })
  }
  for (const visit of state.visits.values()) {
    const one = owedTo(state, visit)
    if (one !== null) list.push(one)
  }
  return list
}

function owedTo(state: RunState, visit: Visit): Owed | null {
  const { stepId, phase } = visit
  switch (phase.kind) {
    case "running":
      return { kind: "attempt", stepId, attempt: visit.attempt, fence: phase.fence, agent: visit.scheduled!.agent }
    case "queued":
      return state.paused
        ? { kind: "gate", stepId }
        : { kind: "queue", stepId, attempt: visit.attempt, agent: visit.scheduled!.agent }
    case "agent":
      return { kind: "agent", stepId, agent: phase.agent }
    case "backoff":
      return phase.timer === null ? { kind: "operator", stepId } : { kind: "timer", stepId, timer: phase.timer }
    case "redelivery":
    case "waiting":
      return { kind: "timer", stepId, timer: phase.timer }
    case "approval":
      return { kind: "approval", stepId, approval: phase.approval.id }
    case "listening":
      return { kind: "signal", stepId, wait: phase.wait }
    case "child":
      return { kind: "child", stepId, childRunId: phase.childRunId }
    case "ready":
      return state.paused ? { kind: "gate", stepId } : { kind: "ready", leaf: stepId }
    case "holding":
      if (visit.exit !== null || (visit.holds?.open.size ?? 0) > 0) return null
      return state.paused ? { kind: "gate", stepId } : { kind: "ready", leaf: stepId }
  }
}

/** The ready set is not stored: every leaf that may have something to do is looked at once after a load. */
export function rebuildReady(state: RunState): void {
  state.ready.clear()
  if (state.terminal !== null) return
  for (const scope of state.scopes.values())
    if (scope.cursor.kind !== "at" && (state.startedAt !== null || scope.cursor.kind === "enter"))
      state.ready.add(`s:${scope.id}`)
  const continues = [...state.timers.values()].some(({ kind }) => kind === "continue")
  for (const visit of state.visits.values()) {
    // A decision that stopped at its bound may have been stopping what this one holds.
    if (continues && visit.holds !== null && visit.holds.open.size > 0) state.ready.add(`u:${visit.stepId}`)
    if (visit.exit !== null) continue
    if (visit.phase.kind === "ready" || (visit.phase.kind === "holding" && visit.holds !== null))
      state.ready.add(`v:${visit.stepId}`)
  }
}
