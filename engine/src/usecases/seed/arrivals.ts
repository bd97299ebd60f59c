/** When runs start: more by day than by night, fewer at weekends, and never quite evenly. */
import type { Random } from "../../core/random.ts"

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** How busy each hour of a day is (UTC), against the busiest. */
const hours = [3, 2, 2, 2, 3, 5, 9, 14, 19, 20, 20, 18, 16, 18, 20, 20, 19, 16, 12, 9, 7, 6, 5, 4]
const busiest = 20
const weekend = 0.35

/** `count` times in [from, until), oldest first. */
export function arrivals(random: Random, count: number, from: number, until: number): Float64Array {
  const times = new Float64Array(count)
  for (let made = 0; made < count; ) {
    const at = Math.floor(from + random.fraction() * (until - from))
    if (random.fraction() < busyness(at)) times[made++] = at
  }
  return times.sort()
}

function busyness(at: number): number {
  const hour = Math.floor((at % dayMs) / hourMs)
  // The first of January 1970 was a Thursday.
  const weekday = (Math.floor(at / dayMs) + 4) % 7
  return (hours[hour]! / busiest) * (weekday === 0 || weekday === 6 ? weekend : 1)
}
