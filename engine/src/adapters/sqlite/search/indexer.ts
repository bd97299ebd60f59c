/**
 * Fills the index behind the commits, slice by slice, on a thread and a file of its own: what it reads is committed, what
 * it writes nobody waits for. A slice and its place are one transaction. What retention clears away is taken out by the
 * same hand, from the places that retention keeps, so that a crash between the two leaves nothing behind.
 */
import type Database from "better-sqlite3"
import { decodeEvent } from "../../../core/run/decode-event.ts"
import { type EventType, type RunEvent, terminalEvents } from "../../../core/run/events.ts"
import { type Leaf, pathLeaves, type Scalar } from "../../../core/search/leaves.ts"
import { inline, outputSeqOf, searchedSeqMax } from "../../../core/search/run-values.ts"
import { indexText, searchedEvent, textLimits, textsOf } from "../../../core/search/searched-event.ts"
import { wordsOf } from "../../../core/search/words.ts"
import type { SearchLack, SearchProgress } from "../../../ports/search-index.ts"
import { newestPosition } from "../high-marks.ts"
import { readMeta, restoredEpochStep } from "../open-database.ts"
import { ArchivedLack } from "./archived-lack.ts"
import { clearGone, mergeSome, takeOut } from "./clear-gone.ts"
import { ContextPoints, defaultPointBounds, type PointBounds } from "./context-points.ts"
import { byRun, type EventAt, type FeedRow, feedColumns, isRead } from "./feed-rows.ts"
import { emptySearch } from "./search-file.ts"

/** Positions of the feed in one slice: some tens of milliseconds. */
const slicePositions = 8_192

interface RunNames {
  readonly workspaceId: string
  readonly runId: string
  readonly workflowId: string
  readonly workflowName: string
  readonly businessEventId: string | null
  readonly correlationId: string
}

interface Place {
  readonly position: number
  readonly hash: string
  readonly restored: number
  readonly runKey: number
  readonly cut: number
  readonly toMerge: number
}

export class Indexer {
  readonly #runs: Database.Database
  readonly #search: Database.Database
  readonly #read: ReturnType<typeof prepareReads>
  readonly #write: ReturnType<typeof prepareWrites>
  readonly #lack: ArchivedLack
  readonly #points: ContextPoints
  #merging = false

  /** @param runs reads the database; `search` writes the index */
  constructor(runs: Database.Database, search: Database.Database, points: PointBounds = defaultPointBounds) {
    this.#runs = runs
    this.#search = search
    this.#read = prepareReads(runs)
    this.#write = prepareWrites(search)
    this.#lack = new ArchivedLack(runs, search)
    this.#points = new ContextPoints(runs, search, points)
  }

