/**
 * The port `RetentionStore`: some milliseconds a transaction, in the lane of lower priority, each with the place it came to,
 * so that a crash at any instant neither forgets nor repeats a run. A run with more events goes in pieces, oldest first,
 * and is behind the place with the last of them. Large values are swept once no event names them; what was attached goes
 * with the first class, its content right behind the transaction that forgets where it lies.
 */
import { setTimeout as delay } from "node:timers/promises"
import type Database from "better-sqlite3"
import type { RetentionClass } from "../../core/policy/retention.ts"
import type { ContentFiles } from "../../ports/attachments.ts"
import type { AuditDraft } from "../../ports/audit-store.ts"
import type {
  Purged,
  PurgePreview,
  RetentionProgress,
  RetentionRow,
  RetentionStore,
} from "../../ports/retention-store.ts"
import type { SqliteAudit } from "./audit.ts"
import { prepareMarks } from "./high-marks.ts"
import { Pace } from "./pace.ts"
import type { ReaderPool } from "./reader-pool.ts"
import {
  isGenuinePlace,
  isReached,
  placeColumns,
  placeSignature,
  type RetentionPlace,
  type SignedPlace,
  startPlace,
} from "./retention-places.ts"
import { type DroppedRun, dropRunSql, type RunCounts } from "./run-counts.ts"
import { type SealSigner, signatureOf } from "./run-seal.ts"
import type { SideLane } from "./side-lane.ts"

/** A finished run, and what its seal says. */
export interface DueRun {
  readonly runKey: number
  readonly runId: string
  readonly completedAt: number
  readonly seq: number
  readonly headHash: string
}

/** One write: of a class the next that are due. */
interface Turn {
  readonly workspaceId: string
  readonly name: RetentionClass
  readonly until: number
  readonly most: number
  readonly now: number
  readonly onlyArchived: boolean
}

/** A commit of a run waits no longer than these take: some tens of milliseconds, of a run that is so long. */
const eventsPerWrite = 4_000

/** Milliseconds that the rows of one write are meant to take: so long a commit of a run waits, and its sync besides. */
const turnMs = 5

/** Of what a turn took; its work, its sync and what the loop did in between. */
const restShare = 0.6
const restMsMax = 100

/** Rows about a run, besides its events. */
const runTables = [
  "workflow_run_steps",
  "workflow_run_logs",
  "workflow_run_attachments",
  "workflow_approvals",
  "workflow_signals",
  "workflow_timers",
  "workflow_run_standing",
  "workflow_run_remarks",
  "workflow_run_keys",
] as const

export interface RetentionParts {
  readonly lane: SideLane
  readonly readers: Pick<ReaderPool, "readAside">
  readonly audit: SqliteAudit
  readonly contents: Pick<ContentFiles, "remove">
  readonly signer: SealSigner | null
  readonly counts: Pick<RunCounts, "add">
  /** Of the newest durable event: it moves while runs go on. */
  readonly position: () => number
  /** Events a write. */
  readonly most?: number | undefined
  /** Milliseconds that the rows of one write are meant to take. */
  readonly turnMs?: number | undefined
}

export class SqliteRetention implements RetentionStore {
  readonly #parts: RetentionParts
  readonly #sql: ReturnType<typeof prepare>
  readonly #keepMarks: () => void
  readonly #most: number
  /** By class: what a run costs differs by the hundred. */
  readonly #paces = new Map<RetentionClass, Pace>()
  #tookMs = 0
  #position = -1

  constructor(db: Database.Database, parts: RetentionParts) {
    this.#parts = parts
    this.#most = parts.most ?? eventsPerWrite
    this.#sql = prepare(db)
    this.#keepMarks = prepareMarks(db)
  }

  async policies(): Promise<readonly RetentionRow[]> {
    return this.#sql.policies.all()
  }

  async versions(workspaceId: string, limit: number): Promise<readonly RetentionRow[]> {
    return this.#sql.versions.all(workspaceId, limit)
  }

