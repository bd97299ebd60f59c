/**
 * The span of time that is looked at, as it stands in the address: `from=-24h` moves along with the clock, an instant
 * stands still. The list, the counts and the histogram all ask for runs by their start, so that they agree.
 */
import { calendarDay, shortTime } from "../../ui/time/time-format.ts"

export interface TimeRange {
  readonly from?: string
  readonly to?: string
}

const MINUTE_MS = 60_000
const unitsMs = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: 24 * 60 * MINUTE_MS, w: 7 * 24 * 60 * MINUTE_MS } as const
type Unit = keyof typeof unitsMs

export const presets = [
  { from: "-15m", label: "Last 15 minutes" },
  { from: "-1h", label: "Last hour" },
  { from: "-6h", label: "Last 6 hours" },
  { from: "-24h", label: "Last 24 hours" },
  { from: "-7d", label: "Last 7 days" },
  { from: "-30d", label: "Last 30 days" },
] as const

const relative = /^-(\d{1,6})([mhdw])$/

/** An address may say anything: what is no time is as if it were not there. */
export function readInstant(text: string | undefined): string | undefined {
  if (text === undefined || relative.test(text)) return text
  const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString()
}

/** Milliseconds since the epoch. */
export function instantMs(text: string, nowMs: number): number {
  const [, count, unit] = relative.exec(text) ?? []
  return count === undefined ? Date.parse(text) : nowMs - Number(count) * unitsMs[unit as Unit]
}

/** As terms of a query; empty for all of time. */
export function rangeTerms({ from, to }: TimeRange): string {
  return [from && `started:>=${from}`, to && `started:<${to}`].filter(Boolean).join(" ")
}

export const isAllTime = ({ from, to }: TimeRange): boolean => from === undefined && to === undefined

/** `Last 24 hours`, `21 Nov 10:00 – 11:30`, `Since 20 Nov 09:00`, `All time`. */
export function rangeWords(range: TimeRange, nowMs: number, zone?: string): string {
  const { from, to } = range
  if (isAllTime(range)) return "All time"
  const preset = presets.find((one) => one.from === from && to === undefined)
  if (preset !== undefined) return preset.label
  if (from !== undefined && to === undefined) {
    return relative.test(from) ? lastWords(from) : `Since ${stamp(instantMs(from, nowMs), nowMs, zone)}`
  }
  if (from === undefined) return `Before ${stamp(instantMs(to!, nowMs), nowMs, zone)}`
  const [start, end] = [instantMs(from, nowMs), instantMs(to!, nowMs)]
  const isOneDay = calendarDay(start, nowMs, zone) === calendarDay(end, nowMs, zone)
  if (isOneDay) return `${stamp(start, nowMs, zone)} – ${clock(end, zone)}`
  return `${dated(start, nowMs, zone)} – ${dated(end, nowMs, zone)}`
}

/** Without its day when that is today. */
function stamp(ms: number, nowMs: number, zone: string | undefined): string {
  const isToday = calendarDay(ms, nowMs, zone) === calendarDay(nowMs, nowMs, zone)
  return isToday ? clock(ms, zone) : dated(ms, nowMs, zone)
}

function dated(ms: number, nowMs: number, zone: string | undefined): string {
  return `${calendarDay(ms, nowMs, zone)} ${clock(ms, zone)}`
}

/** `10:00`; seconds stay where they say something. */
function clock(ms: number, zone: string | undefined): string {
  return shortTime(ms, ms, zone).replace(/(\d{2}:\d{2}):00$/, "$1")
}

const unitWords = { m: "minute", h: "hour", d: "day", w: "week" } as const

function lastWords(from: string): string {
  const [, count, unit] = relative.exec(from)!
  const word = unitWords[unit as Unit]
  return Number(count) === 1 ? `Last ${word}` : `Last ${Number(count)} ${word}s`
}

/** For `<input type="datetime-local">`, in the zone that is shown; and back. */
export function localText(ms: number, zone: string | undefined): string {
  return new Date(ms + offsetMs(ms, zone)).toISOString().slice(0, 16)
}

/** Null when there is no such moment. */
export function fromLocalText(text: string, zone: string | undefined): number | null {
  const asUtc = Date.parse(`${text}Z`)
  if (Number.isNaN(asUtc)) return null
  // The offset belongs to the moment that is looked for, which the first guess is near enough to.
  const guess = asUtc - offsetMs(asUtc, zone)
  return asUtc - offsetMs(guess, zone)
}

/** How far the zone's clocks are ahead of UTC at that moment. */
function offsetMs(ms: number, zone: string | undefined): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(ms)
  const part = (type: string) => Number(parts.find((one) => one.type === type)!.value)
  const shown = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"))
  return shown - Math.floor(ms / 1000) * 1000
}
