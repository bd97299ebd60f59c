/** What a stored run went through at its top level, and the context it had on the way: folds over all of its events. */
import type { Json } from "../../core/json.ts"
import { materialise } from "../../core/run/context.ts"
import type { StepEnd } from "../../core/run/events.ts"
import { evolve } from "../../core/run/evolve.ts"
import { type RunState, rootScope } from "../../core/run/state.ts"
import { fullSizeUpTo, isBlobRef } from "../../core/run/stored.ts"
import { decodeEvent } from "../../runtime/run-loader.ts"
import type { RunHistoryReads } from "./rerun-source.ts"

export interface Passage {
  readonly name: string
  readonly type: string
  /** The event of its entering. */
  readonly seq: number
  /** Null: it has not left. */
  status: StepEnd | null
  /** It failed, and a catch clause, an onTimeout or an onReject took it: the run went on as its author meant. */
  handled: boolean
}

/** A codec that no snapshot has: the whole history is read. */
const wholeHistory = ""

export async function readPassages(store: RunHistoryReads, runId: string): Promise<Passage[]> {
  const passages: Passage[] = []
  const open = new Map<string, Passage>()
  for (const stored of (await store.load(runId, wholeHistory))?.events ?? []) {
    if (stored.type !== "state.entered" && stored.type !== "state.exited") continue
    const event = decodeEvent(stored)
    if (event.type === "state.entered" && event.payload.scope === rootScope) {
      const passage: Passage = {
        name: event.payload.name,
        type: event.payload.type,
        seq: event.seq,
        status: null,
        handled: false,
      }
      passages.push(passage)
      open.set(event.stepId!, passage)
    } else if (event.type === "state.exited") {
      const passage = open.get(event.stepId!)
      if (passage === undefined) continue
      passage.status = event.payload.status
      passage.handled = event.payload.handled ?? false
    }
  }
  return passages
}

/** The run's context in front of an event, large values read in. Null: with them it is larger than `bytesMax`. */
export async function contextBefore(
  store: RunHistoryReads,
  runId: string,
  seq: number,
  bytesMax: number,
): Promise<Json | null> {
  const stored = await store.load(runId, wholeHistory)
  let state: RunState | null = null
  for (const event of stored?.events ?? []) {
    if (event.seq >= seq) break
    state = evolve(state, decodeEvent(event), runId)
  }
  if (state === null) return {}
  const context = materialise(state.context)
  return fullSizeUpTo(context, bytesMax) > bytesMax ? null : withBlobs(store, context)
}

async function withBlobs(store: RunHistoryReads, value: Json): Promise<Json> {
  const hashes = new Set<string>()
  collect(value, hashes)
  if (hashes.size === 0) return value
  const texts = await store.blobs([...hashes])
  const missing = [...hashes].find((hash) => !texts.has(hash))
  if (missing !== undefined) throw new Error(`value ${missing} is not stored`)
  return replaced(value, (hash) => JSON.parse(texts.get(hash)!) as Json)
}

function collect(value: unknown, hashes: Set<string>): void {
  if (isBlobRef(value)) hashes.add(value.blob)
  else if (Array.isArray(value)) for (const item of value) collect(item, hashes)
  else if (typeof value === "object" && value !== null) for (const item of Object.values(value)) collect(item, hashes)
}

function replaced(value: unknown, read: (hash: string) => Json): Json {
  if (isBlobRef(value)) return read(value.blob)
  if (Array.isArray(value)) return value.map((item) => replaced(item, read))
  if (typeof value !== "object" || value === null) return value as Json
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item, read)]))
}
