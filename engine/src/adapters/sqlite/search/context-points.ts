/**
 * Contexts of very long runs at some points of their way, so that a look at one folds the events behind the nearest point
 * and never a million. Made behind the commits by the thread that fills the index, some thousand events at a time, and
 * kept in its file: they are made of events alone, and go with them. Only a look without them takes longer.
 */
import type Database from "better-sqlite3"
import { decodeEvent } from "../../../core/run/decode-event.ts"
import { type EventType, type RunEvent, terminalEvents } from "../../../core/run/events.ts"
import { snapshotCodec } from "../../../core/run/snapshot.ts"
import { ContextFold } from "../../../core/views/context-at.ts"
import { contextEvents } from "../queries/context-events.ts"
import type { FeedRow } from "./feed-rows.ts"

export interface PointBounds {
  /** Of fewer events a run is folded whole at each look. Between two points are as many at least. */
  readonly events: number
  readonly eventsPerRead: number
  /** All points of one run together, but the newest. */
  readonly charsMax: number
}

export const defaultPointBounds: PointBounds = { events: 10_000, eventsPerRead: 2_000, charsMax: 32 << 20 }

/** A point is worth its writing when the events since then are not much less. */
const charsAnEvent = 400

interface LongRun {
  readonly runKey: number
  readonly head: number
  readonly folded: number
}

export interface StoredPoint {
  readonly seq: number
  readonly fold: string
}

export class ContextPoints {
  readonly #search: Database.Database
  readonly #bounds: PointBounds
  readonly #sql: ReturnType<typeof prepare>
  /** Where the last piece ended. */
  #open: { readonly runKey: number; readonly read: number; readonly fold: ContextFold } | null = null
  /** The long run that was looked after last. */
  #visited = -1

  constructor(runs: Database.Database, search: Database.Database, bounds: PointBounds = defaultPointBounds) {
    this.#search = search
    this.#bounds = bounds
    this.#sql = prepare(runs, search)
    this.#forgetOtherCodecs()
  }

  /** @param rows one run's, oldest first; in the transaction of their slice */
  saw(rows: readonly FeedRow[]): void {
    const last = rows[rows.length - 1]!
    if (last.seq < this.#bounds.events) return
    const ended = terminalEvents.has(last.type as EventType) ? 1 : 0
    this.#sql.saw.run(last.runKey, last.seq, ended, this.#bounds.events)
  }

  restart(): void {
    this.#open = null
    this.#visited = -1
  }

  /** One piece of one run. @returns whether there is more to do */
  advance(): boolean {
    const due = this.#sql.due.get()
    if (due === undefined) {
      this.#open = null
      this.#lookAfterOne()
      return false
    }
    const to = Math.min(due.head, due.folded + this.#bounds.events)
    const fold = this.#foldTo(due, to)
    this.#search
      .transaction(() => {
        const chars = fold === null ? 0 : this.#keep(due.runKey, to, fold)
        const folded = fold === null ? due.head : to
        this.#sql.folded.run(folded, folded + Math.max(this.#bounds.events, chars / charsAnEvent), due.runKey)
      })
      .immediate()
    this.#open = fold === null ? null : { runKey: due.runKey, read: to, fold }
    return true
  }

  /** Null: an event cannot be read, now or ever, or those before it have gone. */
  #foldTo({ runKey, folded }: LongRun, to: number): ContextFold | null {
    const { fold, read } = this.#standing(runKey, folded)
    for (let from = read; from < to; from += this.#bounds.eventsPerRead) {
      const until = Math.min(to, from + this.#bounds.eventsPerRead)
      for (const row of this.#sql.events.all(runKey, from, until)) {
        const decoded = decodeEvent(row)
        if (!decoded.ok || !follows(fold, decoded.event)) return null
      }
    }
    return fold.state === null ? null : fold
  }

  #standing(runKey: number, folded: number): { readonly fold: ContextFold; readonly read: number } {
    if (this.#open?.runKey === runKey && this.#open.read === folded) return this.#open
    const { runId } = this.#sql.runId.get(runKey) ?? { runId: "" }
    const point = this.#sql.newest.get(runKey)
    return point === undefined
      ? { fold: new ContextFold(runId), read: 0 }
      : { fold: ContextFold.decode(runId, point.fold), read: point.seq }
  }

  /** @returns how long it is */
  #keep(runKey: number, seq: number, fold: ContextFold): number {
    const text = fold.encode()
    this.#sql.put.run(runKey, seq, this.#sql.hashAt.get(runKey, seq)?.hash ?? "", snapshotCodec, text.length, text)
    this.#thin(runKey)
    return text.length
  }

  /** Where they are too much, those go without which the longest way between two points stays the shortest. */
  #thin(runKey: number): void {
    const points = this.#sql.sizes.all(runKey)
    let chars = points.slice(0, -1).reduce((sum, point) => sum + point.chars, 0)
    while (chars > this.#bounds.charsMax && points.length > 1) {
      const gaps = points.slice(0, -1).map((_, index) => points[index + 1]!.seq - (points[index - 1]?.seq ?? 0))
      const [gone] = points.splice(gaps.indexOf(Math.min(...gaps)), 1)
      this.#sql.drop.run(runKey, gone!.seq)
      chars -= gone!.chars
    }
  }

