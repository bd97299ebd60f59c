/** One sentence that a person understands at three in the morning. No times in it: they are beside it, as times. */
import type { RunRow } from "../rows.ts"
import type { WhyCause, WhyDoing, WhyEnded, WhyWait } from "./model.ts"
import type { OpenRun } from "./open-run.ts"
import { andMore, anyOf, attemptText, line, placeText } from "./words.ts"

export interface HeadlineFacts {
  readonly run: RunRow
  readonly cause: WhyCause | null
  readonly ended: WhyEnded | null
  readonly open: OpenRun | null
}

export function headlineOf({ run, cause, ended, open }: HeadlineFacts): string {
  if (open !== null) return ofOpen(run, open)
  if (run.status === "COMPLETED") return ofCompleted(run)
  if (ended !== null && run.status === "CANCELLED") return ofCancelled(ended)
  return cause === null ? `The run ended as ${run.status}` : ofFailure(run, cause)
}

function ofCompleted(run: RunRow): string {
  const steps = run.stepCount === 1 ? "1 step" : `${run.stepCount} steps`
  const retries = run.retryCount === 0 ? "" : run.retryCount === 1 ? ", 1 retry" : `, ${run.retryCount} retries`
  return `Completed after ${steps}${retries}`
}

function ofCancelled({ kind, by, reason }: WhyEnded): string {
  const because = reason === null ? "" : `: ${line(reason)}`
  switch (kind) {
    case "rejected":
      return `Rejected by ${by ?? "an approver"}${because}`
    case "superseded":
      return `Ended for a newer run${because}`
    case "parent_cancel":
      return `Cancelled with the run that started it${because}`
    default:
      return `Cancelled${by === null ? "" : ` by ${by}`}${because}`
  }
}

function ofFailure(run: RunRow, cause: WhyCause): string {
  const { step, error, attempts } = cause
  const where = step === null ? "The run" : placeText(step)
  const child = step !== null && step.runId !== run.runId ? ` in child run ${step.runId}` : ""
  switch (error.code) {
    case "approval_timeout":
      return `Nobody decided ${where}${child} in time`
    case "signal_timeout":
      return `${where}${child} got no signal in time`
    case "run_timeout":
      return `The run did not end within its time${step === null ? "" : `; it was at ${where}${child}`}`
    case "state_timeout":
      return `${where}${child} did not end within its time`
    default: {
      const tries = attempts > 1 ? ` after ${attempts} attempts` : ""
      return `${where}${child} failed${tries}: ${line(error.detail)}`
    }
  }
}

function ofOpen(run: RunRow, open: OpenRun): string {
  const [first] = open.waits
  if (first?.kind === "pause") {
    const [by] = first.who
    return `Paused${by === undefined ? "" : ` by ${by}`}${first.what === null ? "" : `: ${line(first.what)}`}`
  }
  if (open.leaving !== null) return ofLeaving(open)
  if (first !== undefined && (first.kind === "approval" || first.kind === "hold" || open.doing.length === 0))
    return `${ofWait(first)}${andMore(open.waitCount - 1)}`
  const doing = open.doing.find((one) => one.stalled) ?? open.doing[0]
  if (doing !== undefined) return `${ofDoing(doing)}${andMore(open.doingCount - 1)}`
  return run.startedAt === null ? "It is about to start" : "It is deciding what comes next"
}

function ofLeaving({ leaving, doingCount }: OpenRun): string {
  const what = leaving!.kind === "run_timeout" ? "Its time is up" : "It is being ended"
  if (doingCount === 0) return `${what}: clean-up is under way`
  return `${what}: ${doingCount === 1 ? "one step is" : `${doingCount} steps are`} asked to stop`
}

function ofDoing({ name, branchPath, agent, attempt, attemptsMax, stalled }: WhyDoing): string {
  const again = attempt > 1 ? `, ${attemptText(attempt, attemptsMax)}` : ""
  const hung = stalled ? ", and nothing is heard of it: it may be hung" : ""
  return `${agent} works on ${placeText({ name, branchPath })}${again}${hung}`
}

function ofWait(wait: WhyWait): string {
  const where = wait.name === null ? "The run" : placeText({ name: wait.name, branchPath: wait.branchPath })
  const what = wait.what === null ? "" : line(wait.what)
  switch (wait.kind) {
    case "approval":
      return `Waits for ${anyOf(wait.who, "an operator")} to decide: ${what}`
    case "signal":
      return `Waits for the signal “${what}”`
    case "operator":
      if (wait.stepId === null) return `The run is left alone: ${what}`
      return `${where} has used up its attempts${failedWith(wait)}`
    case "agent":
      return `${where} waits for the agent ${what}, which is not loaded`
    case "retry":
      return `${where} is tried again, ${attemptText(wait.attempt ?? 1, wait.attemptsMax)}${failedWith(wait)}`
    case "child":
      return `Waits for the child run ${wait.who[0] ?? ""}`
    case "concurrency":
      return `Waits for its turn behind ${anyOf(wait.who, "another run")}`
    case "slot":
      return `${where} waits for a free executor of ${what}`
    case "timer":
      return `Waits at ${where} for its time`
    case "hold":
      return "The server was restored from a backup and holds everything back"
    case "pause":
      return "Paused"
  }
}

function failedWith({ error }: WhyWait): string {
  return error === null ? "" : `: ${line(error.detail)}`
}
