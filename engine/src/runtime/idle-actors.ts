/**
 * Runs in memory that have nothing to decide, nothing to commit and nothing executing (rule 31): kept a while because
 * the next command often comes soon, dropped oldest first. A waiting run costs memory only while it stands here.
 */
import type { RunActor } from "./run-actor.ts"

export interface IdleLimits {
  /** For all runs in memory, idle or not. */
  readonly bytesMax: number
  readonly countMax: number
}

export const defaultIdleLimits: IdleLimits = { bytesMax: 128 << 20, countMax: 512 }

export class IdleActors {
  readonly #actors = new Set<RunActor>()
  readonly #limits: IdleLimits
  readonly #drop: (actor: RunActor) => void

  constructor(limits: IdleLimits, drop: (actor: RunActor) => void) {
    this.#limits = limits
    this.#drop = drop
  }

  get size(): number {
    return this.#actors.size
  }

  add(actor: RunActor, bytesInAll: number): void {
    this.#actors.delete(actor)
    this.#actors.add(actor)
    let bytes = bytesInAll
    for (const oldest of this.#actors) {
      if (this.#actors.size <= this.#limits.countMax && bytes <= this.#limits.bytesMax) return
      this.#actors.delete(oldest)
      bytes -= oldest.bytes
      this.#drop(oldest)
    }
  }

  remove(actor: RunActor): void {
    this.#actors.delete(actor)
  }

  /** Drops all of them: the simulator does it at random, and nothing may change (rule 9). */
  clear(): void {
    for (const actor of this.#actors) this.#drop(actor)
    this.#actors.clear()
  }
}
