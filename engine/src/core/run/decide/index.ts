/**
 * `decide(state, command, actor, env)`: alone moves a run (architecture §2). It answers no with a code, or yes with
 * events, and what they ask of the world. Pure from outside; inside it works in place on the state it is given: after
 * a discarded decision (NeedsBlobs, a refused commit) the state must be loaded again (rule 12).
 */

import type { Projection } from "../../views/projection.ts"
import type { Actor, Command, Rejection } from "../commands.ts"
import type { Effect } from "../effects.ts"
import type { Env } from "../env.ts"
import type { RunEvent } from "../events.ts"
import type { RunState } from "../state.ts"
import { advance } from "./advance.ts"
import { decideApproval, delegateApproval } from "./approvals.ts"
import { findAgent, finishAttempt, liveAttempt, lost, missAgent, startAttempt } from "./attempts.ts"
import { finishChild } from "./children.ts"
import { cancel, grantSlot, pause, resume, retryNow, startRun } from "./lifecycle.ts"
import { isFinished } from "./permitted.ts"
import { expireDeadlines, fireContinue, fireTimer } from "./timers.ts"
import { sendSignal } from "./waits.ts"
import { Work } from "./work.ts"

export type Decision =
  | {
      readonly ok: true
      readonly state: RunState
      readonly events: readonly RunEvent[]
      readonly effects: readonly Effect[]
      readonly projection: Projection
    }
  /** `events` are not empty when a deadline had passed before the command was looked at: they are committed all the same. */
  | {
      readonly ok: false
      readonly rejection: Rejection
      readonly state: RunState | null
      readonly events: readonly RunEvent[]
      readonly effects: readonly Effect[]
      readonly projection: Projection
    }

/** @throws NeedsBlobs when a large value is not in memory: load it and the run, and ask again. */
export function decide(runId: string, state: RunState | null, command: Command, actor: Actor, env: Env): Decision {
  const work = new Work(runId, state, actor, env)
  const rejection = run(work, state, command)
  if (rejection === null || work.events.length > 0) advanceIfOpen(work)
  const { events, effects, projection } = work
  if (rejection !== null)
    return { ok: false, rejection, state: events.length === 0 ? state : work.state, events, effects, projection }
  return { ok: true, state: work.state, events, effects, projection }
}

function advanceIfOpen(work: Work): void {
  if (!isFinished(work.state)) advance(work)
}

function run(work: Work, state: RunState | null, command: Command): Rejection | null {
  if (command.kind === "start-run") {
    if (state !== null) return { code: "run_exists", message: "the run exists already" }
    startRun(work, command)
    return null
  }
  if (state === null) return { code: "run_not_found", message: "there is no such run" }
  if (isFinished(state))
    return {
      code: "run_finished",
      message: `the run has ended: ${state.terminal!.status}`,
      data: { status: state.terminal!.status },
    }
  if (command.kind === "continue") fireContinue(work)
  expireDeadlines(work)
  advanceIfOpen(work)
  if (isFinished(state))
    return command.kind === "fire-timer" || command.kind === "continue"
      ? null
      : {
          code: "run_finished",
          message: `the run has ended: ${state.terminal!.status}`,
          data: { status: state.terminal!.status },
        }
  return dispatch(work, command)
}

function dispatch(work: Work, command: Exclude<Command, { kind: "start-run" }>): Rejection | null {
  switch (command.kind) {
    case "grant-slot":
      return grantSlot(work)
    case "continue":
      return null
    case "start-attempt":
      return startAttempt(work, command.stepId, command.attempt)
    case "miss-agent":
      return missAgent(work, command.stepId, command.attempt)
    case "find-agent":
      return findAgent(work, command.stepId)
    case "finish-attempt": {
      const visit = liveAttempt(work, command.stepId, command.attempt, command.fence)
      if ("code" in visit) return visit
      finishAttempt(work, visit, command.outcome)
      return null
    }
    case "lose-attempt": {
      const visit = liveAttempt(work, command.stepId, command.attempt, command.fence)
      if ("code" in visit) return visit
      lost(work, visit, command.reason, command.counted)
      return null
    }
    case "fire-timer":
      // A deadline that has just been seen has fired already.
      return work.events.length > 0 && !work.state.timers.has(command.timer) ? null : fireTimer(work, command.timer)
    case "send-signal":
      return sendSignal(work, command.name, command.id, command.data)
    case "decide-approval":
      return decideApproval(work, command)
    case "delegate-approval":
      return delegateApproval(work, command.approval, command.to, command.comment)
    case "finish-child":
      return finishChild(work, command.childRunId, command.status, command.output, command.error)
    case "pause":
      return pause(work, command.reason)
    case "resume":
      return resume(work, command.reason)
    case "cancel":
      return cancel(work, command.cause)
    case "retry-now":
      return retryNow(work, command.stepId)
    case "repair":
      work.emit("run.repaired", null, { leaf: command.leaf, why: command.why })
      return null
  }
}
