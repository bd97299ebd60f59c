/** Medians, percentiles and how a time was taken; one definition for all tables. */

export function median(values: readonly number[]): number {
  return percentile(values, 50)
}

/** Nearest rank: always a value that was measured. */
export function percentile(values: readonly number[], p: number): number {
  if (values.length === 0) throw new Error("no values were measured")
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil((p / 100) * sorted.length) - 1))]!
}

export interface Timed<T> {
  readonly ms: number
  /** Of this process with all its threads; of a child process nothing. */
  readonly cpuMs: number
  readonly value: T
}

export async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const cpu = process.cpuUsage()
  const at = performance.now()
  const value = await work()
  const ms = performance.now() - at
  const { user, system } = process.cpuUsage(cpu)
  return { ms, cpuMs: (user + system) / 1_000, value }
}

/** Runs `work` `count` times, `parallel` of them at any time. */
export async function inFlight(count: number, parallel: number, work: (index: number) => Promise<unknown>) {
  let next = 0
  const lane = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: Math.min(count, parallel) }, lane))
}

export function repeat<T>(count: number, work: (round: number) => Promise<T>): Promise<T[]> {
  return Array.from({ length: count }).reduce<Promise<T[]>>(
    async (before, _, round) => [...(await before), await work(round)],
    Promise.resolve([]),
  )
}
