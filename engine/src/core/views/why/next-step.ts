/**
 * The one thing to do next. What the actor may do comes before what only others may; an action that is right but not
 * allowed is named with the reason, so that the page can say whom to ask.
 */
import type { Allowed } from "../../policy/roles.ts"
import type { Resolution } from "../../remarks/standing.ts"
import type { RunError } from "../../run/events.ts"
import type { RunRow } from "../rows.ts"
import type { WhyCause, WhyNext, WhyWait } from "./model.ts"
import type { OpenRun } from "./open-run.ts"
import { anyOf, line, placeText } from "./words.ts"

export interface AgentNow {
  /** Null: no agent of this name is loaded. */
  readonly file: string | null
  /** Its code is another than the one that failed. */
  readonly changed: boolean
}

export interface NewerVersion {
  readonly versionNumber: number
  readonly label: string
}

export interface NextFacts {
  readonly run: RunRow
  readonly now: number
  /** By the name of the run's action. */
  readonly may: (action: string) => Allowed
  /** Whether this actor may decide the approval in any way. */
  readonly mayDecide: (approvalId: string) => Allowed
  readonly cause: WhyCause | null
  /** What people, or a re-run that completed, have made of its failure. */
  readonly resolution: Resolution | null
  readonly open: OpenRun | null
  /** The agent of the step that failed. */
  readonly agent: AgentNow | null
  /** The newest version of the workflow, when it is newer than the run's. */
  readonly newerVersion: NewerVersion | null
}

/** What comes by itself so soon is waited for. */
const soonMs = 60_000

const nothing: Omit<WhyNext, "action" | "label" | "because"> = {
  allowed: true,
  reason: null,
  approvalId: null,
  stepId: null,
  from: null,
  version: null,
  otherInput: false,
  signal: null,
}

export function nextStep(facts: NextFacts): WhyNext {
  if (facts.open !== null) return nextOfOpen(facts, facts.open)
  if (facts.run.status === "COMPLETED") return none("It has completed")
  const settled = facts.resolution === null ? null : settledBy(facts.resolution)
  if (settled !== null) return none(settled)
  if (facts.run.status === "CANCELLED" || facts.cause === null)
    return run(facts, "rerun", "Run it again", "It was ended before it was done")
  return nextOfFailure(facts, facts.cause)
}

/** Null: it was only seen, and is still to be dealt with. */
function settledBy({ state, by, reason, runId }: Resolution): string | null {
  const because = reason === null ? "" : `: ${line(reason)}`
  switch (state) {
    case "acknowledged":
      return null
    case "superseded":
      return runId === null ? `It was superseded, says ${by}${because}` : `Its re-run ${runId} completed`
    case "resolved":
      return `It was resolved by ${by}${because}`
    case "wont_fix":
      return `It is left as it is, says ${by}${because}`
  }
}

function nextOfOpen(facts: NextFacts, open: OpenRun): WhyNext {
  if (open.leaving !== null) return wait("It is being ended; clean-up has its time to finish")
  for (const one of open.waits) {
    const next = nextOfWait(facts, one)
    if (next?.allowed) return next
  }
  if (open.doing.some((one) => one.stalled))
    return wait("Unless it is heard of soon, its executor is given up, and its retry says whether it is tried again")
  if (open.doingCount > 0) return wait("Its steps are being worked on")
  const [first] = open.waits
  const refused = first === undefined ? null : nextOfWait(facts, first)
  return refused ?? wait(first?.otherwise ?? "It goes on by itself")
}

/** Null: nothing but to wait. */
function nextOfWait(facts: NextFacts, wait: WhyWait): WhyNext | null {
  switch (wait.kind) {
    case "pause":
      return run(facts, "resume", "Resume it", "It is paused: nothing starts before")
    case "approval": {
      return {
        ...decide(facts.mayDecide(wait.approvalId ?? "")),
        // What comes of nobody deciding stands beside the wait, with its time.
        because: `${anyOf(wait.who, "Any operator")} may decide`,
        approvalId: wait.approvalId,
        stepId: wait.stepId,
      }
    }
    case "signal":
      // What comes of nobody sending it stands beside the wait; it is not what comes of sending it.
      return {
        ...run(facts, "signal", `Send the signal “${wait.what}”`, "It is what the run waits for"),
        signal: wait.what,
      }
    case "operator":
      return { ...run(facts, "retry-now", "Let it try again", wait.otherwise), stepId: wait.stepId }
    case "retry":
      if (wait.until !== null && wait.until - facts.now <= soonMs) return null
      return { ...run(facts, "retry-now", "Try again now", wait.otherwise), stepId: wait.stepId }
    case "agent":
      return { ...mend(`Bring the agent ${wait.what} back`, wait.otherwise), stepId: wait.stepId }
    default:
      return null
  }
}

