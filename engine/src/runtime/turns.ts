/** Work that is done again and again, one turn at a time: each says when the next one is. It is stopped between two. */
import type { Clock } from "../ports/clock.ts"

export class Turns {
  readonly #clock: Clock
  readonly #next: () => Promise<number>
  #cancelTimer: () => void = () => {}
  #turn: Promise<void> | null = null
  #stopped = false

  /** @param next never rejects; answers the milliseconds until the next turn */
  constructor(clock: Clock, next: () => Promise<number>) {
    this.#clock = clock
    this.#next = next
  }

  get isStopped(): boolean {
    return this.#stopped
  }

  start(): void {
    this.#arm(0)
  }

  /** Waits for the turn that is under way. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancelTimer()
    await this.#turn
  }

  #arm(delayMs: number): void {
    if (this.#stopped) return
    this.#cancelTimer()
    this.#cancelTimer = this.#clock.setTimer(delayMs, () => {
      this.#turn = this.#next().then((again) => {
        this.#turn = null
        this.#arm(again)
      })
    })
  }
}
