/** So many starts a second and no more, so that a backfill never comes faster than it can be worked off beside production. */
import type { Clock } from "../../ports/clock.ts"

export class StartRate {
  readonly #clock: Clock
  readonly #perSecond: number
  #left: number
  #at: number

  /** @param perSecond a whole number; as many may come at once */
  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock
    this.#perSecond = perSecond
    this.#left = perSecond
    this.#at = clock.monotonic()
  }

  get perSecond(): number {
    return this.#perSecond
  }

  /** False: it came too soon. */
  take(): boolean {
    const now = this.#clock.monotonic()
    this.#left = Math.min(this.#perSecond, this.#left + ((now - this.#at) / 1_000) * this.#perSecond)
    this.#at = now
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }
}