function decide(may: Allowed): Omit<WhyNext, "because"> {
  return { ...nothing, ...allowance(may), action: "decide", label: "Decide" }
}

/** What is at fault decides: the world, the input, the agent, the definition. */
function nextOfFailure(facts: NextFacts, cause: WhyCause): WhyNext {
  const { error, step } = cause
  const again = (because: string): WhyNext => fromFailed(facts, cause, because)
  if (error.code === "agent_unknown") {
    if (facts.agent?.file != null) return again("The agent that was missing is loaded now")
    return mend("Put the agent's file in place, then run it again from the failed step", error.detail)
  }
  if (error.code === "run_timeout")
    return run(
      facts,
      "rerun",
      "Run it again",
      "It took longer than its definition allows; raise timeoutSeconds if that is normal",
    )
  if (passing(error)) return again(becauseOf(cause))
  if (error.class === "policy_denied")
    return run(facts, "rerun", "Run it again, once it is allowed", "A policy or a person said no")
  if (faultOfAgent(error, cause)) return afterAgent(facts, cause, again)
  if (error.class === "validation_failed")
    return {
      ...run(
        facts,
        "rerun",
        "Run it again with another input",
        "A value did not fit: mend the input, or the definition",
      ),
      otherInput: true,
    }
  if (facts.newerVersion !== null) {
    const { label, versionNumber: version } = facts.newerVersion
    const because = "The workflow has changed since this run began"
    return { ...run(facts, "rerun", `Run it again on version ${label}`, because), version }
  }
  return mend(
    "Mend the workflow's definition",
    `${step === null ? "The run" : placeText(step)} fails the same way every time it comes here`,
  )
}

/** The world failed, or nobody came: the same again may well succeed. */
function passing(error: RunError): boolean {
  return error.class === "transient" || error.class === "external_api"
}

function becauseOf({ error, path }: WhyCause): string {
  if (error.code === "approval_timeout") return "Nobody decided in time; a re-run asks again"
  if (error.code === "signal_timeout") return "The signal did not come in time; a re-run waits for it again"
  if (error.kind === "lost") return `The executor was lost more than once; ${keptOf(path)}`
  return `The failure may have passed; ${keptOf(path)}`
}

/** A state that holds others begins anew as a whole. */
function keptOf([top, ...inside]: WhyCause["path"]): string {
  if (top === undefined || inside.length === 0) return "what succeeded is not done again"
  return `what succeeded before ${top.name} is not done again, what succeeded inside it is`
}

const agentFaults: ReadonlySet<string> = new Set(["agent_output_invalid", "validation_not_passed", "bad_output"])

function faultOfAgent(error: RunError, cause: WhyCause): boolean {
  if (cause.agent === null) return false
  return agentFaults.has(error.code) || (error.class === "bug" && cause.step?.type === "agent.run")
}

function afterAgent(facts: NextFacts, cause: WhyCause, again: (because: string) => WhyNext): WhyNext {
  if (facts.agent?.changed) return again(`The code of ${cause.agent} has changed since it failed`)
  const file = facts.agent?.file ?? null
  return mend(
    `Mend the agent ${cause.agent}${file === null ? "" : ` in ${file}`}, then run it again from the failed step`,
    "The same code with the same input fails again",
  )
}

function fromFailed(facts: NextFacts, cause: WhyCause, because: string): WhyNext {
  const [top] = cause.path
  // A step of a child run is done again by running the state that started the child.
  const label = top === undefined ? "Run it again" : `Run it again from ${top.name}`
  return { ...run(facts, "rerun", label, because), from: top === undefined ? null : "failed" }
}

function run(facts: NextFacts, action: string, label: string, because: string): WhyNext {
  return { ...nothing, action, label, because, ...allowance(facts.may(action)) }
}

function mend(label: string, because: string): WhyNext {
  return { ...nothing, action: "mend", label, because }
}

function wait(because: string): WhyNext {
  return { ...nothing, action: "wait", label: "Wait", because }
}

function none(because: string): WhyNext {
  return { ...nothing, action: "none", label: "Nothing", because }
}

function allowance(may: Allowed): Pick<WhyNext, "allowed" | "reason"> {
  return may.allowed ? { allowed: true, reason: null } : { allowed: false, reason: may.reason }
}
