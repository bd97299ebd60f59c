/** A living run as "why" sees it: what it waits for, what executes, what is in trouble. Taken from its state in one look. */
import type { Definition } from "../../definition/model.ts"
import type { Cause } from "../../run/events.ts"
import type { RunState, Visit } from "../../run/state.ts"
import type { StepPlace, WhyCause, WhyDoing, WhyWait } from "./model.ts"
import { attemptsMaxOf, type EngineFacts, type Paused, waitsOf } from "./waits.ts"

export interface OpenRun {
  readonly seq: number
  readonly waits: readonly WhyWait[]
  readonly waitCount: number
  readonly doing: readonly WhyDoing[]
  readonly doingCount: number
  /** A failure that is being tried again. */
  readonly cause: WhyCause | null
  /** It is being ended. */
  readonly leaving: Cause | null
}

const doingMax = 20

export function readOpenRun(
  state: RunState,
  definition: Definition | null,
  engine: EngineFacts,
  paused: Paused | null,
): OpenRun {
  const { waits, count } = waitsOf(state, definition, engine, paused)
  const doing: WhyDoing[] = []
  let doingCount = 0
  let troubled: Visit | null = null
  for (const visit of state.visits.values()) {
    if (visit.phase.kind === "running" && ++doingCount <= doingMax) doing.push(doingOf(visit, definition, engine))
    if (visit.error !== null && visit.exit === null && visit.attempt > (troubled?.attempt ?? 0)) troubled = visit
  }
  return {
    seq: state.seq,
    waits,
    waitCount: count,
    doing,
    doingCount,
    cause: troubled === null ? null : troubleOf(state, troubled, definition),
    leaving: state.cause,
  }
}

function doingOf(visit: Visit, definition: Definition | null, engine: EngineFacts): WhyDoing {
  const { stepId, name, branchPath, attempt, phase, scheduled } = visit
  const { startedAt, fence } = phase as Extract<Visit["phase"], { kind: "running" }>
  return {
    stepId,
    name,
    branchPath,
    agent: scheduled?.agent ?? "",
    attempt,
    attemptsMax: attemptsMaxOf(definition, branchPath, name),
    since: startedAt,
    heartbeatAt: engine.heartbeatAt(stepId, attempt, fence),
    stalled: engine.isSilent(stepId, attempt, fence),
  }
}

function troubleOf(state: RunState, visit: Visit, definition: Definition | null): WhyCause {
  const path: StepPlace[] = []
  for (let at: Visit | undefined = visit; at !== undefined; ) {
    path.unshift(placeOf(state.runId, at))
    at = at.owner === null ? undefined : state.visits.get(at.owner)
  }
  return {
    step: path[path.length - 1]!,
    path,
    error: visit.error!,
    // The one that runs, or is to run again, has not failed.
    attempts: visit.phase.kind === "backoff" ? visit.attempt : visit.attempt - 1,
    attemptsMax: attemptsMaxOf(definition, visit.branchPath, visit.name),
    at: null,
    agent: visit.scheduled?.agent ?? null,
  }
}

function placeOf(runId: string, visit: Visit): StepPlace {
  const { stepId, name, branchPath, action, type } = visit
  return { runId, stepId, name, type: action ?? type, branchPath }
}
