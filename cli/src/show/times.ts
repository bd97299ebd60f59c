/** Times and durations as people read them. What is exact stands in `--json`. */

/** Milliseconds → `48 ms`, `3.2 s`, `4 min 07 s`, `2 h 05 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 1_440) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`
  const hours = Math.floor(minutes / 60)
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

export function durationOr(ms: number | null, otherwise: string): string {
  return ms === null ? otherwise : duration(ms)
}

/** `12 s ago`, `in 5 min`; beyond a week the date. */
export function relative(at: string, now: number): string {
  const ms = now - Date.parse(at)
  const far = Math.abs(ms) > 7 * 86_400_000
  if (far) return at.slice(0, 10)
  if (Math.abs(ms) < 1_000) return "now"
  return ms > 0 ? `${coarse(ms)} ago` : `in ${coarse(-ms)}`
}

/** `2026-11-20 09:30:00Z` */
export function clock(at: string | null): string {
  return at === null ? "–" : `${at.slice(0, 10)} ${at.slice(11, 19)}Z`
}

/** Since the run began: `0.048`, `12.300`, `1:02.300`, `3 h 05 m`. */
export function elapsed(ms: number): string {
  const [hours, minutes, seconds] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, (ms / 1_000) % 60]
  if (hours > 0) return `${hours} h ${two(minutes)} m`.padStart(9)
  return `${minutes > 0 ? `${minutes}:` : ""}${seconds.toFixed(3).padStart(minutes > 0 ? 6 : 0, "0")}`.padStart(9)
}

/** `2h`, `30m`, `7d` before now, or a time as it is; null when it is neither. */
export function pointInTime(text: string, now: number): string | null {
  const ago = /^(\d{1,6})\s*([smhdw])$/.exec(text)
  if (ago === null) return Number.isNaN(Date.parse(text)) ? null : text
  return new Date(now - Number(ago[1]) * unitMs[ago[2] as keyof typeof unitMs]).toISOString()
}

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

function coarse(ms: number): string {
  if (ms < 60_000) return `${Math.floor(ms / 1_000)} s`
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`
  return ms < 86_400_000 ? `${Math.floor(ms / 3_600_000)} h` : `${Math.floor(ms / 86_400_000)} d`
}

function two(value: number): string {
  return String(value).padStart(2, "0")
}
