/** `wait` and `listen`, and the mailbox that keeps early signals (dsl.md §4, rule 22). */
import type { ListenState, WaitState } from "../../definition/model.ts"
import { type Json, sameJson } from "../../json.ts"
import type { Rejection } from "../commands.ts"
import { readAt } from "../context.ts"
import { defOf, plain } from "../names.ts"
import { asText } from "../render.ts"
import type { Mail, Visit } from "../state.ts"
import { fromStored, sizeUpTo, toStored } from "../stored.ts"
import { deadlineMs, startClock } from "./clocks.ts"
import { fill } from "./expressions.ts"
import { failure } from "./failure.ts"
import { exit, fail, succeed } from "./outcome.ts"
import { parseTime } from "./time.ts"
import { scopeCause } from "./unwind.ts"
import type { Work } from "./work.ts"

export function beginWait(work: Work, visit: Visit, def: WaitState): void {
  const due = dueAt(work, visit, def)
  if (!due.ok) return fail(work, visit, due.error, "FAILED")
  work.emit("timer.set", visit.stepId, { timer: `tmr_${work.state.seq + 1}`, kind: "wait", dueAt: due.at })
  const deadline = deadlineMs(def)
  if (deadline !== null) startClock(work, visit.stepId, "state_timeout", deadline)
}

function dueAt(
  work: Work,
  visit: Visit,
  def: WaitState,
): { ok: true; at: number } | { ok: false; error: ReturnType<typeof failure> } {
  if ("ms" in def.until) return { ok: true, at: work.now + def.until.ms }
  const given = fill(work, visit, "at" in def.until ? def.until.at : def.until.seconds)
  if (!given.ok) return given
  if ("seconds" in def.until) {
    const seconds = typeof given.value === "number" ? given.value : Number.NaN
    if (seconds >= 0 && seconds <= maxWaitSeconds) return { ok: true, at: work.now + Math.round(seconds * 1000) }
    return {
      ok: false,
      error: failure(visit, {
        class: "validation_failed",
        code: "wait_invalid",
        title: "No time to wait for",
        detail: `seconds must be a number from 0 to ${maxWaitSeconds}, but is ${JSON.stringify(given.value)}`,
      }),
    }
  }
  const at = typeof given.value === "string" ? parseTime(given.value) : null
  if (at !== null) return { ok: true, at }
  return {
    ok: false,
    error: failure(visit, {
      class: "validation_failed",
      code: "wait_invalid",
      title: "No time to wait for",
      detail: `until must be an RFC 3339 time such as 2026-01-31T08:00:00Z, but is ${JSON.stringify(given.value)}`,
    }),
  }
}

/** A hundred years. */
const maxWaitSeconds = 3_155_760_000

export function beginListen(work: Work, visit: Visit, def: ListenState): void {
  const name = fill(work, visit, def.signal)
  if (!name.ok) return fail(work, visit, name.error, "FAILED")
  const correlate: [readonly (string | number)[], Json][] = []
  for (const clause of def.correlate) {
    const equals = fill(work, visit, clause.equals)
    if (!equals.ok) return fail(work, visit, equals.error, "FAILED")
    correlate.push([clause.path.segments, equals.value])
  }
  const timeoutMs = deadlineMs(def)
  const timeoutAt = timeoutMs === null ? null : work.now + timeoutMs
  const timer = timeoutAt === null ? null : `tmr_${work.state.seq + 2}`
  work.emit("wait.opened", visit.stepId, {
    wait: visit.stepId,
    signal: asText(name.value),
    correlate,
    fanout: def.fanout,
    timeoutAt,
    timer,
  })
  if (timer !== null) work.emit("timer.set", visit.stepId, { timer, kind: "listen_timeout", dueAt: timeoutAt! })
  const wait = waitOf(visit)!
  for (const mail of [...work.state.mail]) if (offer(work, visit, wait, mail)) return
}

type Wait = Extract<Visit["phase"], { kind: "listening" }>

function waitOf(visit: Visit): Wait | null {
  return visit.phase.kind === "listening" ? visit.phase : null
}

function wants(wait: Wait, name: string, data: Json): boolean {
  return wait.signal === name && wait.correlate.every(([path, equals]) => sameAt(data, path, equals))
}

/** Null = the data is what this wait asks for. */
function schemaProblem(work: Work, visit: Visit, data: Json): string | null {
  const { schema } = defOf(work.definition, work.state, visit) as ListenState
  const errors = schema === null ? null : work.env.validator(schema)(data)
  return errors === null
    ? null
    : `breaks the schema of ${visit.name}: ${errors[0]?.pointer || "/"} ${errors[0]?.message}`
}

