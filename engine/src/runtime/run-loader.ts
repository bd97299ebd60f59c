/**
 * Reads runs from the store: snapshot and the events after it, folded (rule 12); so many at a time, the rest wait. A long
 * tail is read in pages and folded in slices, with turns of the loop between them for everybody else (rule 1).
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
      /** Of its snapshot, or of the event that created it. */
      readonly baseBytes: number
      /** Of the events after the snapshot. */
      readonly eventBytes: number
    }
  /** What happened in it is past its retention: nothing can be decided on it any more, and nothing is wrong. */
  | { readonly kind: "expired" }
  /** It is there and cannot be used (rule 16). */
  | { readonly kind: "unusable"; readonly why: string }

export interface LoaderLimits {
  /** At the same time. */
  readonly loadingMax: number
  /** Of events that are folded before the loop has a turn: some five milliseconds. */
  readonly foldBytesPerTurn: number
  /** Read at once. */
  readonly eventsPerPage: number
}

export const defaultLoaderLimits: LoaderLimits = { loadingMax: 64, foldBytesPerTurn: 256 << 10, eventsPerPage: 500 }

export interface LoaderPorts {
  readonly clock: Clock
  readonly store: RunStore
  readonly definitions: DefinitionSource
}

/** How far a run has been folded. */
interface Tail {
  state: RunState | null
  /** Of the events after the snapshot. */
  eventBytes: number
  /** At so many the loop has its next turn. */
  turnAt: number
}

const absent: Loaded = { kind: "absent" }
const expired: Loaded = { kind: "expired" }
const eventsMissing: Loaded = { kind: "unusable", why: "some of its events are missing" }

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

  /** An error of the store comes out; what cannot be folded is unusable. */
  async #read(runId: string): Promise<Loaded> {
    const { store, definitions } = this.#ports
    const { eventsPerPage } = this.#limits
    const stored = await store.load(runId, snapshotCodec, eventsPerPage)
    if (stored === null) return absent
    if (stored.isCleared) return expired
    const tail: Tail = { state: null, eventBytes: 0, turnAt: this.#limits.foldBytesPerTurn }
    for (let page = stored.events; ; page = await store.eventsAfter(runId, tail.state?.seq ?? 0, eventsPerPage)) {
      const bad = await this.#fold(stored, page, tail)
      if (bad !== null) return this.#unlessGone(runId, bad)
      if (tail.state !== null && tail.state.seq >= stored.seq) break
      if (page.length === 0) return this.#unlessGone(runId, eventsMissing)
      await this.#turn()
    }
    const { state, eventBytes } = tail
    rebuildReady(state)
    const definition = await definitions.byHash(state.created.definitionHash)
    if (definition === null)
      return { kind: "unusable", why: `definition ${state.created.definitionHash} is not stored` }
    const { headHash, snapshot, events } = stored
    const baseBytes = snapshot === null ? eventWeight(events[0]!) : snapshot.state.length
    return { kind: "run", state, definition, headHash, baseBytes, eventBytes }
  }

  /** The run, or its events, may have been cleared away while they were read: then nothing is wrong with it. */
  async #unlessGone(runId: string, bad: Loaded): Promise<Loaded> {
    const now = await this.#ports.store.load(runId, snapshotCodec, 0)
    if (now === null) return absent
    return now.isCleared ? expired : bad
  }

  /** What stands in its way, or null. What was decided since the run was asked for is left out. */
  async #fold({ runId, snapshot, seq }: StoredRun, page: readonly EncodedEvent[], tail: Tail): Promise<Loaded | null> {
    try {
      if (tail.state === null && snapshot !== null) tail.state = decodeState(snapshot.state)
      for (const event of page) {
        if (event.seq > seq) break
        if (tail.eventBytes >= tail.turnAt) {
          await this.#turn()
          tail.turnAt = tail.eventBytes + this.#limits.foldBytesPerTurn
        }
        if (event.seq !== (tail.state?.seq ?? 0) + 1) return eventsMissing
        tail.state = evolve(tail.state, decodeEvent(event), runId)
        tail.eventBytes += eventWeight(event)
      }
      return null
    } catch (error) {
      if (error instanceof ErasedPayload) return expired
      return { kind: "unusable", why: error instanceof Error ? error.message : String(error) }
    }
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => this.#ports.clock.setTimer(0, resolve))
  }
}

class ErasedPayload extends Error {}

export function decodeEvent(event: EncodedEvent): RunEvent {
  const { v, seq, type, at, actor, stepId } = event
  if (v > knownVersion(type)) throw new Error(`event ${seq} is ${type} v${v}, which this release does not know`)
  const payload: unknown = JSON.parse(event.payload)
  if (payload === null) throw new ErasedPayload(`the payload of event ${seq} has been erased`)
  return { v, seq, type, at, actor, stepId, payload } as RunEvent
}
