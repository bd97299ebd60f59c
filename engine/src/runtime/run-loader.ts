/** Reads runs from the store: snapshot and the events after it, folded (rule 12); so many at a time, the rest wait. */

import type { Definition } from "../core/definition/model.ts"
import type { EncodedEvent } from "../core/run/chain.ts"
import type { RunEvent } from "../core/run/events.ts"
import { evolve } from "../core/run/evolve.ts"
import { rebuildReady } from "../core/run/owed.ts"
import { decodeState, snapshotCodec } from "../core/run/snapshot.ts"
import type { RunState } from "../core/run/state.ts"
import type { DefinitionSource } from "../ports/definition-source.ts"
import type { RunStore, StoredRun } from "../ports/store.ts"
import { Fifo } from "./fifo.ts"
import { knownVersion } from "./known-events.ts"

export type Loaded =
  | { readonly kind: "absent" }
  | {
      readonly kind: "run"
      readonly state: RunState
      readonly definition: Definition
      readonly headHash: string
      readonly snapshotBytes: number
      readonly eventBytes: number
    }
  /** It is there and cannot be used (rule 16). */
  | { readonly kind: "unusable"; readonly why: string }

export class RunLoader {
  readonly #store: RunStore
  readonly #definitions: DefinitionSource
  readonly #loadingMax: number
  readonly #waiting = new Fifo<() => void>()
  #loading = 0

  constructor(store: RunStore, definitions: DefinitionSource, loadingMax: number) {
    this.#store = store
    this.#definitions = definitions
    this.#loadingMax = loadingMax
  }

  /** `fault`: the store could not be read. */
  load(runId: string, done: (loaded: Loaded) => void, fault: (error: unknown) => void): void {
    const start = (): void => {
      this.#loading++
      this.#read(runId)
        .then(done)
        .catch(fault)
        .finally(() => {
          this.#loading--
          this.#waiting.shift()?.()
        })
    }
    if (this.#loading < this.#loadingMax) start()
    else this.#waiting.push(start)
  }

  async #read(runId: string): Promise<Loaded> {
    const stored = await this.#store.load(runId, snapshotCodec)
    if (stored === null) return { kind: "absent" }
    let state: RunState
    try {
      state = foldStored(runId, stored)
    } catch (error) {
      return { kind: "unusable", why: error instanceof Error ? error.message : String(error) }
    }
    const definition = await this.#definitions.byHash(state.created.definitionHash)
    if (definition === null)
      return { kind: "unusable", why: `definition ${state.created.definitionHash} is not stored` }
    let eventBytes = 0
    for (const event of stored.events) eventBytes += event.payload.length
    return {
      kind: "run",
      state,
      definition,
      headHash: stored.headHash,
      snapshotBytes: stored.snapshot?.state.length ?? 0,
      eventBytes,
    }
  }
}

/** Throws for an event that this release does not know. */
export function foldStored(runId: string, stored: StoredRun): RunState {
  let state: RunState | null = stored.snapshot === null ? null : decodeState(stored.snapshot.state)
  for (const event of stored.events) state = evolve(state, decodeEvent(event), runId)
  if (state === null) throw new Error("the run has no events")
  rebuildReady(state)
  return state
}

export function decodeEvent(event: EncodedEvent): RunEvent {
  const { v, seq, type, at, actor, stepId } = event
  if (v > knownVersion(type)) throw new Error(`event ${seq} is ${type} v${v}, which this release does not know`)
  const payload: unknown = JSON.parse(event.payload)
  if (payload === null) throw new Error(`the payload of event ${seq} has been erased`)
  return { v, seq, type, at, actor, stepId, payload } as RunEvent
}
