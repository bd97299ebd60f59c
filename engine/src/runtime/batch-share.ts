/**
 * What one run may put into a batch before it waits for the next (rule 19): more while it is alone, less while other
 * runs were in one of the last batches, since a batch is a turn that all of them wait for.
 */
import type { Clock } from "../ports/clock.ts"

export interface ShareLimits {
  /** Before other runs had their turn (rule 19); the second while others are there to wait for it. */
  readonly runBytesPerBatch: number
  readonly sharedRunBytesPerBatch: number
  /** How long others count as being there after they were last in one batch with it. */
  readonly sharedForMs: number
}

export class BatchShare {
  readonly #clock: Clock
  readonly #limits: ShareLimits
  /** Until when several runs are taken to share the batches; monotonic. */
  #sharedUntil = Number.NEGATIVE_INFINITY
  /** Whose the last batch was. */
  #lastFor: string | null = null

  constructor(clock: Clock, limits: ShareLimits) {
    this.#clock = clock
    this.#limits = limits
  }

  /** Of the batch being filled. */
  bytes(): number {
    const { runBytesPerBatch, sharedRunBytesPerBatch } = this.#limits
    return this.#clock.monotonic() < this.#sharedUntil ? sharedRunBytesPerBatch : runBytesPerBatch
  }

  /** @param runs whose batch is on its way: `several`, the id of the only one, or null */
  sent(runs: string | null): void {
    if (runs === "several" || (this.#lastFor !== null && runs !== this.#lastFor))
      this.#sharedUntil = this.#clock.monotonic() + this.#limits.sharedForMs
    this.#lastFor = runs
  }
}
