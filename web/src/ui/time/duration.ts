/** A length of time in two units at most: `412 ms`, `3.4 s`, `2 min 05 s`, `1 h 12 min`, `3 d 4 h`. */
const two = (value: number) => String(value).padStart(2, "0")

/** Rounds before it chooses the unit, or 59.97 s would read `60.0 s`. */
export function formatDuration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms) || ms < 0) return "–"
  const wholeMs = Math.round(ms)
  if (wholeMs < 1000) return ms > 0 && wholeMs === 0 ? "<1 ms" : `${wholeMs} ms`
  const tenths = Math.round(ms / 100)
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`
  const hours = Math.floor(minutes / 60)
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** While it still runs, tenths would flicker: whole seconds, and nothing smaller. */
export function formatRunningDuration(ms: number): string {
  const wholeSeconds = Math.max(0, Math.floor(ms / 1000))
  return wholeSeconds < 60 ? `${wholeSeconds} s` : formatDuration(wholeSeconds * 1000)
}
