/** Time that passes when a test says so. Wall and monotonic time can be moved apart, as a clock that jumps does. */
import type { Clock } from "../../ports/clock.ts"
import { Heap } from "../../runtime/heap.ts"

interface Timer {
  readonly at: number
  readonly order: number
  readonly wake: () => void
  live: boolean
}

export class VirtualClock implements Clock {
  readonly #timers = new Heap<Timer>((a, b) => a.at < b.at || (a.at === b.at && a.order < b.order))
  #monotonic = 1_000
  #wallOffset: number
  #order = 0

  constructor(wall: number) {
    this.#wallOffset = wall - this.#monotonic
  }

  now(): number {
    return this.#monotonic + this.#wallOffset
  }

  monotonic(): number {
    return this.#monotonic
  }

  setTimer(delayMs: number, wake: () => void): () => void {
    const timer: Timer = { at: this.#monotonic + Math.max(0, delayMs), order: this.#order++, wake, live: true }
    this.#timers.push(timer)
    return () => {
      timer.live = false
    }
  }

  /** Moves the wall clock alone. */
  jump(ms: number): void {
    this.#wallOffset += ms
  }

  /** Time passes for both clocks, and no timer is served meanwhile: the process stood still. */
  stall(ms: number): void {
    this.#monotonic += ms
  }

  /** When the next timer wakes, or null. */
  nextAt(): number | null {
    for (let next = this.#timers.peek(); next !== undefined; next = this.#timers.peek()) {
      if (next.live) return next.at
      this.#timers.pop()
    }
    return null
  }

  /** Goes to the next timer if it wakes by then, and wakes it. False: there is none; the time is reached. */
  step(until: number): boolean {
    const at = this.nextAt()
    if (at === null || at > until) {
      this.#monotonic = Math.max(this.#monotonic, until)
      return false
    }
    this.#monotonic = Math.max(this.#monotonic, at)
    this.#timers.pop()!.wake()
    return true
  }

  /** Loses every timer: the process that set them is gone. */
  clear(): void {
    while (this.#timers.pop() !== undefined);
  }
}
