/** How near an approval is to being too late: the next deadline, its tone, and what is left in words. */
import type { Approval } from "@waybill/contract"
import { formatDuration, formatRunningDuration } from "../../ui/time/duration.ts"
import type { Tone } from "../../ui/tone.ts"

type Times = Pick<Approval, "requestedAt" | "dueAt" | "timeoutAt">

export interface Nearness {
  readonly words: string
  readonly tone: Tone
}

const MINUTE_MS = 60_000
/** Seconds count only where they still matter. */
const SECONDS_WITHIN_MS = 10 * MINUTE_MS
/** It presses when this little is left, or this share of the time that was given. */
const PRESSING_WITHIN_MS = 5 * MINUTE_MS
const PRESSING_SHARE = 0.2

export function nearnessOf({ requestedAt, dueAt, timeoutAt }: Times, nowMs: number): Nearness {
  const due = dueAt === null ? null : Date.parse(dueAt)
  const end = timeoutAt === null ? null : Date.parse(timeoutAt)
  if (end !== null && end <= nowMs) return { words: "time is up", tone: "failed" }
  if (due !== null && due <= nowMs) {
    const late = `overdue by ${timeLeft(nowMs - due)}`
    return { words: end === null ? late : `${late}, ends in ${timeLeft(end - nowMs)}`, tone: "failed" }
  }
  const next = breachOf({ dueAt, timeoutAt })
  if (next === Number.POSITIVE_INFINITY) return { words: "no deadline", tone: "quiet" }
  const left = next - nowMs
  const given = next - Date.parse(requestedAt)
  const presses = left < PRESSING_WITHIN_MS || left < given * PRESSING_SHARE
  return { words: `${next === due ? "due" : "ends"} in ${timeLeft(left)}`, tone: presses ? "waiting" : "quiet" }
}

/** When an approval is over, in epoch milliseconds; those that wait for ever come last. */
export function breachOf({ dueAt, timeoutAt }: Pick<Approval, "dueAt" | "timeoutAt">): number {
  const times = [dueAt, timeoutAt].flatMap((at) => (at === null ? [] : [Date.parse(at)]))
  return times.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...times)
}

/** The first to be too late first; of those that wait for ever, the one that waits longest. */
export function byBreach(a: Times, b: Times): number {
  const [first, second] = [breachOf(a), breachOf(b)]
  return first === second ? Date.parse(a.requestedAt) - Date.parse(b.requestedAt) : first - second
}

/** `in 1 h 59 min`; a whole hour may lie behind a rounded one. */
export function untilWords(at: string, nowMs: number): string {
  const left = Date.parse(at) - nowMs
  return left <= 0 ? "now" : `in ${timeLeft(left)}`
}

/** `4 min 12 s`, `59 min`, `3 h 05 min`: what flickers is only shown where it presses. */
function timeLeft(ms: number): string {
  if (ms < SECONDS_WITHIN_MS) return formatRunningDuration(ms)
  if (ms < 60 * MINUTE_MS) return `${Math.floor(ms / MINUTE_MS)} min`
  return formatDuration(Math.floor(ms / MINUTE_MS) * MINUTE_MS)
}
