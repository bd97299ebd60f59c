/**
 * Reads runs from the store: snapshot and the events after it, folded (rule 12); so many at a time, the rest wait. A long
 * tail is folded in slices, with turns of the loop between them for everybody else (rule 1).
 */
import type { Definition } from "../core/definition/model.ts"
import type { EncodedEvent } from "../core/run/chain.ts"
import type { RunEvent } from "../core/run/events.ts"
import { evolve } from "../core/run/evolve.ts"
import { rebuildReady } from "../core/run/owed.ts"
import { decodeState, snapshotCodec } from "../core/run/snapshot.ts"
import type { RunState } from "../core/run/state.ts"
import type { Clock } from "../ports/clock.ts"
import type { DefinitionSource } from "../ports/definition-source.ts"
import type { RunStore, StoredRun } from "../ports/store.ts"
import { Fifo } from "./fifo.ts"
import { knownVersion } from "./known-events.ts"
import { eventWeight } from "./run-weight.ts"

export type Loaded =
  | { readonly kind: "absent" }
  | {
      readonly kind: "run"
      readonly state: RunState
      readonly definition: Definition
      readonly headHash: string
      readonly snapshotBytes: number
      /** Of the events after it. */
      readonly eventBytes: number
    }
  /** It is there and cannot be used (rule 16). */
  | { readonly kind: "unusable"; readonly why: string }

export interface LoaderLimits {
  /** At the same time. */
  readonly loadingMax: number
  /** Of events that are folded before the loop has a turn: some five milliseconds. */
  readonly foldBytesPerTurn: number
}

export const defaultLoaderLimits: LoaderLimits = { loadingMax: 64, foldBytesPerTurn: 256 << 10 }

export interface LoaderPorts {
  readonly clock: Clock
  readonly store: RunStore
  readonly definitions: DefinitionSource
}

export class RunLoader {
  readonly #ports: LoaderPorts
  readonly #limits: LoaderLimits
  readonly #waiting = new Fifo<() => void>()
  #loading = 0

  constructor(ports: LoaderPorts, limits: LoaderLimits) {
    this.#ports = ports
    this.#limits = limits
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
    if (this.#loading < this.#limits.loadingMax) start()
    else this.#waiting.push(start)
  }

  async #read(runId: string): Promise<Loaded> {
    const stored = await this.#ports.store.load(runId, snapshotCodec)
    if (stored === null) return { kind: "absent" }
    let state: RunState
    try {
      state = await this.#fold(runId, stored)
    } catch (error) {
      return { kind: "unusable", why: error instanceof Error ? error.message : String(error) }
    }
    const definition = await this.#ports.definitions.byHash(state.created.definitionHash)
    if (definition === null)
      return { kind: "unusable", why: `definition ${state.created.definitionHash} is not stored` }
    const { headHash, snapshot, events } = stored
    const eventBytes = events.reduce((bytes, event) => bytes + eventWeight(event), 0)
    return { kind: "run", state, definition, headHash, snapshotBytes: snapshot?.state.length ?? 0, eventBytes }
  }

  /** Throws for an event that this release does not know. */
  async #fold(runId: string, stored: StoredRun): Promise<RunState> {
    let state: RunState | null = stored.snapshot === null ? null : decodeState(stored.snapshot.state)
    let bytes = 0
    for (const event of stored.events) {
      if (bytes >= this.#limits.foldBytesPerTurn) {
        await this.#turn()
        bytes = 0
      }
      state = evolve(state, decodeEvent(event), runId)
      bytes += eventWeight(event)
    }
    if (state === null) throw new Error("the run has no events")
    rebuildReady(state)
    return state
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => this.#ports.clock.setTimer(0, resolve))
  }
}

export function decodeEvent(event: EncodedEvent): RunEvent {
  const { v, seq, type, at, actor, stepId } = event
  if (v > knownVersion(type)) throw new Error(`event ${seq} is ${type} v${v}, which this release does not know`)
  const payload: unknown = JSON.parse(event.payload)
  if (payload === null) throw new Error(`the payload of event ${seq} has been erased`)
  return { v, seq, type, at, actor, stepId, payload } as RunEvent
}
