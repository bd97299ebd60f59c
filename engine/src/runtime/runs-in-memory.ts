/**
 * The runs that are in memory (rule 31) and what they weigh together. Those that have nothing to decide, nothing to
 * commit and nothing executing are kept a while, because the next command often comes soon, and dropped oldest first:
 * a waiting run costs memory only while it stands here. It moves no run.
 */
import { RunActor } from "./run-actor.ts"

export interface MemoryLimits {
  /** For all runs in memory, idle or not. */
  readonly bytesMax: number
  /** Of idle ones. */
  readonly countMax: number
}

export class RunsInMemory {
  readonly #limits: MemoryLimits
  readonly #actors = new Map<string, RunActor>()
  /** The oldest first. */
  readonly #idle = new Set<RunActor>()
  #bytes = 0

  constructor(limits: MemoryLimits) {
    this.#limits = limits
  }

  get size(): number {
    return this.#actors.size
  }

  get(runId: string): RunActor | undefined {
    return this.#actors.get(runId)
  }

  all(): Iterable<RunActor> {
    return this.#actors.values()
  }

  /** For somebody who has something to do for it. */
  take(runId: string): RunActor {
    let actor = this.#actors.get(runId)
    if (actor === undefined) {
      actor = new RunActor(runId)
      this.#actors.set(runId, actor)
    } else this.#idle.delete(actor)
    return actor
  }

  /** Nothing to do for it now: it may leave memory. */
  rest(actor: RunActor): void {
    this.#idle.delete(actor)
    this.#idle.add(actor)
    for (const oldest of this.#idle) {
      if (this.#idle.size <= this.#limits.countMax && this.#bytes <= this.#limits.bytesMax) return
      this.#idle.delete(oldest)
      this.drop(oldest)
    }
  }

  drop(actor: RunActor): void {
    this.weigh(actor, 0)
    this.#actors.delete(actor.runId)
  }

  /** A run that is nowhere any more; one that has something to do stays until it is done. */
  forget(runId: string): void {
    const actor = this.#actors.get(runId)
    if (actor !== undefined && this.#idle.delete(actor)) this.drop(actor)
  }

  weigh(actor: RunActor, bytes: number): void {
    this.grew(bytes - actor.bytes)
    actor.bytes = bytes
  }

  /** By a decision, which has changed the actor's own count. */
  grew(bytes: number): void {
    this.#bytes += bytes
  }

  /** Drops every run that is idle: the simulator does it at random, and nothing may change (rule 9). */
  evictIdle(): void {
    for (const actor of this.#idle) this.drop(actor)
    this.#idle.clear()
  }
}
