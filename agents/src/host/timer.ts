/** A monotonic timer of any length: Node's own fire at once beyond 2^31−1 ms, so long ones are armed again hourly (rule 15). */
export interface Timer {
  /** 0 when it is due or was cancelled. */
  leftMs(): number
  cancel(): void
}

const longestMs = 3_600_000

export function startTimer(delayMs: number, run: () => void): Timer {
  let dueAt = performance.now() + delayMs
  let handle: NodeJS.Timeout
  const leftMs = (): number => Math.max(0, dueAt - performance.now())
  const arm = (): void => {
    handle = leftMs() > longestMs ? setTimeout(arm, longestMs) : setTimeout(run, leftMs())
  }
  arm()
  return {
    leftMs,
    cancel() {
      clearTimeout(handle)
      dueAt = 0
    },
  }
}
