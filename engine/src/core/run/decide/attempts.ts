/** `agent.run`: scheduling, starting, ending and losing attempts (dsl.md §5, rule 5). */
import type { AgentState } from "../../definition/model.ts"
import { isJsonObject, type Json } from "../../json.ts"
import { decideRetry } from "../../retry/retry.ts"
import { applyDefaults } from "../../schema/defaults.ts"
import type { SchemaError } from "../../schema/types.ts"
import type { AttemptOutcome, Rejection } from "../commands.ts"
import type { AgentContractView } from "../env.ts"
import type { RunError, Usage } from "../events.ts"
import { contextOf } from "../evolve-scopes.ts"
import { defOf, plain } from "../names.ts"
import { asText } from "../render.ts"
import type { Visit } from "../state.ts"
import { fromStored, resolve, sizeUpTo, toStored } from "../stored.ts"
import { hasClock, startClock } from "./clocks.ts"
import { ask, askTruth, fill } from "./expressions.ts"
import { failure } from "./failure.ts"
import { fail, succeed } from "./outcome.ts"
import { conclude, visitCause } from "./unwind.ts"
import type { Work } from "./work.ts"

export function beginAgent(work: Work, visit: Visit, def: AgentState): void {
  if (visit.scheduled !== null) return schedule(work, visit, visit.scheduled.agent, null)
  const agent = fill(work, visit, def.agent)
  if (!agent.ok) return fail(work, visit, agent.error, "FAILED")
  const name = asText(agent.value)
  const contract = work.env.agent(name)
  if (contract === null) return withoutAgent(work, visit, def, name)
  const input = agentInput(work, visit, def, contract)
  if (!input.ok) return fail(work, visit, input.error, "FAILED")
  const limit = work.env.limits.valueBytesMax
  if (sizeUpTo(input.value, limit) > limit)
    return fail(work, visit, tooLarge(visit, `the input of ${name} is larger than ${limit} bytes`), "FAILED")
  const task = def.task === null ? null : fill(work, visit, def.task)
  if (task !== null && !task.ok) return fail(work, visit, task.error, "FAILED")
  startTotal(work, visit, def)
  schedule(work, visit, name, { input: input.value, task: task === null ? null : asText(task.value) })
}

/** It may have begun while the agent was missing. */
function startTotal(work: Work, visit: Visit, def: AgentState): void {
  if (def.totalTimeoutMs !== null && !hasClock(work, visit.stepId, "state_timeout"))
    startClock(work, visit.stepId, "state_timeout", def.totalTimeoutMs)
}

/**
 * One that the definition names was there when that was saved: its file has gone since, and the step waits for it
 * (rule 21). Its input is not made up before: the agent's schema says what belongs to it. A name that was worked out on
 * the way is as likely wrong.
 */
function withoutAgent(work: Work, visit: Visit, def: AgentState, name: string): void {
  const { agents, environment } = work.state.created
  if (agents[name] === undefined && !work.definition.agents.includes(name)) {
    const detail = `there is no agent "${name}" in environment ${environment}`
    const error = failure(visit, { class: "validation_failed", code: "agent_unknown", title: "No such agent", detail })
    return fail(work, visit, error, "FAILED")
  }
  startTotal(work, visit, def)
  work.emit("step.agent_missing", visit.stepId, { agent: name })
}

/** The dispatcher looked for the agent of a scheduled attempt, and there was none. */
export function missAgent(work: Work, stepId: string, attempt: number): Rejection | null {
  const visit = work.state.visits.get(stepId)
  if (visit === undefined || visit.phase.kind !== "queued" || visit.attempt !== attempt || work.state.paused)
    return { code: "attempt_not_queued", message: `attempt ${attempt} of ${stepId} does not wait for a slot` }
  const { agent } = visit.scheduled!
  if (work.env.agent(agent) === null) work.emit("step.agent_missing", stepId, { agent })
  else startOrQueue(work, visit)
  return null
}

