/** What is counted and timed, the same for every peer. Nothing here knows one of them. */
import { readFileSync } from "node:fs"

/**
 * Runs `work` `count` times, `parallel` of them at any time, and begins none after `withinMs`.
 * @param {number} count @param {number} parallel @param {(index: number) => Promise<unknown>} work
 * @returns {Promise<{ count: number, ms: number }>} how many were done, and how long that took
 */
export async function many(count, parallel, work, withinMs = Number.POSITIVE_INFINITY) {
  let next = 0
  let done = 0
  const at = performance.now()
  const lane = async () => {
    while (next < count && performance.now() - at < withinMs) {
      await work(next++)
      done++
    }
  }
  await Promise.all(Array.from({ length: Math.min(parallel, count) }, lane))
  return { count: done, ms: performance.now() - at }
}

/**
 * One value a round: as many rounds as were asked for, and fewer when a round takes so long that the next would not fit.
 * @template T
 * @param {number} rounds @param {number} withinMs @param {() => Promise<T>} work @returns {Promise<T[]>}
 */
export async function roundsWithin(rounds, withinMs, work) {
  const values = []
  const at = performance.now()
  do values.push(await work())
  while (values.length < rounds && ((performance.now() - at) * (values.length + 1)) / values.length < withinMs)
  return values
}

/** User and system time of this process and of those that belong to it. @param {readonly number[]} pids */
export function cpuMs(pids) {
  const { user, system } = process.cpuUsage()
  return pids.reduce((sum, pid) => sum + cpuMsOf(pid), (user + system) / 1_000)
}

/** With the processes that it has started and that have ended (Linux: 100 ticks a second). @param {number} pid */
function cpuMsOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
    return [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0) * 10
  } catch {
    // A connection's process has ended; its time is its parent's now.
    return 0
  }
}

/** Nearest rank. @param {readonly number[]} values @param {number} p */
export function percentile(values, p) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil((p / 100) * sorted.length) - 1))]
}

/** A peer that answers fast and wrong is not fast. @param {unknown} value @param {unknown} wanted @param {string} what */
export function mustBe(value, wanted, what) {
  if (value !== wanted) throw new Error(`${what} is ${JSON.stringify(value)}, not ${JSON.stringify(wanted)}`)
}
