/**
 * Which run decides next (rule 19): those with results, timers, approvals or cancels in the order they came, those that
 * only start behind them, and those that have used up their share of a batch when the next one begins.
 */
import { Fifo } from "./fifo.ts"
import type { RunActor } from "./run-actor.ts"

export class RunLine {
  readonly #line = new Fifo<RunActor>()
  readonly #starts = new Fifo<{ readonly actor: RunActor; readonly at: number }>()
  #nextBatch: RunActor[] = []

  push(actor: RunActor): void {
    if (actor.lined) return
    actor.lined = true
    this.#line.push(actor)
  }

  /** @param at monotonic time, for `oldestStartAt` */
  pushStart(actor: RunActor, at: number): void {
    if (actor.lined) return
    actor.lined = true
    this.#starts.push({ actor, at })
  }

  shift(): RunActor | undefined {
    const actor = this.#line.shift() ?? this.#starts.shift()?.actor
    if (actor !== undefined) actor.lined = false
    return actor
  }

  /** Others have their turn before it goes on. */
  afterThisBatch(actor: RunActor): void {
    actor.lined = true
    this.#nextBatch.push(actor)
  }

  /** False: nobody has waited for it. */
  newBatch(): boolean {
    const waiting = this.#nextBatch
    if (waiting.length === 0) return false
    this.#nextBatch = []
    for (const actor of waiting) this.#line.push(actor)
    return true
  }

  oldestStartAt(): number | null {
    return this.#starts.peek()?.at ?? null
  }
}
