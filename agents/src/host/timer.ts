/** A monotonic timer of any length: Node's own fire at once beyond 2^31−1 ms, so long ones are armed again hourly (rule 15). */
export interface Timer {
  cancel(): void
}

const longestMs = 3_600_000

export function startTimer(delayMs: number, run: () => void): Timer {
  const dueAt = performance.now() + delayMs
  let handle: NodeJS.Timeout
  const arm = (): void => {
    const leftMs = Math.max(0, dueAt - performance.now())
    handle = leftMs > longestMs ? setTimeout(arm, longestMs) : setTimeout(run, leftMs)
  }
  arm()
  return { cancel: () => clearTimeout(handle) }
}
