/** `wait` and `listen`, and the mailbox that keeps early signals (dsl.md §4, rule 22). */
import type { ListenState, WaitState } from "../../definition/model.ts"
import { isJsonObject, type Json } from "../../json.ts"
import type { Rejection } from "../commands.ts"
import { readAt } from "../context.ts"
import { defOf, plain } from "../names.ts"
import { asText } from "../render.ts"
import type { Mail, Visit } from "../state.ts"
import { fromStored, sizeUpTo, toStored } from "../stored.ts"
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
  const timeoutAt = def.timeoutMs === null ? null : work.now + def.timeoutMs
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
  for (const mail of [...work.state.mail]) if (offer(work, visit, def, mail)) return
}

/** Gives one piece of mail to one open wait. True = consumed. Mail that breaks the wait's schema is dropped. */
function offer(work: Work, visit: Visit, def: ListenState, mail: Mail): boolean {
  const { phase } = visit
  if (phase.kind !== "listening" || phase.signal !== mail.name) return false
  const data = plain(work, fromStored(mail.data))
  if (!phase.correlate.every(([path, equals]) => sameAt(data, path, equals))) return false
  const errors = def.schema === null ? null : work.env.validator(def.schema)(data)
  if (errors !== null) {
    work.emit("signal.dropped", visit.stepId, {
      name: mail.name,
      id: mail.id,
      reason: `breaks the schema of ${visit.name}: ${errors[0]?.pointer || "/"} ${errors[0]?.message}`,
    })
    return false
  }
  work.emit("signal.consumed", visit.stepId, {
    name: mail.name,
    id: mail.id,
    wait: phase.wait,
    fromSeq: mail.seq,
    ...(phase.fanout ? { keep: true } : {}),
  })
  work.emit("wait.closed", visit.stepId, { wait: phase.wait, reason: "signal" })
  succeed(work, visit)
  return true
}

function sameAt(data: Json, path: readonly (string | number)[], equals: Json): boolean {
  const found = readAt(data, path)
  return found !== undefined && "value" in found && sameJson(found.value as Json, equals)
}

function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]!))
  if (!isJsonObject(a) || !isJsonObject(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key]!, b[key]!))
  )
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
      message: `the data of signal ${name} breaks its schema: ${errors[0]?.pointer || "/"} ${errors[0]?.message}`,
      data: { errors: errors.slice(0, 20).map((error) => ({ pointer: error.pointer, message: error.message })) },
    }
  const bytes = sizeUpTo(data, limits.valueBytesMax)
  if (bytes > limits.valueBytesMax)
    return { code: "value_too_large", message: `the data of a signal is at most ${limits.valueBytesMax} bytes` }
  if (state.mail.length >= limits.mailboxMax || state.mailBytes + bytes > limits.mailboxBytesMax) {
    return {
      code: "mailbox_full",
      message: `the run keeps ${state.mail.length} signals that nobody took; it takes no more`,
      data: { kept: state.mail.length },
    }
  }
  const seq = work.emit("signal.received", null, { name, id, data: toStored(work.blobs, data, limits.inlineBytesMax) })
  const mail = state.mail.find((kept) => kept.seq === seq)!
  // The oldest open wait that fits takes it; with `fanout` every one does (rule 22).
  let taken = false
  for (const visit of [...state.visits.values()]) {
    if (visit.phase.kind !== "listening" || scopeCause(state, work.scopeOf(visit)) !== null) continue
    const fanout = visit.phase.fanout
    if (taken && !fanout) continue
    if (offer(work, visit, defOf(work.definition, state, visit) as ListenState, mail)) taken = true
    if (taken && !fanout) break
  }
  if (taken && state.mail.includes(mail))
    work.emit("signal.dropped", null, { name, id, reason: "given to every open wait" })
  return null
}

export function listenTimedOut(work: Work, visit: Visit): void {
  const { phase } = visit
  if (phase.kind !== "listening") return
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
