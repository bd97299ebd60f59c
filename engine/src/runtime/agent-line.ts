/**
 * Who waits for one agent: production in front, what is set apart from it behind. While both wait, three of four turns are
 * production's, so that neither ever waits for the other's end; how many slots the rest may hold is its caller's to say.
 */
import { FairQueue, type Gate, type QueuedStep } from "./fair-queue.ts"

/** Turns of production to one of what is set apart, while both wait. */
const turnsOfLive = 3

export class AgentLine {
  readonly #live = new FairQueue()
  readonly #apart = new FairQueue()
  #turns = 0

  get size(): number {
    return this.#live.size + this.#apart.size
  }

  push(step: QueuedStep, isApart: boolean): boolean {
    return (isApart ? this.#apart : this.#live).push(step)
  }

  remove(step: QueuedStep, isApart: boolean): boolean {
    return (isApart ? this.#apart : this.#live).remove(step)
  }

  /** A step of production waits that could be served. */
  hasLive(gate: Gate): boolean {
    return this.#live.has(gate)
  }

  hasApart(gate: Gate): boolean {
    return this.#apart.has(gate)
  }

  /** @param apartMay whether one that is set apart may have a slot now, beside production that waits or not */
  shift(gate: Gate, apartMay: (beside: boolean) => boolean): QueuedStep | undefined {
    if (this.#apart.size === 0) return this.#live.shift(gate)
    const waits = this.#live.has(gate)
    const isTurn = !waits || this.#turns >= turnsOfLive
    const apart = isTurn && apartMay(waits) ? this.#apart.shift(gate) : undefined
    if (apart !== undefined) {
      this.#turns = 0
      return apart
    }
    const live = this.#live.shift(gate)
    if (live !== undefined) this.#turns++
    return live
  }
}
