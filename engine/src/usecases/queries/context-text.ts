/**
 * A run's context as text, to be sent on as it is. What is small is made here, from memory or from a few events; a long
 * run's is read and put into text by a reader's thread, for it may be megabytes, and no run waits for that (rule 29).
 */
import { materialise } from "../../core/run/context.ts"
import type { RunState } from "../../core/run/state.ts"
import { blobsOf, type JsonPieces, joinPieces, jsonPieces } from "../../core/views/json-pieces.ts"
import type { RunRow } from "../../core/views/rows.ts"
import type { RunInsights } from "../../ports/run-insights.ts"
import type { RunStore } from "../../ports/store.ts"

export interface ContextTextPorts {
  readonly store: Pick<RunStore, "blobs">
  readonly insights: Pick<RunInsights, "contextTextAt" | "contextTextNow">
  /** The run as it is now, null when it cannot be loaded; it must not be altered. */
  readonly look: <T>(runId: string, use: (state: RunState | null) => T) => Promise<T>
  /** The same without waiting, when it is in memory now. */
  readonly peek: (runId: string) => RunState | null
}

/** What the engine's thread puts into text or folds for a look: a millisecond or two of it. */
export const hereMax = { contextBytes: 128 << 10, events: 256 }

/** Null: no such run, or nothing of it can be read. */
export async function contextTextAt(
  ports: Pick<ContextTextPorts, "store" | "insights">,
  runId: string,
  at: number | null,
): Promise<string | null> {
  const pieces = await ports.insights.contextTextAt(runId, at)
  return pieces === null ? null : joined(ports.store, pieces)
}

/** `null` as text: there is no such run, or nothing of it can be read. */
export async function contextNow(ports: ContextTextPorts, row: Pick<RunRow, "runId" | "seq">): Promise<string> {
  const pieces = (await madeHere(ports, row)) ?? (await ports.insights.contextTextNow(row.runId))
  return pieces === null ? "null" : joined(ports.store, pieces)
}

/** Null: it is not small, or its events alone have to tell. */
async function madeHere(
  { look, peek }: ContextTextPorts,
  { runId, seq }: Pick<RunRow, "runId" | "seq">,
): Promise<JsonPieces | null> {
  const made = (state: RunState | null): JsonPieces | null =>
    state === null || state.contextBytes > hereMax.contextBytes ? null : jsonPieces(materialise(state.context))
  return made(peek(runId)) ?? (seq <= hereMax.events ? look(runId, made) : null)
}

async function joined(store: Pick<RunStore, "blobs">, pieces: JsonPieces): Promise<string> {
  const hashes = blobsOf(pieces)
  return joinPieces(pieces, hashes.length === 0 ? new Map() : await store.blobs(hashes))
}
