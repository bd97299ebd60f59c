/**
 * Which run decides next (rule 19): those with results, timers, approvals or cancels in the order they came, those that
 * only start behind them, by workspace in turn, and those that have used up their share of a batch when the next one
 * begins. A flood of starts so waits for itself: who starts one elsewhere is next.
 */
import { Fifo } from "./fifo.ts"
import type { RunActor } from "./run-actor.ts"

interface Start {
  readonly actor: RunActor
  readonly at: number
}

export class RunLine {
  readonly #line = new Fifo<RunActor>()
  /** By workspace, in turn order; none is empty. */
  readonly #starts = new Map<string, Fifo<Start>>()
  #nextBatch: RunActor[] = []

  push(actor: RunActor): void {
    if (actor.lined) return
    actor.lined = true
    this.#line.push(actor)
  }

  /** @param at monotonic time, for `oldestStartAt` */
  pushStart(actor: RunActor, workspaceId: string, at: number): void {
    if (actor.lined) return
    actor.lined = true
    const starts = this.#starts.get(workspaceId) ?? new Fifo<Start>()
    this.#starts.set(workspaceId, starts)
    starts.push({ actor, at })
  }

  shift(): RunActor | undefined {
    const actor = this.#line.shift() ?? this.#nextStart()
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

  /** Of a workspace; null: of all. */
  oldestStartAt(workspaceId: string | null): number | null {
    if (workspaceId !== null) return this.#starts.get(workspaceId)?.peek()?.at ?? null
    let oldest: number | null = null
    for (const starts of this.#starts.values()) oldest = Math.min(oldest ?? Number.POSITIVE_INFINITY, starts.peek()!.at)
    return oldest
  }

  #nextStart(): RunActor | undefined {
    for (const [workspaceId, starts] of this.#starts) {
      const { actor } = starts.shift()!
      // To the back of the turn order.
      this.#starts.delete(workspaceId)
      if (starts.size > 0) this.#starts.set(workspaceId, starts)
      return actor
    }
    return undefined
  }
}