export function findAgent(work: Work, stepId: string): Rejection | null {
  const visit = work.state.visits.get(stepId)
  if (visit === undefined || visit.phase.kind !== "agent")
    return { code: "attempt_not_queued", message: `${stepId} does not wait for its agent` }
  const { agent } = visit.phase
  if (work.env.agent(agent) === null)
    // Gone again: it is asked for again.
    work.effects.push({ kind: "await-agent", stepId, agent })
  else {
    work.emit("step.agent_found", stepId, { agent })
    if (visit.scheduled !== null && !work.state.paused) startOrQueue(work, visit)
  }
  return null
}

type Input = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly error: RunError }

/** `variables`, and what the agent's input schema declares and the context's root has (dsl.md §5). */
function agentInput(work: Work, visit: Visit, def: AgentState, contract: AgentContractView | null): Input {
  const variables = def.variables === null ? { ok: true as const, value: {} as Json } : fill(work, visit, def.variables)
  if (!variables.ok || contract?.inputSchema == null) return variables
  const schema = contract.inputSchema
  const filled: Record<string, Json> = isJsonObject(variables.value) ? { ...variables.value } : {}
  const context = contextOf(work.state, work.scopeOf(visit))
  for (const key of isJsonObject(schema.properties) ? Object.keys(schema.properties) : []) {
    if (Object.hasOwn(filled, key)) continue
    const found = context.get(key)
    if (found !== undefined) filled[key] = plain(work, found)
  }
  const value = applyDefaults(schema, filled)
  const errors = work.env.validator(schema)(value)
  if (errors === null) return { ok: true, value }
  return {
    ok: false,
    error: schemaFailure(visit, "agent_input_invalid", `the input of agent ${contract.name} breaks its schema`, errors),
  }
}

function schemaFailure(visit: Visit, code: string, what: string, errors: readonly SchemaError[]): RunError {
  const first = errors
    .slice(0, 3)
    .map((error) => `${error.pointer || "/"} ${error.message}`)
    .join("; ")
  return failure(visit, {
    class: "validation_failed",
    code,
    title: "A value breaks its schema",
    detail: `${what}: ${first}`,
    data: {
      errors: errors
        .slice(0, 20)
        .map((error) => ({ pointer: error.pointer, keyword: error.keyword, message: error.message })),
    },
  })
}

/** The next attempt. `first` null: a retry, whose input is the first attempt's. */
function schedule(work: Work, visit: Visit, agent: string, first: { input: Json; task: string | null } | null): void {
  const def = defOf(work.definition, work.state, visit) as AgentState
  const contract = work.env.agent(agent)
  work.emit("step.scheduled", visit.stepId, {
    attempt: visit.attempt + 1,
    agent,
    agentRunId: work.env.newId("agr"),
    task: first === null ? visit.scheduled!.task : first.task,
    input: first === null ? null : toStored(work.blobs, first.input, work.env.limits.inlineBytesMax),
    inputSeq: first === null ? visit.scheduled!.inputSeq : null,
    timeoutMs: def.timeoutMs,
    heartbeatMs: def.heartbeatMs,
    pin: contract?.pin ?? work.state.created.agents[agent] ?? null,
    spanId: work.env.randomHex(16),
  })
  startOrQueue(work, visit)
}

/**
 * A free slot lets `step.started` ride in this commit; otherwise the dispatcher's queue has it (architecture §4). What is
 * being left, and has not been reached yet by a leaving in several decisions, begins nothing more (rule 7).
 */
function startOrQueue(work: Work, visit: Visit): void {
  if (visitCause(work.state, visit) !== null) return
  const { agent } = visit.scheduled!
  if (work.env.reserveSlot(visit.stepId, agent)) return start(work, visit)
  work.effects.push({ kind: "enqueue", stepId: visit.stepId, attempt: visit.attempt, agent })
}

function start(work: Work, visit: Visit): void {
  const scheduled = visit.scheduled!
  const fence = visit.fence + 1
  work.emit("step.started", visit.stepId, {
    attempt: visit.attempt,
    delivery: visit.delivery + 1,
    fence,
    owner: work.env.instance,
  })
  work.effects.push({
    kind: "execute",
    stepId: visit.stepId,
    attempt: visit.attempt,
    fence,
    agent: scheduled.agent,
    agentRunId: scheduled.agentRunId,
    task: scheduled.task,
    input: resolve(work.blobs, fromStored(scheduled.input)),
    timeoutMs: scheduled.timeoutMs,
    heartbeatMs: scheduled.heartbeatMs,
    spanId: scheduled.spanId,
  })
}

