/** The machine's clock behind the port (rule 15). */
import type { Clock } from "../../ports/clock.ts"

export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    setTimer(delayMs, wake) {
      // Nobody asks for time, only for a turn of the loop: a timeout would take a millisecond at least.
      if (delayMs <= 0) {
        const turn = setImmediate(wake)
        return () => clearImmediate(turn)
      }
      const timer = setTimeout(wake, delayMs)
      return () => clearTimeout(timer)
    },
    afterThisTurn(next) {
      setImmediate(next)
    },
  }
}
