/** The machine's clock behind the port (rule 15). */
import type { Clock } from "../../ports/clock.ts"

export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    setTimer(delayMs, wake) {
      const timer = setTimeout(wake, delayMs)
      return () => clearTimeout(timer)
    },
  }
}