  put({ workspaceId, version, policy, note, at, by }: RetentionRow, audit: AuditDraft): Promise<boolean> {
    return this.#parts.lane.write(() => {
      if (this.#sql.put.run(workspaceId, version, policy, note, at, by).changes === 0) return false
      this.#parts.audit.link([audit])
      return true
    })
  }

  async progress(): Promise<readonly RetentionProgress[]> {
    return this.#sql.allProgress.all()
  }

  async workspaces(): Promise<readonly string[]> {
    return this.#sql.workspaces.all().map(({ workspaceId }) => workspaceId)
  }

  async preview(workspaceId: string, name: RetentionClass, until: number, most: number): Promise<PurgePreview> {
    return this.#parts.readers.readAside("purgePreview", workspaceId, this.#from(workspaceId, name), until, most)
  }

  /** Between the transaction and the end of the files a crash may lie: then they are swept, once they are a day old. */
  async purge(
    workspaceId: string,
    name: RetentionClass,
    until: number,
    most: number,
    now: number,
    onlyArchived = false,
  ): Promise<Purged> {
    const files: string[] = []
    const pace = this.#paceOf(name)
    const turn = { workspaceId, name, until, most: Math.min(most, pace.runs), now, onlyArchived }
    await this.#giveWay()
    let began = 0
    const purged = await this.#parts.lane.write(() => {
      began = performance.now()
      return pace.timed((isOver) =>
        name === "logs" ? this.#purgeLogs(turn, isOver) : this.#purgeRuns(turn, isOver, files),
      )
    })
    this.#tookMs = performance.now() - began
    await this.removeContents(files)
    return purged
  }

  /** While runs go on, each turn rests most of the time that the last one took. */
  async #giveWay(): Promise<void> {
    const position = this.#parts.position()
    if (position === this.#position) return
    this.#position = position
    await delay(Math.min(restMsMax, Math.floor(this.#tookMs * restShare)))
  }

  #paceOf(name: RetentionClass): Pace {
    const pace = this.#paces.get(name) ?? new Pace(this.#parts.turnMs ?? turnMs)
    this.#paces.set(name, pace)
    return pace
  }

  #due({ workspaceId, until, most, onlyArchived }: Turn, from: RetentionPlace): readonly DueRun[] {
    const all = this.#sql.due.all(workspaceId, from.completedAt, from.completedAt, from.runKey, until, most)
    return onlyArchived ? all.filter(this.#isArchived(workspaceId)) : all
  }

  #purgeRuns(turn: Turn, isOver: () => boolean, files: string[]): Purged {
    const { workspaceId, name } = turn
    const from = this.#from(workspaceId, name)
    const due = this.#due(turn, from)
    const taken = due.slice(0, countWithin(due, this.#most))
    if (taken.length > 0) this.#keepMarks()
    let events = 0
    let runs = 0
    let underWay: number | null = null
    for (const run of taken) {
      const piece = this.#clear(workspaceId, name, run, turn.now)
      files.push(...piece.files)
      events += piece.events
      if (piece.isLast) runs++
      else underWay = run.runKey
      if (isOver()) break
    }
    // In the middle of the first run the place is before it, and says already that something is gone.
    const last = taken[runs - 1] ?? from
    if (taken.length > 0) this.#setPlace(workspaceId, name, { ...last, underWay })
    return { runs, events, isDone: runs === due.length && due.length < turn.most }
  }

  /** Behind the transaction that cleared them away. */
  removeContents(files: readonly string[]): Promise<void> {
    return this.#parts.contents.remove(files)
  }

  #purgeLogs(turn: Turn, isOver: () => boolean): Purged {
    const { workspaceId } = turn
    const from = this.#from(workspaceId, "logs")
    const due = this.#due(turn, from)
    let lines = 0
    let runs = 0
    for (const { runKey } of due) {
      const { first, last } = this.#sql.logRange.get(runKey)!
      if (first !== null) {
        const to = first + this.#most - lines - 1
        lines += this.#sql.dropLogs.run(runKey, to).changes
        if (to < last!) break
      }
      runs += 1
      if (lines >= this.#most || isOver()) break
    }
    const place = due[runs - 1] ?? from
    if (due.length > 0) this.#setPlace(workspaceId, "logs", { ...place, underWay: null })
    return { runs, events: lines, isDone: runs === due.length && due.length < turn.most }
  }

  /** Inside a transaction of the lane: the next piece of a run with all its rows, under its seal. */
  clearWhole(workspaceId: string, run: DueRun, now: number): Piece {
    this.#keepMarks()
    return this.#clear(workspaceId, "summaries", run, now)
  }

  #from(workspaceId: string, name: RetentionClass | "archive"): RetentionPlace {
    const place = this.#sql.progress.get(workspaceId, name)
    if (place === undefined) return startPlace
    const isWritten = name === "archive" || isGenuinePlace(this.#parts.signer, workspaceId, name, place) !== false
    return isWritten ? place : startPlace
  }

  #setPlace(workspaceId: string, name: RetentionClass, place: RetentionPlace): void {
    const { completedAt, runKey, underWay } = place
    const signature = placeSignature(this.#parts.signer, workspaceId, name, place)
    this.#sql.setProgress.run(workspaceId, name, completedAt, runKey, underWay, signature)
  }

  /** As the transaction sees it that clears away. What lost its events before there was an archive is not held up by it. */
  #isArchived(workspaceId: string): (run: DueRun) => boolean {
    const places = [this.#from(workspaceId, "archive"), this.#from(workspaceId, "events")]
    return (run) => places.some((place) => isReached({ ...place, underWay: null }, run))
  }

  /** The seal comes with the first piece: from there on a missing event is no finding. */
  #clear(workspaceId: string, name: RetentionClass, run: DueRun, now: number): Piece {
    const { runKey, runId } = run
    const files = this.#sql.attached.all(runKey).map(({ file }) => file)
    this.#sql.detach.run(runKey)
    this.#sql.dropSnapshot.run(runKey)
    this.#sql.dropLate.run(runId)
    if (name === "io") return { ...this.#erase(run), files }
    const signature = signatureOf(this.#parts.signer, { ...run, workspaceId, class: name })
    this.#sql.seal.run(runId, runKey, workspaceId, run.seq, run.headHash, name, now, signature)
    const piece = this.#drop(run, name === "summaries")
    if (name === "summaries" && piece.isLast) {
      // Only keys: until its row goes a run is found by its issue, and counted with it.
      this.#sql.dropIssue.run(runId)
      this.#sql.dropTags.run(runKey, runKey, runKey)
      for (const drop of this.#sql.dropRows) drop.run(runKey)
      const row = this.#sql.dropRun.get(runKey)
      if (row !== undefined && row.completedAt !== null) this.#parts.counts.add(row, row.sortAt, -1)
    }
    return { ...piece, files }
  }

  #erase({ runKey, seq }: DueRun): Omit<Piece, "files"> {
    // Its events went just before, and what they said with them.
    if (this.#sql.firstEvent.get(runKey) === undefined) return { events: seq, isLast: true }
    const first = this.#sql.firstWithPayload.get(runKey)?.seq ?? seq
    const last = first + this.#most - 1
    return { events: this.#sql.erase.run(runKey, last).changes, isLast: last >= seq }
  }

  #drop({ runKey, seq }: DueRun, withSteps: boolean): Omit<Piece, "files"> {
    const firstEvent = this.#sql.firstEvent.get(runKey)?.seq ?? seq
    const firstStep = withSteps ? (this.#sql.firstStep.get(runKey)?.seq ?? seq) : seq
    const last = Math.min(firstEvent, firstStep) + this.#most - 1
    const events = this.#sql.dropEvents.run(runKey, last).changes
    if (withSteps) this.#sql.dropSteps.run(runKey, last)
    return { events, isLast: last >= seq }
  }
}

export interface Piece {
  readonly events: number
  /** Nothing of the run that the class clears away is left. */
  readonly isLast: boolean
  /** Contents of attachments that no row names any more. */
  readonly files: readonly string[]
}

/** How many from the first on have so many events together; the first always. */
function countWithin(due: readonly DueRun[], most: number): number {
  let count = 0
  for (let sum = 0; count < due.length; count++) {
    sum += due[count]!.seq
    if (sum > most && count > 0) break
  }
  return count
}

function prepare(db: Database.Database) {
  const row = `workspace_id AS "workspaceId", version, policy, note, at, by`
  const due = `FROM workflow_runs INDEXED BY workflow_runs_finished
    WHERE completed_at IS NOT NULL AND workspace_id = ? AND completed_at >= ?
      AND (completed_at, run_key) > (?, ?) AND completed_at <= ?
    ORDER BY completed_at, run_key LIMIT ?`
  type Due = [string, number, number, number, number, number]
  return {
    policies: db.prepare<[], RetentionRow>(
      `SELECT ${row} FROM retention_policies p
       WHERE version = (SELECT max(version) FROM retention_policies q WHERE q.workspace_id = p.workspace_id)`,
    ),
    versions: db.prepare<[string, number], RetentionRow>(
      `SELECT ${row} FROM retention_policies WHERE workspace_id = ? ORDER BY version DESC LIMIT ?`,
    ),
    put: db.prepare<[string, number, string, string | null, number, string]>(
      "INSERT OR IGNORE INTO retention_policies (workspace_id, version, policy, note, at, by) VALUES (?, ?, ?, ?, ?, ?)",
    ),
    allProgress: db.prepare<[], RetentionProgress>(
      `SELECT workspace_id AS "workspaceId", class, completed_at AS "completedAt", run_key AS "runKey"
       FROM retention_progress WHERE class <> 'archive'`,
    ),
    progress: db.prepare<[string, string], SignedPlace>(
      `SELECT ${placeColumns} FROM retention_progress WHERE workspace_id = ? AND class = ?`,
    ),
    setProgress: db.prepare<[string, string, number, number, number | null, string | null]>(
      `INSERT INTO retention_progress (workspace_id, class, completed_at, run_key, under_way, signature)
       VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (workspace_id, class) DO UPDATE SET completed_at = excluded.completed_at, run_key = excluded.run_key,
         under_way = excluded.under_way, signature = excluded.signature`,
    ),
    /** Jumps from one to the next in the index. */
    workspaces: db.prepare<[], { workspaceId: string }>(
      `WITH RECURSIVE w (id) AS (
         SELECT min(workspace_id) FROM workflow_runs
         UNION ALL SELECT (SELECT min(workspace_id) FROM workflow_runs WHERE workspace_id > w.id) FROM w WHERE w.id IS NOT NULL
       ) SELECT id AS "workspaceId" FROM w WHERE id IS NOT NULL`,
    ),
    due: db.prepare<Due, DueRun>(
      `SELECT run_key AS "runKey", run_id AS "runId", completed_at AS "completedAt", seq, head_hash AS "headHash" ${due}`,
    ),
    firstWithPayload: db.prepare<[number], { seq: number }>(
      "SELECT seq FROM workflow_run_events WHERE run_key = ? AND payload IS NOT NULL ORDER BY seq LIMIT 1",
    ),
    erase: db.prepare<[number, number]>(
      "UPDATE workflow_run_events SET payload = NULL, salt = NULL WHERE run_key = ? AND seq <= ? AND payload IS NOT NULL",
    ),
    logRange: db.prepare<[number], { first: number | null; last: number | null }>(
      // Both at once would look at every line between them.
      `SELECT (SELECT min(number) FROM workflow_run_logs l WHERE l.run_key = k.run_key) AS first,
         (SELECT max(number) FROM workflow_run_logs l WHERE l.run_key = k.run_key) AS last FROM (SELECT ? AS run_key) k`,
    ),
    dropLogs: db.prepare<[number, number]>("DELETE FROM workflow_run_logs WHERE run_key = ? AND number <= ?"),
    firstEvent: db.prepare<[number], { seq: number }>(
      "SELECT seq FROM workflow_run_events WHERE run_key = ? ORDER BY seq LIMIT 1",
    ),
    dropEvents: db.prepare<[number, number]>("DELETE FROM workflow_run_events WHERE run_key = ? AND seq <= ?"),
    firstStep: db.prepare<[number], { seq: number }>(
      "SELECT first_seq AS seq FROM workflow_run_steps WHERE run_key = ? ORDER BY first_seq LIMIT 1",
    ),
    dropSteps: db.prepare<[number, number]>("DELETE FROM workflow_run_steps WHERE run_key = ? AND first_seq <= ?"),
    dropSnapshot: db.prepare<[number]>("DELETE FROM workflow_run_snapshots WHERE run_key = ?"),
    dropLate: db.prepare<[string]>("DELETE FROM workflow_late_results WHERE run_id = ?"),
    dropIssue: db.prepare<[string]>("DELETE FROM issue_runs WHERE run_id = ?"),
    /** By their names, since they lie by tag: those it was started with, and those that were added. */
    dropTags: db.prepare<[number, number, number]>(
      `DELETE FROM workflow_run_tags WHERE run_key = ? AND tag IN (
         SELECT value FROM workflow_runs r, json_each(r.tags) WHERE r.run_key = ?
         UNION SELECT value FROM workflow_run_standing s, json_each(s.tags) WHERE s.run_key = ?)`,
    ),
    attached: db.prepare<[number], { file: string }>(
      "SELECT file FROM workflow_run_attachments WHERE run_key = ? AND file IS NOT NULL",
    ),
    detach: db.prepare<[number]>(
      "UPDATE workflow_run_attachments SET file = NULL WHERE run_key = ? AND file IS NOT NULL",
    ),
    dropRun: db.prepare<[number], DroppedRun>(dropRunSql),
    dropRows: runTables.map((table) => db.prepare<[number]>(`DELETE FROM ${table} WHERE run_key = ?`)),
    seal: db.prepare<[string, number, string, number, string, string, number, string | null]>(
      `INSERT INTO retention_seals (run_id, run_key, workspace_id, seq, head_hash, class, at, signature)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (run_id) DO UPDATE SET class = excluded.class, at = excluded.at, signature = excluded.signature`,
    ),
  }
}
