/**
 * A run's context at any point, and who wrote each value: a fold over the events that can touch it (X1, settled 26).
 * It goes on from where it stands, and can be put away and taken up again, so that a long run is not folded from its
 * beginning for every look.
 */
import type { Json, JsonObject } from "../json.ts"
import { type ContextNode, localWrites, materialise } from "../run/context.ts"
import type { EventType, RunEvent } from "../run/events.ts"
import { evolve } from "../run/evolve.ts"
import { contextOf } from "../run/evolve-scopes.ts"
import { branchPath } from "../run/place.ts"
import { decodeState, encodeState } from "../run/snapshot.ts"
import type { RunState } from "../run/state.ts"
import { ContextWriters, layerOf } from "./context-writers.ts"

export interface ContextAt {
  readonly seq: number
  /** May hold BlobRefs where values are large: resolve them before they leave the engine. */
  readonly value: Json
  /** What open branches and items have written so far, apart from the run's own context. */
  readonly scopes: readonly { readonly scope: string; readonly branchPath: string; readonly value: Json }[]
  /** Path (`steps.check`) → step that wrote it last; the input's keys belong to no step. At most 20,000 paths. */
  readonly writers: { readonly [path: string]: string }
}

/**
 * Events that leave the context, its scopes and what results they hold as they are: most of a long history, and most of
 * its bytes. Whatever is not among them is folded, or stops the fold where this release does not know it.
 */
export const contextFreeEvents: readonly EventType[] = [
  "run.queued",
  "run.paused",
  "run.resumed",
  "run.cancel_requested",
  "run.repaired",
  "loop.iterated",
  "scope.unwinding",
  "step.scheduled",
  "step.started",
  "step.failed",
  "step.timed_out",
  "step.cancelled",
  "step.skipped",
  "step.retry_scheduled",
  "step.lost",
  "step.redelivered",
  "step.agent_missing",
  "step.agent_found",
  "timer.set",
  "timer.fired",
  "timer.cancelled",
  "approval.requested",
  "approval.voted",
  "approval.delegated",
  "approval.reminded",
  "approval.warned",
  "approval.escalated",
  "approval.timed_out",
  "approval.cancelled",
  "approval.superseded",
  "wait.opened",
  "wait.closed",
  "event.emitted",
]

const writersMax = 20_000

export class ContextFold {
  readonly #runId: string
  #state: RunState | null = null
  #writers = new ContextWriters()

  constructor(runId: string) {
    this.#runId = runId
  }

  /** Of the last event it was given; 0 = none. */
  get seq(): number {
    return this.#state?.seq ?? 0
  }

  get state(): RunState | null {
    return this.#state
  }

  /** The layer that a write in a scope lands in. */
  layer(scopeId: string): ContextNode {
    const state = this.#state!
    const scope = state.scopes.get(scopeId)
    return scope === undefined ? state.context : contextOf(state, scope)
  }

  /** Who wrote what stands at a path of that layer now; where the layer reads its parent's value, who wrote that. */
  writersAt(scopeId: string, path: readonly string[]): (inner: readonly string[]) => string | null {
    const state = this.#state!
    for (let layer = layerOf(state, scopeId); ; ) {
      const writers = this.#writers.writersAt(layer, path)
      const parent = state.scopes.get(layer)?.parent ?? null
      if (writers !== null || parent === null) return writers ?? nobody
      layer = layerOf(state, parent)
    }
  }

  apply(event: RunEvent): void {
    const state = this.#state
    if (state !== null && event.type === "context.written") this.#writers.wrote(state, event)
    if (event.type === "branch.completed" || event.type === "item.completed")
      this.#writers.scopeEnds(event.stepId!, event)
    this.#state = evolve(state, event, this.#runId)
    if (event.type === "state.exited") this.#writers.stepEnds(event.stepId!)
    if (this.#state.terminal !== null) this.#writers.runEnds()
  }

  /** @param seq the event up to which this holds, of those that were not given too */
  shown(seq: number): ContextAt | null {
    const state = this.#state
    if (state === null) return null
    const scopes = [...state.scopes.values()]
      .filter((scope) => scope.context !== null)
      .map((scope) => ({ scope: scope.id, branchPath: branchPath(scope.frames), value: localWrites(scope.context!) }))
    return { seq, value: materialise(state.context), scopes, writers: this.#writers.toRecord(writersMax) }
  }

  encode(): string {
    return JSON.stringify({ state: encodeState(this.#state!), writers: this.#writers.encode() })
  }

  static decode(runId: string, text: string): ContextFold {
    const { state, writers } = JSON.parse(text) as { readonly state: string; readonly writers: JsonObject }
    const fold = new ContextFold(runId)
    fold.#state = decodeState(state)
    fold.#writers = ContextWriters.decode(writers)
    return fold
  }
}

function nobody(): null {
  return null
}

/** @param events from seq 1, oldest first; those after `at` are not looked at. Null = no event to fold. */
export function contextAt(runId: string, events: Iterable<RunEvent>, at: number | null): ContextAt | null {
  const fold = new ContextFold(runId)
  for (const event of events) {
    if (at !== null && event.seq > at) break
    fold.apply(event)
  }
  return fold.shown(fold.seq)
}