  /** Events and their contents leave in many ways: a run without its input has no context any more. */
  #lookAfterOne(): void {
    const next = this.#sql.next.get(this.#visited)
    this.#visited = next?.runKey ?? -1
    if (next !== undefined && this.#sql.isReadable.get(next.runKey) === undefined)
      forgetPoints(this.#search, next.runKey)
  }

  #forgetOtherCodecs(): void {
    this.#search
      .transaction(() => {
        if (this.#sql.dropOthers.run(snapshotCodec).changes > 0) this.#sql.again.run(this.#bounds.events)
      })
      .immediate()
  }
}

/** An erasure takes a run piece by piece from its first event on: what is left of it must not hold up the index. */
function follows(fold: ContextFold, event: RunEvent): boolean {
  try {
    fold.apply(event)
    return true
  } catch {
    return false
  }
}

export function forgetPoints(search: Database.Database, runKey: number): void {
  search.prepare<[number]>("DELETE FROM context_points WHERE run_key = ?").run(runKey)
  search.prepare<[number]>("DELETE FROM long_runs WHERE run_key = ?").run(runKey)
}

function prepare(runs: Database.Database, search: Database.Database) {
  return {
    events: runs.prepare<[number, number, number], FeedRow>(contextEvents("?")),
    runId: runs.prepare<[number], { runId: string }>(
      `SELECT run_id AS "runId" FROM workflow_run_keys WHERE run_key = ?`,
    ),
    hashAt: runs.prepare<[number, number], { hash: string }>(
      "SELECT hash FROM workflow_run_events WHERE run_key = ? AND seq = ?",
    ),
    isReadable: runs.prepare<[number], { one: 1 }>(
      "SELECT 1 AS one FROM workflow_run_events WHERE run_key = ? AND seq = 1 AND payload IS NOT NULL",
    ),
    saw: search.prepare<[number, number, number, number]>(
      `INSERT INTO long_runs (run_key, head, ended, folded, due) VALUES (?, ?, ?, 0, ?)
       ON CONFLICT (run_key) DO UPDATE SET head = max(head, excluded.head), ended = max(ended, excluded.ended)`,
    ),
    due: search.prepare<[], LongRun>(
      `SELECT run_key AS "runKey", head, folded FROM long_runs WHERE head >= due OR (ended = 1 AND head > folded)
       ORDER BY run_key LIMIT 1`,
    ),
    folded: search.prepare<[number, number, number]>(
      "UPDATE long_runs SET folded = ?, due = CAST(? AS INTEGER) WHERE run_key = ?",
    ),
    next: search.prepare<[number], { runKey: number }>(
      `SELECT run_key AS "runKey" FROM long_runs WHERE run_key > ? ORDER BY run_key LIMIT 1`,
    ),
    newest: search.prepare<[number], StoredPoint>(
      "SELECT seq, fold FROM context_points WHERE run_key = ? ORDER BY seq DESC LIMIT 1",
    ),
    put: search.prepare<[number, number, string, string, number, string]>(
      "INSERT OR REPLACE INTO context_points (run_key, seq, hash, codec, chars, fold) VALUES (?, ?, ?, ?, ?, ?)",
    ),
    sizes: search.prepare<[number], { seq: number; chars: number }>(
      "SELECT seq, chars FROM context_points WHERE run_key = ? ORDER BY seq",
    ),
    drop: search.prepare<[number, number]>("DELETE FROM context_points WHERE run_key = ? AND seq = ?"),
    dropOthers: search.prepare<[string]>("DELETE FROM context_points WHERE codec <> ?"),
    again: search.prepare<[number]>("UPDATE long_runs SET folded = 0, due = ?"),
  }
}
