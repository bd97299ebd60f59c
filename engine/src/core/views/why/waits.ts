/** What a living run waits for, the most pressing first: each with who can end it and what happens if nobody does. */
import type { Definition } from "../../definition/model.ts"
import type { Failure } from "../../retry/retry.ts"
import type { RunState, Visit } from "../../run/state.ts"
import { approvalTimeout, signalTimeout, stateTimeout } from "./afterwards.ts"
import { type Deadline, nearestDeadline, type OuterTimes } from "./deadlines.ts"
import { placeIn } from "./definition-place.ts"
import type { WaitKind, WhyWait } from "./model.ts"

/** What only the running engine knows of a run. */
export interface EngineFacts {
  /** Restored, and nothing is handed to agents yet (rule 35). */
  readonly holding: boolean
  /** Who holds this run's concurrency key, and how many stand before it; null = it does not wait for one. */
  readonly line: { readonly holders: readonly string[]; readonly ahead: number } | null
  /** Whether a delivery to this agent could run now. */
  readonly agentIsLoaded: (agent: string) => boolean
  /** Wall time of a delivery's last sign of life; null = nothing is out. */
  readonly heartbeatAt: (stepId: string, attempt: number, fence: number) => number | null
  /** Its executor should have been heard of twice since it was, and was not. */
  readonly isSilent: (stepId: string, attempt: number, fence: number) => boolean
}

export interface Paused {
  readonly by: string
  readonly at: number
  readonly reason: string | null
}

/** What happens to an approval that no time ends. */
export const untilDecided = "It waits until somebody decides."

const waitsMax = 20

const pressing: readonly WaitKind[] = [
  "pause",
  "hold",
  "approval",
  "signal",
  "operator",
  "agent",
  "retry",
  "child",
  "concurrency",
  "slot",
  "timer",
]

export function waitsOf(
  state: RunState,
  definition: Definition | null,
  engine: EngineFacts,
  paused: Paused | null,
): { readonly waits: readonly WhyWait[]; readonly count: number } {
  const own: WhyWait[] = []
  if (state.paused) own.push(pauseWait(paused))
  if (state.queued) own.push(lineWait(state, engine))
  const found = waitingVisits(state, engine)
  if (engine.holding && found.some(({ kind }) => kind === "slot")) own.push(holdWait)
  // Many may wait: only those that are shown are put into words.
  const runAt = runTimeout(state)
  const shown = found.slice(0, waitsMax).map((one) => waitOf(state, one, definition, runAt))
  const waits = [...own, ...shown].sort((a, b) => pressing.indexOf(a.kind) - pressing.indexOf(b.kind))
  return { waits: waits.slice(0, waitsMax), count: own.length + found.length }
}

interface Waiting {
  readonly visit: Visit
  readonly kind: WaitKind
  /** When its own time is up. */
  readonly until: number | null
}

/** The most pressing first. */
function waitingVisits(state: RunState, engine: EngineFacts): Waiting[] {
  const found: Waiting[] = []
  const loaded = new Map<string, boolean>()
  const isLoaded = (agent: string): boolean => {
    const known = loaded.get(agent) ?? engine.agentIsLoaded(agent)
    loaded.set(agent, known)
    return known
  }
  for (const visit of state.visits.values()) {
    const one = waiting(state, visit, isLoaded)
    if (one !== null) found.push({ visit, ...one })
  }
  return found.sort((a, b) => pressing.indexOf(a.kind) - pressing.indexOf(b.kind) || soonest(a) - soonest(b))
}

function waiting(
  state: RunState,
  visit: Visit,
  isLoaded: (agent: string) => boolean,
): { readonly kind: WaitKind; readonly until: number | null } | null {
  const { phase } = visit
  const dueAt = (timer: string | null): number | null =>
    timer === null ? null : (state.timers.get(timer)?.dueAt ?? null)
  switch (phase.kind) {
    case "approval":
      return { kind: "approval", until: phase.approval.timeoutAt }
    case "listening":
      return { kind: "signal", until: phase.timeoutAt }
    case "waiting":
      return { kind: "timer", until: dueAt(phase.timer) }
    case "backoff":
      return { kind: phase.timer === null ? "operator" : "retry", until: dueAt(phase.timer) }
    case "redelivery":
      return { kind: "retry", until: dueAt(phase.timer) }
    case "child":
      return { kind: "child", until: ownTimeout(state, visit) }
    case "queued":
      return { kind: isLoaded(visit.scheduled?.agent ?? "") ? "slot" : "agent", until: null }
    case "agent":
      return { kind: "agent", until: ownTimeout(state, visit) }
    default:
      return null
  }
}

function soonest({ until }: Waiting): number {
  return until ?? Number.MAX_SAFE_INTEGER
}

const nothing: Omit<WhyWait, "kind" | "otherwise"> = {
  stepId: null,
  name: null,
  branchPath: null,
  who: [],
  what: null,
  since: null,
  until: null,
  approvalId: null,
  attempt: null,
  attemptsMax: null,
  error: null,
}

function pauseWait(paused: Paused | null): WhyWait {
  return {
    ...nothing,
    kind: "pause",
    who: paused === null ? [] : [paused.by],
    what: paused?.reason ?? null,
    since: paused?.at ?? null,
    otherwise:
      "It stays paused until somebody resumes it: nothing new starts; results, decisions and signals are taken.",
  }
}

/** Of a run that is left alone until somebody asks for it. */
export function aloneWait(why: string, since: number): WhyWait {
  return {
    ...nothing,
    kind: "operator",
    who: ["role:operator"],
    what: why,
    since,
    otherwise: "Nothing is decided about it until somebody lets it try again.",
  }
}

