/** Instants in words. Zones are IANA names; undefined is the reader's own. */
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** Clocks of two machines differ: what is this near is now, on both sides. */
const NOW_WITHIN_MS = 5_000
/** Further away a date says more than a number of days. */
const RELATIVE_WITHIN_MS = 30 * DAY_MS

export type Instant = string | number | Date

const formats = new Map<string, Intl.DateTimeFormat>()

/** Making a format costs a hundred times its use. */
function format(zone: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone}|${JSON.stringify(options)}`
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options })
  formats.set(key, made)
  return made
}

export const toMs = (at: Instant): number => (at instanceof Date ? at.getTime() : new Date(at).getTime())

const day = { day: "numeric", month: "short" } as const
const seconds = { hour: "2-digit", minute: "2-digit", second: "2-digit" } as const

/** `now`, `12 s ago`, `4 min ago`, `3 h ago`, `2 d ago`, `in 4 min`; beyond a month the date. */
export function relativeTime(at: Instant, nowMs: number, zone?: string): string {
  const away = nowMs - toMs(at)
  const size = Math.abs(away)
  if (Number.isNaN(away)) return "–"
  if (size < NOW_WITHIN_MS) return "now"
  if (size >= RELATIVE_WITHIN_MS) return calendarDay(at, nowMs, zone)
  const text = distance(size)
  return away > 0 ? `${text} ago` : `in ${text}`
}

function distance(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.floor(ms / 1000)} s`
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)} h`
  return `${Math.floor(ms / DAY_MS)} d`
}

/** `21 Nov`, with its year when it is another than now's. */
export function calendarDay(at: Instant, nowMs: number, zone?: string): string {
  const year = (ms: number) => format(zone, { year: "numeric" }).format(ms)
  const ms = toMs(at)
  return format(zone, year(ms) === year(nowMs) ? day : { ...day, year: "numeric" }).format(ms)
}

/** For tables in absolute time: `11:14:03` today, `20 Nov 11:14:03` before, `20 Nov 2025 11:14:03` in another year. */
export function shortTime(at: Instant, nowMs: number, zone?: string): string {
  const ms = toMs(at)
  if (Number.isNaN(ms)) return "–"
  const clock = format(zone, seconds).format(ms)
  const date = calendarDay(ms, nowMs, zone)
  return date === calendarDay(nowMs, nowMs, zone) ? clock : `${date} ${clock}`
}

/** To the millisecond and with its zone: `Sat 21 Nov 2026, 11:14:03.412 GMT+1`. */
export function absoluteTime(at: Instant, zone?: string): string {
  const ms = toMs(at)
  if (Number.isNaN(ms)) return "–"
  const date = format(zone, { weekday: "short", ...day, year: "numeric" })
    .format(ms)
    .replace(",", "")
  const parts = format(zone, { ...seconds, fractionalSecondDigits: 3, timeZoneName: "short" }).formatToParts(ms)
  const clock = parts.map((part) => part.value).join("")
  return `${date}, ${clock}`
}
