/**
 * The port `HistoryStore`: what `verify`, `fsck`, `rebuild` and `backup` need. Reading is done on a thread aside, so that
 * a look through a million runs leaves the engine's free; writing goes through the one writer (rule 26).
 */
import type Database from "better-sqlite3"
import type { StoredRows } from "../../core/audit/index.ts"
import type { Remark } from "../../core/remarks/remark.ts"
import type { Standing } from "../../core/remarks/standing.ts"
import { type HexSha256, sealRun } from "../../core/run/chain.ts"
import type { Rows } from "../../core/views/projection.ts"
import type { BlobStore } from "../../ports/blob-store.ts"
import type { CountAdrift, HistoryStore, LeftOfRun, RawEvent, WorkspaceHead } from "../../ports/history-store.ts"
import { backupDatabase } from "./backup.ts"
import { countTables } from "./count-tables.ts"
import { readMeta, writeMeta } from "./open-database.ts"
import type { ReaderPool } from "./reader-pool.ts"
import { RowReplacement } from "./replace-rows.ts"
import { StandingReplacement } from "./replace-standing.ts"
import { isGenuinePlace, isReached } from "./retention-places.ts"
import type { RunCounts } from "./run-counts.ts"
import { leftBy, type SealSigner } from "./run-seal.ts"
import type { SideLane } from "./side-lane.ts"

export interface HistoryParts {
  readonly db: Database.Database
  readonly lane: SideLane
  readonly readers: ReaderPool
  readonly blobs: BlobStore
  /** Of attachments. */
  readonly contents: { copyTo(folder: string): Promise<number> }
  readonly sha256: HexSha256
  /** Null: the key is not here, so that nobody can tell who wrote a seal. */
  readonly signer: SealSigner | null
  readonly counts: RunCounts
  /** Told inside the transaction that writes a run's row anew. */
  readonly replaced: (runId: string) => void
}

export class SqliteHistory implements HistoryStore {
  readonly #parts: HistoryParts
  readonly #replacement: RowReplacement
  readonly #standings: StandingReplacement

  constructor(parts: HistoryParts) {
    this.#parts = parts
    this.#replacement = new RowReplacement(parts.db, parts.counts)
    this.#standings = new StandingReplacement(parts.db)
  }

  runIds(after: string | null, limit: number): Promise<readonly string[]> {
    return this.#parts.readers.readAside("runIds", after, limit)
  }

  rawEvents(runId: string, after: number, limit: number): Promise<readonly RawEvent[]> {
    return this.#parts.readers.readAside("rawEvents", runId, after, limit)
  }

  rows(runId: string): Promise<StoredRows | null> {
    return this.#parts.readers.readAside("storedRows", runId)
  }

  async leftOf(runId: string): Promise<LeftOfRun | null> {
    const seal = await this.#parts.readers.readAside("leftOf", runId)
    return seal === null ? null : leftBy(this.#parts.signer, seal)
  }

  async valuesWent(runId: string): Promise<boolean | null> {
    const { signer, readers } = this.#parts
    const run = await readers.readAside("placeOver", runId)
    if (run?.place == null) return signer === null ? null : false
    const isGenuine = isGenuinePlace(signer, run.workspaceId, "io", run.place)
    return isGenuine && isReached(run.place, run)
  }

  replaceRows(runId: string, rows: Rows): Promise<void> {
    return this.#parts.lane.write(() => {
      this.#parts.replaced(runId)
      this.#replacement.replace(runId, rows)
    })
  }

  /** A question a table: each may take as long as a question may. */
  async countsAdrift(limit: number): Promise<readonly CountAdrift[]> {
    const found: CountAdrift[] = []
    for (const shape of Object.values(countTables)) {
      if (found.length === limit) break
      found.push(...(await this.#parts.readers.readAside("countsAdrift", shape, limit - found.length)))
    }
    return found
  }

  mendCounts(adrift: readonly CountAdrift[]): Promise<void> {
    return this.#parts.lane.write(() => {
      for (const one of adrift) this.#parts.counts.mend(one)
    })
  }

  remarks(runId: string, after: number, limit: number): Promise<readonly Remark[]> {
    return this.#parts.readers.readAside("remarks", runId, after, limit)
  }

  standing(runId: string): Promise<Standing | null> {
    return this.#parts.readers.readAside("standing", runId)
  }

  replaceStanding(runId: string, standing: Standing | null, ever: readonly string[]): Promise<boolean> {
    return this.#parts.lane.write(() => this.#standings.replace(runId, standing, ever))
  }

  workspaceHeads(
    after: { readonly workspaceId: string; readonly number: number } | null,
    limit: number,
  ): Promise<readonly WorkspaceHead[]> {
    return this.#parts.readers.readAside("workspaceHeads", after, limit)
  }

  workspaceHeadHash(head: Omit<WorkspaceHead, "hash">): string {
    const run = { workspaceId: head.workspaceId, runId: head.runId, seq: head.runSeq, headHash: head.runHead }
    return sealRun(this.#parts.sha256, { number: head.number - 1, hash: head.prevHash }, run).hash
  }

  async backup(file: string): Promise<{ readonly bytes: number; readonly position: number }> {
    const database = await backupDatabase(this.#parts.db, file)
    const blobs = await this.#parts.blobs.copyTo(`${file}.blobs`)
    const contents = await this.#parts.contents.copyTo(`${file}.attachments`)
    return { bytes: database.bytes + blobs + contents, position: database.position }
  }

  resumeDispatch(): Promise<boolean> {
    const { db, lane } = this.#parts
    return lane.write(() => {
      if (readMeta(db, "dispatch") !== "paused") return false
      writeMeta(db, "dispatch", "open")
      return true
    })
  }
}