export function startAttempt(work: Work, stepId: string, attempt: number): Rejection | null {
  const visit = work.state.visits.get(stepId)
  if (visit === undefined || visit.phase.kind !== "queued" || visit.attempt !== attempt)
    return { code: "attempt_not_queued", message: `attempt ${attempt} of ${stepId} does not wait for a slot` }
  if (visitCause(work.state, visit) !== null)
    return { code: "attempt_not_queued", message: `${stepId} is being left: no attempt starts` }
  if (work.state.paused) return { code: "run_paused", message: "the run is paused: no attempt starts" }
  start(work, visit)
  return null
}

export function redeliver(work: Work, visit: Visit): void {
  startOrQueue(work, visit)
}

/** A result counts only if its attempt and fence are the live ones (rule 5). */
export function liveAttempt(work: Work, stepId: string, attempt: number, fence: number): Visit | Rejection {
  const visit = work.state.visits.get(stepId)
  if (visit !== undefined && visit.phase.kind === "running" && visit.attempt === attempt && visit.phase.fence === fence)
    return visit
  return { code: "stale_result", message: `attempt ${attempt} with fence ${fence} of ${stepId} is not running` }
}

export function finishAttempt(work: Work, visit: Visit, outcome: AttemptOutcome): void {
  const leaving = visitCause(work.state, visit)
  if (leaving !== null && (outcome.kind !== "succeeded" || visit.unwinding !== null))
    return stopped(work, visit, leaving.kind)
  switch (outcome.kind) {
    case "succeeded":
      return succeeded(work, visit, outcome.output, outcome.usage)
    case "failed":
    case "timed_out":
      return failed(work, visit, outcome.error, outcome.kind === "timed_out", outcome.usage)
    case "stopped":
      return lost(work, visit, "stopped without being asked", true)
  }
}

function stopped(work: Work, visit: Visit, reason: string): void {
  work.emit("step.cancelled", visit.stepId, { attempt: visit.attempt, fence: visit.fence, reason })
  conclude(work, visit)
}

function succeeded(work: Work, visit: Visit, raw: Json, usage: Usage | undefined): void {
  const def = defOf(work.definition, work.state, visit) as AgentState
  const contract = work.env.agent(visit.scheduled!.agent)
  const output = typeof raw === "string" && contract?.outputSchema == null ? { result: raw } : raw
  const broken = outputProblem(work, visit, def, contract, output)
  if (broken !== null) return failed(work, visit, broken, false, usage)
  const validation = def.validation === null ? null : validate(work, visit, def, output)
  if (validation !== null && "error" in validation) return failed(work, visit, validation.error, false, usage)
  work.emit("step.succeeded", visit.stepId, {
    attempt: visit.attempt,
    fence: visit.fence,
    output: toStored(work.blobs, output, work.env.limits.inlineBytesMax),
    ...(usage === undefined ? {} : { usage }),
    ...(validation === null ? {} : { validation }),
  })
  succeed(work, visit)
}

function outputProblem(
  work: Work,
  visit: Visit,
  def: AgentState,
  contract: AgentContractView | null,
  output: Json,
): RunError | null {
  const limit = work.env.limits.valueBytesMax
  if (sizeUpTo(output, limit) > limit)
    return tooLarge(visit, `the output of ${visit.scheduled!.agent} is larger than ${limit} bytes`)
  for (const schema of [contract?.outputSchema ?? null, def.outputSchema]) {
    if (schema === null) continue
    const errors = work.env.validator(schema)(output)
    if (errors !== null)
      return schemaFailure(
        visit,
        "agent_output_invalid",
        `the output of agent ${visit.scheduled!.agent} breaks its schema`,
        errors,
      )
  }
  return null
}

function tooLarge(visit: Visit, detail: string): RunError {
  return failure(visit, { class: "validation_failed", code: "value_too_large", title: "A value is too large", detail })
}

type Validation =
  | { readonly passed: boolean; readonly score?: number; readonly reasons?: Json }
  | { readonly error: RunError }