/** Gives one piece of kept mail to a wait that has just opened. True = consumed. Mail that breaks its schema is dropped. */
function offer(work: Work, visit: Visit, wait: Wait, mail: Mail): boolean {
  if (wait.signal !== mail.name) return false
  const data = plain(work, fromStored(mail.data))
  if (!wants(wait, mail.name, data)) return false
  const { name, id } = mail
  const reason = schemaProblem(work, visit, data)
  if (reason === null) consume(work, visit, mail, false)
  else work.emit("signal.dropped", visit.stepId, { name, id, reason })
  return reason === null
}

function consume(work: Work, visit: Visit, mail: Pick<Mail, "name" | "id" | "seq">, keep: boolean): void {
  const { wait } = waitOf(visit)!
  const { name, id, seq: fromSeq } = mail
  work.emit("signal.consumed", visit.stepId, { name, id, wait, fromSeq, ...(keep ? { keep } : {}) })
  work.emit("wait.closed", visit.stepId, { wait, reason: "signal" })
  succeed(work, visit)
}

function sameAt(data: Json, path: readonly (string | number)[], equals: Json): boolean {
  const found = readAt(data, path)
  return found !== undefined && "value" in found && sameJson(found.value as Json, equals)
}

export function sendSignal(work: Work, name: string, id: string, data: Json): Rejection | null {
  const { state } = work
  const { limits } = work.env
  if (state.signalIds.has(`${name}\u0000${id}`))
    return { code: "signal_replayed", message: `signal ${name} ${id} was received before`, data: { id } }
  if (state.cause !== null)
    return { code: "run_cancelling", message: "the run is being cancelled: it takes no more signals" }
  const schema = work.definition.signalSchemas.get(name)
  const errors = schema === undefined ? null : work.env.validator(schema)(data)
  if (errors !== null)
    return {
      code: "signal_invalid",
      message: `the data of signal ${name} breaks the schema of the state that listens for it`,
      data: { errors: errors.slice(0, 20).map((error) => ({ pointer: error.pointer, message: error.message })) },
    }
  const bytes = sizeUpTo(data, limits.valueBytesMax)
  if (bytes > limits.valueBytesMax)
    return { code: "value_too_large", message: `the data of a signal is at most ${limits.valueBytesMax} bytes` }
  const waits = openWaits(work, name, data)
  const takers = waits.filter((visit) => schemaProblem(work, visit, data) === null)
  // What somebody waits for is not kept, so a full mailbox does not keep it out.
  if (
    takers.length === 0 &&
    (state.mail.length >= limits.mailboxMax || state.mailBytes + bytes > limits.mailboxBytesMax)
  )
    return {
      code: "mailbox_full",
      message: `the run keeps ${state.mail.length} signals that nobody took; it takes no more`,
      data: { kept: state.mail.length },
    }
  const seq = work.emit("signal.received", null, { name, id, data: toStored(work.blobs, data, limits.inlineBytesMax) })
  if (takers.length > 0) deliver(work, takers, { name, id, seq })
  else if (waits.length > 0)
    work.emit("signal.dropped", waits[0]!.stepId, { name, id, reason: schemaProblem(work, waits[0]!, data)! })
  return null
}

function openWaits(work: Work, name: string, data: Json): Visit[] {
  const open: Visit[] = []
  for (const visit of work.state.visits.values()) {
    const wait = waitOf(visit)
    if (wait !== null && wants(wait, name, data) && scopeCause(work.state, work.scopeOf(visit)) === null)
      open.push(visit)
  }
  return open
}

/** The oldest open wait takes it; when that is a `fanout`, every open `fanout` does (rule 22). */
function deliver(work: Work, takers: readonly Visit[], mail: Pick<Mail, "name" | "id" | "seq">): void {
  const [oldest] = takers
  if (!waitOf(oldest!)!.fanout) return consume(work, oldest!, mail, false)
  for (const visit of takers) if (waitOf(visit)?.fanout) consume(work, visit, mail, true)
  const { name, id } = mail
  work.emit("signal.dropped", null, { name, id, reason: "given to every open wait" })
}

export function listenTimedOut(work: Work, visit: Visit): void {
  const { phase } = visit
  if (phase.kind !== "listening" || scopeCause(work.state, work.scopeOf(visit)) !== null) return
  const def = defOf(work.definition, work.state, visit) as ListenState
  work.emit("wait.closed", visit.stepId, { wait: phase.wait, reason: "timeout" })
  const error = failure(visit, {
    class: "transient",
    kind: "timeout",
    code: "signal_timeout",
    title: "No signal came in time",
    detail: `signal ${phase.signal} did not come before its time was up`,
  })
  if (def.onTimeout !== null)
    return exit(work, visit, {
      status: "TIMED_OUT",
      next: def.onTimeout.next,
      error,
      handled: true,
      route: "onTimeout",
    })
  fail(work, visit, error, "TIMED_OUT")
}
