/**
 * What a stored history means: the rows, what is owed and the context after each of its events. A release writes it down
 * beside the histories of its time (`test/upgrade/`), so that a later one that folds them to something else is found.
 */
import { canonicalJson } from "../../core/canonical-json.ts"
import type { Json, JsonObject } from "../../core/json.ts"
import { decodeEvent } from "../../core/run/decode-event.ts"
import { owed } from "../../core/run/owed.ts"
import { encodeState, snapshotCodec } from "../../core/run/snapshot.ts"
import { ContextFold } from "../../core/views/context-at.ts"
import { RowFold } from "../../core/views/fold.ts"
import { sha256Hex } from "../simulator/hashing.ts"

/** A line of a recorded history: an event as a store has it, without its hashes. */
export interface StoredLine {
  readonly run: string
  readonly seq: number
  readonly v: number
  readonly type: string
  readonly at: number
  readonly actor: string
  readonly stepId: string | null
  readonly payload: JsonObject
}

/** The fields of each kind of row that a release knew. Later ones may have more; those that were there stay as they were. */
export type KnownFields = { readonly [kind: string]: readonly string[] }

export interface Meaning {
  readonly events: number
  /** Over rows, what is owed and the context after each event. */
  readonly meaning: string
  /** Over the encoded state after each event: another text of the same state needs another codec. */
  readonly state: { readonly codec: string; readonly hash: string }
  /** For people who look what has changed: the run's row at the end. */
  readonly end: JsonObject
}

/** @throws for an event that cannot be read */
export function meaningOf(run: string, lines: readonly StoredLine[], fields: KnownFields | null): Meaning {
  const rows = new RowFold(run)
  const context = new ContextFold(run)
  let meaning = ""
  let state = ""
  let end: JsonObject = {}
  for (const line of lines) {
    const decoded = decodeEvent({ ...line, payload: JSON.stringify(line.payload) })
    if (!decoded.ok) throw new Error(`${run}: ${decoded.why}`)
    rows.apply(decoded.event)
    context.apply(decoded.event)
    const now = plain({ ...rowsOf(rows, fields), owed: owed(rows.state), context: context.shown(line.seq) })
    meaning = sha256Hex(`${meaning}\n${canonicalJson(now)}`)
    state = sha256Hex(`${state}\n${encodeState(rows.state)}`)
    end = (now as { readonly run: JsonObject }).run
  }
  return { events: lines.length, meaning, state: { codec: snapshotCodec, hash: state }, end }
}

/** Every field that these histories have rows with. */
export function fieldsOf(run: string, lines: readonly StoredLine[]): KnownFields {
  const fold = new RowFold(run)
  for (const line of lines) {
    const decoded = decodeEvent({ ...line, payload: JSON.stringify(line.payload) })
    if (!decoded.ok) throw new Error(`${run}: ${decoded.why}`)
    fold.apply(decoded.event)
  }
  const kinds = Object.entries(rowsOf(fold, null))
  return Object.fromEntries(
    kinds.map(([kind, rows]) => [
      kind,
      [...new Set([rows].flat().flatMap((row) => Object.keys(row as JsonObject)))].sort(),
    ]),
  )
}

function rowsOf(fold: RowFold, fields: KnownFields | null): Record<string, Json> {
  const { run, steps, approvals, signals, timersSet } = fold.rows("")
  const known = (kind: string, row: object): JsonObject => {
    const entries = Object.entries(row) as [string, Json][]
    const wanted = fields === null ? null : new Set(fields[kind])
    return Object.fromEntries(wanted === null ? entries : entries.filter(([name]) => wanted.has(name)))
  }
  const all = (kind: string, rows: readonly object[], key: string) =>
    rows.map((row) => known(kind, row)).sort((a, b) => (String(a[key]) < String(b[key]) ? -1 : 1))
  return {
    run: known("run", run),
    steps: all("steps", steps, "stepId"),
    approvals: all("approvals", approvals, "approvalId"),
    signals: all("signals", signals, "receivedSeq"),
    timers: all("timers", timersSet, "timerId"),
  }
}

/** As JSON has it: without what is absent, large values as what stands for them. */
function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json
}