  /** One slice, or one round of clearing away, and a piece of one long run's context. */
  advance(): SearchProgress {
    const place = this.#place()
    const head = this.#read.head.get()!.position
    const cleared = clearGone(this.#runs, this.#search)
    const to = Math.min(head, place.position + slicePositions)
    if (to > place.position) this.#slice(place, to)
    if (cleared > 0) this.#merging = false
    const isMerging = cleared === 0 && to === head && this.#merge(place)
    const isFolding = this.#points.advance()
    const more = to < head || cleared > 0 || isMerging || isFolding
    return { position: to, head, cut: this.#write.place.get()!.cut, more }
  }

  restart(): SearchProgress {
    emptySearch(this.#search)
    this.#points.restart()
    this.#merging = false
    return { position: 0, head: this.#read.head.get()!.position, cut: 0, more: true }
  }

  lacking(except: readonly string[]): SearchLack {
    return this.#lack.next(except)
  }

  /** All runs of a batch in one transaction, each as if it had not been there. */
  refill(batchId: string, place: string): void {
    this.#lack.read(batchId, place, (runs, eventAt) => {
      const keys = runs.map(([first]) => first!.runKey)
      takeOut(this.#search, keys, true)
      let cut = 0
      for (const rows of runs) cut += this.#index(rows, eventAt)
      this.#write.alsoCut.run(cut)
      this.#merging = false
    })
  }

  /** Where it stopped; the beginning, where the database is another than the one that was indexed. */
  #place(): Place {
    const place = this.#write.place.get()!
    if (place.position === 0) return place
    const there = this.#read.hashAt.get(place.position)
    const head = this.#read.head.get()!.position
    const isSame = place.restored === this.#restored() && (there === undefined || there.hash === place.hash)
    // Positions never go back, whatever was cleared away: one that is ahead has indexed another database.
    if (isSame && head >= place.position) return place
    this.restart()
    return this.#write.place.get()!
  }

  #restored(): number {
    return Math.floor(Number(readMeta(this.#runs, "epoch")) / restoredEpochStep)
  }

  #merge({ toMerge }: Place): boolean {
    if (toMerge === 0 && !this.#merging) return false
    this.#merging = mergeSome(this.#search, !this.#merging)
    if (!this.#merging) this.#write.merged.run()
    return this.#merging
  }

  #slice(place: Place, to: number): void {
    const rows = this.#read.slice.all(place.position, to)
    // The full-text index takes rows in order of their keys; anything else makes it write many small parts.
    rows.sort((a, b) => a.runKey - b.runKey || a.seq - b.seq)
    const last = this.#read.hashAt.get(to)
    this.#search
      .transaction(() => {
        let cut = 0
        let newest = place.runKey
        for (const run of byRun(rows)) {
          cut += this.#index(run)
          this.#points.saw(run)
          newest = Math.max(newest, run[0]!.runKey)
        }
        this.#write.moved.run(to, last?.hash ?? "", this.#restored(), newest, cut)
      })
      .immediate()
  }

  readonly #eventAt: EventAt = (runKey, seq) => this.#read.event.get(runKey, seq)

  /** @returns how much was cut */
  #index(rows: readonly FeedRow[], eventAt: EventAt = this.#eventAt): number {
    const { runKey } = rows[0]!
    const names = this.#read.names.get(runKey)
    if (names === undefined) return 0
    const known = this.#write.run.get(runKey)
    if (known === undefined) this.#write.names.run(runKey, namesText(names))
    const run = known ?? newRun
    let { chars, completedAt, valued } = run
    const here: EventAt = (key, seq) => rows.find((row) => row.seq === seq) ?? eventAt(key, seq)
    let cut = 0
    for (const row of rows) {
      if (isTerminal(row.type)) completedAt = row.at
      if (row.payload === null) valued = 0
      else if (row.type === "run.created") valued = 1
      if (row.payload === null || run.cleared === 1) continue
      const decoded = decodeEvent(row)
      if (!decoded.ok) continue
      const done = this.#readable(runKey, names.workspaceId, decoded.event, Math.max(0, textLimits.run - chars), here)
      chars += done.chars
      cut += done.cut
    }
    this.#write.newer.run(runKey, names.workspaceId, chars, completedAt, valued)
    return cut
  }

  /** One event that is not as it should be must not hold up all that come behind it. */
  #readable(runKey: number, workspaceId: string, event: RunEvent, room: number, eventAt: EventAt): Indexed {
    try {
      return this.#event(runKey, workspaceId, event, room, eventAt)
    } catch (error) {
      if (error instanceof TypeError) return { chars: 0, cut: 1 }
      throw error
    }
  }

  #event(runKey: number, workspaceId: string, event: RunEvent, room: number, eventAt: EventAt): Indexed {
    let cut = 0
    if (event.type === "run.created") cut += this.#leaves(runKey, workspaceId, "in", inline(event))
    if (event.type === "run.completed")
      cut += this.#leaves(runKey, workspaceId, "out", this.#output(runKey, event, eventAt))
    const searched = event.seq > searchedSeqMax ? null : searchedEvent(event)
    if (searched === null) return { chars: 0, cut }
    if (searched === "apart") return { chars: 0, cut: cut + 1 }
    const { leaves, chars, cut: left } = textsOf(searched.value, room)
    if (leaves.length > 0) {
      const texts = leaves.map(({ text }) => text)
      this.#write.text.run(runKey * 65_536 + event.seq, indexText(texts, wordsOf))
    }
    return { chars, cut: cut + left }
  }

  #output(runKey: number, event: RunEvent, eventAt: EventAt): ReturnType<typeof inline> {
    const seq = outputSeqOf(event)
    if (seq === null) return inline(event)
    const row = eventAt(runKey, seq)
    if (row === undefined || row.payload === null) return undefined
    const decoded = decodeEvent(row)
    return decoded.ok ? inline(decoded.event) : undefined
  }