/** dsl.md §4 `validation`: an output that does not pass is a failed attempt of class `validation_failed`. */
function validate(work: Work, visit: Visit, def: AgentState, output: Json): Validation {
  const { if: condition, score, reasons } = def.validation!
  const passed = askTruth(work, visit, condition, { result: output })
  if (!passed.ok) return passed
  const scored = score === null ? null : ask(work, visit, score, { result: output })
  if (scored !== null && !scored.ok) return scored
  const reasoned = reasons === null ? null : ask(work, visit, reasons, { result: output })
  if (reasoned !== null && !reasoned.ok) return reasoned
  const evidence = {
    ...(typeof scored?.value === "number" ? { score: scored.value } : {}),
    ...(reasoned === null ? {} : { reasons: reasoned.value }),
  }
  if (passed.value) return { passed: true, ...evidence }
  return {
    error: failure(visit, {
      class: "validation_failed",
      code: "validation_not_passed",
      title: "The output did not pass its validation",
      detail: `${condition.source} is not true for this output`,
      data: evidence,
    }),
  }
}

function failed(work: Work, visit: Visit, raw: RunError, timedOut: boolean, usage: Usage | undefined): void {
  const error: RunError = { ...raw, step: raw.step ?? visit.name, attempt: visit.attempt }
  const payload = { attempt: visit.attempt, fence: visit.fence, error, ...(usage === undefined ? {} : { usage }) }
  work.emit(timedOut ? "step.timed_out" : "step.failed", visit.stepId, payload)
  // What comes within the grace of a cancel and is no success is not tried again.
  if (visitCause(work.state, visit) !== null) return conclude(work, visit)
  const def = defOf(work.definition, work.state, visit) as AgentState
  const retry = decideRetry(def.retry, error, visit.attempt, work.now - visit.scheduled!.firstAt, work.env.chance())
  if (retry.retry) {
    const timer = `tmr_${work.state.seq + 2}`
    work.emit("step.retry_scheduled", visit.stepId, { attempt: visit.attempt + 1, delayMs: retry.delayMs, timer })
    work.emit("timer.set", visit.stepId, { timer, kind: "retry", dueAt: work.now + retry.delayMs })
    return
  }
  if (retry.exhausted && def.retry?.onExhausted === "pause") {
    work.emit("step.retry_scheduled", visit.stepId, {
      attempt: visit.attempt + 1,
      delayMs: 0,
      timer: null,
      paused: true,
    })
    return
  }
  fail(work, visit, error, timedOut ? "TIMED_OUT" : "FAILED")
}

/** A delivery that ended without a result: the same attempt goes out again, with a higher fence (settled 8). */
export function lost(work: Work, visit: Visit, reason: string, counted: boolean): void {
  const leaving = visitCause(work.state, visit)
  work.emit("step.lost", visit.stepId, { attempt: visit.attempt, fence: visit.fence, reason, counted })
  if (leaving !== null) return stopped(work, visit, leaving.kind)
  const { deliveriesMax, redeliveryDelayMs } = work.env.limits
  if (visit.lostDeliveries >= deliveriesMax) {
    const error = failure(visit, {
      class: "transient",
      kind: "lost",
      code: "lost",
      title: "The executor was lost",
      detail: `${visit.lostDeliveries} deliveries of this attempt ended without a result: ${reason}`,
    })
    return failed(work, visit, error, false, undefined)
  }
  // The first repeat goes out at once; from the second on it waits, so that a poison step cannot spin (rule 5).
  if (visit.lostDeliveries < 2) {
    work.emit("step.redelivered", visit.stepId, { attempt: visit.attempt, delivery: visit.delivery + 1, timer: null })
    if (work.state.paused) return
    return startOrQueue(work, visit)
  }
  const timer = `tmr_${work.state.seq + 2}`
  work.emit("step.redelivered", visit.stepId, { attempt: visit.attempt, delivery: visit.delivery + 1, timer })
  work.emit("timer.set", visit.stepId, {
    timer,
    kind: "redeliver",
    dueAt: work.now + redeliveryDelayMs * 2 ** (visit.lostDeliveries - 2),
  })
}
