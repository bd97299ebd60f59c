/**
 * The port `RunStore` over SQLite. Reads that belong to the engine's own work (load, timers, keys) go through the
 * writer's connection: they are points or short ranges, its cache is warm, and they see every commit (rule 29).
 */
import type Database from "better-sqlite3"
import type { EncodedEvent } from "../../core/run/chain.ts"
import type { TimerRow } from "../../core/views/rows.ts"
import type { BlobStore } from "../../ports/blob-store.ts"
import {
  type CommitOutcome,
  executionNumberKey,
  type IdempotentAnswer,
  type MessageRow,
  type OpenRun,
  type RunCommit,
  type RunStore,
  type StoredRun,
} from "../../ports/store.ts"
import { prepareReads, type ReadStatements } from "./read-statements.ts"
import type { SideLane } from "./side-lane.ts"
import type { Writer } from "./writer.ts"

/** What an erased payload reads as when a run is loaded: no event has such a one (rule 10). */
/** As SQLite has it. */
const noLimit = -1

const erasedPayload = "null"

export interface StoreParts {
  readonly db: Database.Database
  readonly writer: Writer
  readonly lane: SideLane
  readonly blobs: BlobStore
  /** Of runs that were taken out of the archive. */
  readonly archivedBlobs: (hashes: readonly string[]) => Promise<ReadonlyMap<string, string>>
  readonly onClose: () => Promise<void>
}

export class SqliteStore implements RunStore {
  readonly #parts: StoreParts
  readonly #read: ReadStatements

  constructor(parts: StoreParts) {
    this.#parts = parts
    this.#read = prepareReads(parts.db)
  }

  async commit(commits: readonly RunCommit[]): Promise<CommitOutcome> {
    const blobs = commits.flatMap((commit) => commit.blobs)
    if (blobs.length > 0) {
      const failed = await this.#parts.blobs.write(blobs).then(() => null, blobRefusal)
      if (failed !== null) return failed
    }
    return this.#parts.writer.commit(commits)
  }

  async load(runId: string, codec: string, eventsMax = noLimit): Promise<StoredRun | null> {
    const run = this.#read.runHead.get(runId)
    if (run === undefined) return null
    const snapshot = this.#read.snapshot.get(run.runKey, codec) ?? null
    const events = this.#events(run.runKey, snapshot?.seq ?? 0, eventsMax)
    return { runId, snapshot, events, seq: run.seq, headHash: run.headHash, isCleared: run.cleared === 1 }
  }

  async eventsAfter(runId: string, seq: number, limit: number): Promise<readonly EncodedEvent[]> {
    const run = this.#read.runHead.get(runId)
    return run === undefined ? [] : this.#events(run.runKey, seq, limit)
  }

  #events(runKey: number, seq: number, limit: number): EncodedEvent[] {
    return this.#read.eventsAfter.all(runKey, seq, limit).map((event): EncodedEvent => {
      return event.payload === null ? { ...event, payload: erasedPayload, salt: "" } : (event as EncodedEvent)
    })
  }

  async blobs(hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = await this.#parts.blobs.read(hashes)
    const missing = hashes.filter((hash) => !found.has(hash))
    return missing.length === 0 ? found : new Map([...found, ...(await this.#parts.archivedBlobs(missing))])
  }

  async openRuns(after: string | null, limit: number): Promise<readonly OpenRun[]> {
    return this.#read.openRuns.all(after ?? "", limit)
  }

  async dueTimers(before: number, limit: number): Promise<readonly TimerRow[]> {
    return this.#read.dueTimers.all(before, limit)
  }

  async messages(after: string | null, limit: number): Promise<readonly MessageRow[]> {
    return this.#read.messages.all(after, limit)
  }

  forgetMessages(messageIds: readonly string[]): Promise<void> {
    return this.#parts.lane.write(() => {
      for (const messageId of messageIds) this.#read.forgetMessage.run(messageId)
    })
  }

  async findAnswer(scope: string, key: string, now: number): Promise<IdempotentAnswer | null> {
    return this.#read.answer.get(scope, key, now) ?? null
  }

  async findDefinitionKey(workspaceId: string, workflowId: string, key: string, now: number): Promise<string | null> {
    return this.#read.definitionKey.get(workspaceId, workflowId, key, now)?.runId ?? null
  }

  async executionNumbers(): Promise<ReadonlyMap<string, number>> {
    const rows = this.#read.executionNumbers.all()
    return new Map(rows.map((row) => [executionNumberKey(row.workspaceId, row.environment, row.workflowId), row.next]))
  }

  keepLateResult(
    runId: string,
    stepId: string,
    attempt: number,
    fence: number,
    at: number,
    result: string,
  ): Promise<void> {
    return this.#parts.lane.write(() => {
      this.#read.keepLateResult.run(runId, stepId, attempt, fence, at, result)
    })
  }

  position(): number {
    return this.#parts.writer.position
  }

  async close(): Promise<void> {
    this.#parts.lane.drain()
    await this.#parts.onClose()
  }
}

/** A blob that could not be kept: nothing was committed yet, so the batch is refused as a whole. */
function blobRefusal(error: unknown): CommitOutcome {
  const message = error instanceof Error ? error.message : String(error)
  const full = error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT")
  return {
    kind: "refused",
    runId: null,
    code: full ? "disk_full" : "constraint",
    message: `a large value could not be kept: ${message}`,
  }
}
