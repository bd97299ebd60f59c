/** What a run's status and reason are, as a function of its state alone (settled 10, architecture §6). */
import { type RunState, type RunStatus, rootScope, type Visit } from "../run/state.ts"
import type { StepStatus } from "./rows.ts"

/** The first that holds: terminal, PAUSED, WAITING_APPROVAL, RUNNING, WAITING_SIGNAL (rule 13). */
export function runStatus(state: RunState): RunStatus {
  if (state.terminal !== null) return state.terminal.status
  if (state.paused) return "PAUSED"
  if (state.startedAt === null) return "PENDING"
  if (state.open.approvals > 0) return "WAITING_APPROVAL"
  const { executing, others, listens } = state.open
  if (state.cause !== null || executing > 0 || others > 0 || hasReadyScope(state)) return "RUNNING"
  return listens > 0 ? "WAITING_SIGNAL" : "RUNNING"
}

function hasReadyScope(state: RunState): boolean {
  for (const key of state.ready)
    if (key.startsWith("s:") && state.scopes.get(key.slice(2))?.cursor.kind === "enter") return true
  return false
}

export function runReason(state: RunState, status: RunStatus): string | null {
  if (state.terminal !== null) return state.terminal.reason
  if (state.queued) return "concurrency"
  if (state.startedAt === null) return "initializing"
  if (state.cause !== null) return state.cause.kind === "run_timeout" ? "timing_out" : "cancelling"
  if (status !== "RUNNING") return null
  return runningReason(state)
}

/** What the most active leaf does; many leaves are not all looked at. */
function runningReason(state: RunState): string {
  const root = state.scopes.get(rootScope)
  if (root?.cursor.kind === "ended") return "finalizing"
  let reason = "executing"
  let missing = false
  let looked = 0
  for (const visit of state.visits.values()) {
    if (++looked > 20) break
    switch (visit.phase.kind) {
      case "running":
        return "executing"
      case "agent":
        missing = true
        break
      case "backoff":
        reason = visit.phase.timer === null ? "exhausted" : "retry_backoff"
        break
      case "redelivery":
        reason = "retry_backoff"
        break
      case "waiting":
        reason = "timer"
        break
      case "queued":
        reason = "queued"
        break
      case "child":
        reason = "child"
        break
      default:
        break
    }
  }
  // Somebody has to do something about that one.
  return missing ? "agent_missing" : reason
}

export interface Blocker {
  /** `operator`: its attempts are used up, and it waits for a person (`onExhausted: pause`). */
  readonly kind: "approval" | "signal" | "operator" | "agent" | "timer" | "retry" | "child" | "slot" | "concurrency"
  readonly since: number
  readonly until: number | null
  /** Who can end it: approvers, the signal, the child run, the agent, the role. */
  readonly who: readonly string[]
  readonly stepId: string | null
  readonly name: string
}

const blockersMax = 10

/** What the run waits for: the first ten, and how many in all. A run that executes something is blocked by nothing. */
export function blockedOn(state: RunState): { readonly first: readonly Blocker[]; readonly count: number } {
  const first: Blocker[] = []
  if (state.queued)
    first.push({
      kind: "concurrency",
      since: state.createdAt,
      until: null,
      who: [],
      stepId: null,
      name: state.created.concurrency?.key ?? "",
    })
  const waiting = state.open.approvals + state.open.listens + state.open.others
  if (waiting === 0) return { first, count: first.length }
  for (const visit of state.visits.values()) {
    if (first.length === blockersMax) break
    // In front of those that wait there are often hundreds that do not, and this is asked at every decision.
    const { kind } = visit.phase
    if (kind === "running" || kind === "holding" || kind === "ready") continue
    const blocker = blockerOf(state, visit)
    if (blocker !== null) first.push(blocker)
  }
  return { first, count: first.length < blockersMax ? first.length : Math.max(first.length, waiting) }
}

function blockerOf(state: RunState, visit: Visit): Blocker | null {
  const { phase, enteredAt } = visit
  switch (phase.kind) {
    case "approval": {
      const { requestedAt, timeoutAt, approvers } = phase.approval
      return blocker("approval", visit, requestedAt, timeoutAt, [...approvers])
    }
    case "listening":
      return blocker("signal", visit, enteredAt, phase.timeoutAt, [phase.signal])
    case "waiting":
      return blocker("timer", visit, enteredAt, due(state, phase.timer), noone)
    case "backoff":
      return phase.timer === null
        ? blocker("operator", visit, enteredAt, ownTimeout(state, visit), ["role:operator"])
        : blocker("retry", visit, enteredAt, due(state, phase.timer), noone)
    case "redelivery":
      return blocker("retry", visit, enteredAt, due(state, phase.timer), noone)
    case "agent":
      return blocker("agent", visit, enteredAt, ownTimeout(state, visit), [phase.agent])
    case "child":
      return blocker("child", visit, enteredAt, null, [phase.childRunId])
    case "queued":
      return blocker("slot", visit, enteredAt, null, [visit.scheduled?.agent ?? ""])
    default:
      return null
  }
}

const noone: readonly string[] = []

/**
 * One literal for all kinds: a spread cost more than the rest of the row. Its fields keep their order: rows hold it as
 * text, and a rebuilt row equals the one that was written.
 */
function blocker(
  kind: Blocker["kind"],
  { stepId, name }: Visit,
  since: number,
  until: number | null,
  who: readonly string[],
): Blocker {
  return { since, stepId, name, who, kind, until }
}

function due(state: RunState, timer: string): number | null {
  return state.timers.get(timer)?.dueAt ?? null
}

function ownTimeout(state: RunState, visit: Visit): number | null {
  for (const id of visit.timers) {
    const timer = state.timers.get(id)
    if (timer?.kind === "state_timeout") return timer.dueAt
  }
  return null
}

export function stepStatus(visit: Visit): StepStatus {
  if (visit.exit !== null) return visit.exit.status
  switch (visit.phase.kind) {
    case "approval":
      return "WAITING_APPROVAL"
    case "listening":
      return "WAITING_SIGNAL"
    case "queued":
    case "agent":
      return visit.startedAt === null ? "PENDING" : "RUNNING"
    case "ready":
      return visit.action === "agent.run" && visit.scheduled === null ? "PENDING" : "RUNNING"
    default:
      return "RUNNING"
  }
}