function turns(ahead: number): string {
  if (ahead === 0) return ""
  return ahead === 1 ? ", after one that waits longer" : `, after ${ahead} that wait longer`
}

const holdWait: WhyWait = {
  ...nothing,
  kind: "hold",
  what: "This database was restored from a backup",
  otherwise: "Nothing is handed to agents until an admin has looked and runs `waybill resume-all`.",
}

function lineWait(state: RunState, { line }: EngineFacts): WhyWait {
  const ahead = line?.ahead ?? 0
  return {
    ...nothing,
    kind: "concurrency",
    who: line?.holders.slice(0, waitsMax) ?? [],
    what: state.created.concurrency?.key ?? null,
    since: state.createdAt,
    otherwise: `It starts when one of the runs that hold the key has ended${turns(ahead)}.`,
  }
}

function waitOf(state: RunState, one: Waiting, definition: Definition | null, runAt: number | null): WhyWait {
  const { visit, kind, until } = one
  const { stepId, name, branchPath, phase } = visit
  const common = { ...nothing, kind, stepId, name, branchPath, since: visit.enteredAt, until }
  const chain = definition === null ? null : placeIn(definition, branchPath, name)
  const within = (failure: Failure): Deadline | null =>
    nearestDeadline(chain, { name, timeoutAt: until, failure }, outerTimes(state, visit, runAt))
  switch (phase.kind) {
    case "approval": {
      const { approvers, message, requestedAt, id } = phase.approval
      const ask = { ...common, who: approvers, what: message, since: requestedAt, approvalId: id }
      return bounded(ask, within(approvalTimeout), untilDecided)
    }
    case "listening":
      return bounded(
        { ...common, what: phase.signal },
        within(signalTimeout),
        `It waits until the signal ${phase.signal} comes.`,
      )
    case "child":
      return bounded(
        { ...common, who: [phase.childRunId] },
        within(stateTimeout),
        "It goes on when that run has ended.",
      )
    case "backoff":
    case "redelivery":
      return retryWait(common, visit, definition)
    case "queued":
    case "agent":
      return queuedWait(common, visit)
    default:
      return { ...common, otherwise: afterTimer(definition, visit) }
  }
}

function bounded(wait: Omit<WhyWait, "otherwise">, deadline: Deadline | null, never: string): WhyWait {
  if (deadline === null) return { ...wait, until: null, otherwise: never }
  return { ...wait, until: deadline.at, otherwise: `Then ${deadline.words}.` }
}

function retryWait(common: Omit<WhyWait, "otherwise">, visit: Visit, definition: Definition | null): WhyWait {
  const again = visit.phase.kind === "redelivery"
  const attempt = again ? visit.attempt : visit.attempt + 1
  const attemptsMax = attemptsMaxOf(definition, visit.branchPath, visit.name)
  const facts = { ...common, attempt, attemptsMax, error: visit.error, what: visit.scheduled?.agent ?? null }
  if (again) return { ...facts, otherwise: `Then attempt ${attempt} is handed out again: its executor was lost.` }
  if (common.kind === "operator") {
    const used = visit.attempt === 1 ? "Its only attempt is" : `All ${visit.attempt} attempts are`
    return { ...facts, otherwise: `${used} used up: it waits until somebody lets it try again.` }
  }
  return { ...facts, otherwise: `Then attempt ${attempt}${attemptsMax === null ? "" : ` of ${attemptsMax}`} begins.` }
}

function queuedWait(common: Omit<WhyWait, "otherwise">, visit: Visit): WhyWait {
  const agent = visit.phase.kind === "agent" ? visit.phase.agent : (visit.scheduled?.agent ?? "")
  const facts = {
    ...common,
    what: agent,
    since: visit.scheduled?.at ?? visit.enteredAt,
    attempt: Math.max(1, visit.attempt),
  }
  if (common.kind === "slot") return { ...facts, otherwise: `It starts when ${agent} has a free executor.` }
  return {
    ...facts,
    otherwise: `It starts as soon as an agent ${agent} with the contract that this run began with is loaded.`,
  }
}

function afterTimer(definition: Definition | null, visit: Visit): string {
  const link = definition === null ? undefined : placeIn(definition, visit.branchPath, visit.name)?.at(-1)
  if (link === undefined) return "Then it goes on."
  if (link.state.type === "loop") return `Then ${visit.name} goes round again.`
  if (link.state.next !== null) return `Then the run goes on at ${link.state.next}.`
  return link.inside === null ? "Then the run completes." : "Then this part of the run is done."
}

function ownTimeout(state: RunState, visit: Visit): number | null {
  for (const id of visit.timers) {
    const timer = state.timers.get(id)
    if (timer?.kind === "state_timeout") return timer.dueAt
  }
  return null
}

function runTimeout(state: RunState): number | null {
  for (const timer of state.timers.values()) if (timer.kind === "run_timeout") return timer.dueAt
  return null
}

/** The clocks around a visit. Those that a pause has stopped do not run out. */
function outerTimes(state: RunState, visit: Visit, runAt: number | null): OuterTimes {
  const states: { name: string; at: number }[] = []
  for (let id = visit.owner; id !== null; ) {
    const holder = state.visits.get(id)
    if (holder === undefined) break
    const at = ownTimeout(state, holder)
    if (at !== null) states.unshift({ name: holder.name, at })
    id = holder.owner
  }
  return { states, runAt }
}

/** Of an agent's step; null = it is no such step, or tried once. */
export function attemptsMaxOf(definition: Definition | null, branchPath: string, name: string): number | null {
  const state = definition === null ? undefined : placeIn(definition, branchPath, name)?.at(-1)?.state
  return state?.type === "operation" && state.action === "agent.run" ? (state.retry?.maxAttempts ?? 1) : null
}