  #leaves(runKey: number, workspaceId: string, side: string, value: ReturnType<typeof inline>): number {
    if (value === undefined) return 0
    const { leaves, cut } = pathLeaves(value)
    for (const leaf of leaves) this.#write.leaf.run(runKey, this.#pathId(workspaceId, side, leaf), cellOf(leaf.value))
    return cut
  }

  #pathId(workspaceId: string, side: string, { path }: Leaf): number {
    const full = `${side}.${path}`
    const found = this.#write.path.get(workspaceId, full)?.pathId
    return found ?? Number(this.#write.newPath.run(workspaceId, full).lastInsertRowid)
  }
}

const newRun = { chars: 0, completedAt: null, cleared: 0, valued: 0 }

/** How much of an event went in, and how much did not. */
interface Indexed {
  readonly chars: number
  readonly cut: number
}

/** As a query asks for it: numbers are numbers, all else is text. */
export function cellOf(value: Scalar): string | number {
  return typeof value === "number" ? value : String(value)
}

function isTerminal(type: string): boolean {
  return terminalEvents.has(type as EventType)
}

function namesText({ runId, workflowId, workflowName, businessEventId, correlationId }: RunNames): string {
  return [...new Set([runId, workflowId, workflowName, businessEventId ?? "", correlationId])].join("\n")
}

function prepareReads(db: Database.Database) {
  return {
    head: db.prepare<[], { position: number }>(`SELECT ${newestPosition} AS position`),
    hashAt: db.prepare<[number], { hash: string }>("SELECT hash FROM workflow_run_events WHERE position = ?"),
    slice: db.prepare<[number, number], FeedRow>(
      `SELECT ${feedColumns} FROM workflow_run_events e WHERE e.position > ? AND e.position <= ? AND ${isRead}`,
    ),
    event: db.prepare<[number, number], FeedRow>(
      `SELECT ${feedColumns} FROM workflow_run_events e WHERE e.run_key = ? AND e.seq = ?`,
    ),
    names: db.prepare<[number], RunNames>(
      `SELECT workspace_id AS "workspaceId", run_id AS "runId", workflow_id AS "workflowId",
         workflow_name AS "workflowName", business_event_id AS "businessEventId", correlation_id AS "correlationId"
       FROM workflow_runs WHERE run_key = ?`,
    ),
  }
}

function prepareWrites(db: Database.Database) {
  return {
    place: db.prepare<[], Place>(
      `SELECT position, hash, restored, run_key AS "runKey", cut, to_merge AS "toMerge" FROM place WHERE name = 'feed'`,
    ),
    moved: db.prepare<[number, string, number, number, number]>(
      "UPDATE place SET position = ?, hash = ?, restored = ?, run_key = ?, cut = cut + ? WHERE name = 'feed'",
    ),
    merged: db.prepare("UPDATE place SET to_merge = 0 WHERE name = 'feed'"),
    alsoCut: db.prepare<[number]>("UPDATE place SET cut = cut + ? WHERE name = 'feed'"),
    run: db.prepare<[number], { chars: number; completedAt: number | null; cleared: number; valued: number }>(
      `SELECT chars, completed_at AS "completedAt", cleared, valued FROM indexed_runs WHERE run_key = ?`,
    ),
    newer: db.prepare<[number, string, number, number | null, number]>(
      `INSERT INTO indexed_runs (run_key, workspace_id, chars, completed_at, cleared, valued) VALUES (?, ?, ?, ?, 0, ?)
       ON CONFLICT (run_key) DO UPDATE SET chars = excluded.chars, completed_at = excluded.completed_at,
         valued = excluded.valued`,
    ),
    names: db.prepare<[number, string]>("INSERT INTO run_names (rowid, names) VALUES (?, ?)"),
    text: db.prepare<[number, string]>("INSERT INTO run_text (rowid, body) VALUES (?, ?)"),
    leaf: db.prepare<[number, number, string | number]>(
      "INSERT OR IGNORE INTO leaves (run_key, path_id, value) VALUES (?, ?, ?)",
    ),
    path: db.prepare<[string, string], { pathId: number }>(
      `SELECT path_id AS "pathId" FROM paths WHERE workspace_id = ? AND path = ?`,
    ),
    newPath: db.prepare<[string, string]>("INSERT INTO paths (workspace_id, path) VALUES (?, ?)"),
  }
}
