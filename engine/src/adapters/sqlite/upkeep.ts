/**
 * What has to be cleared away from time to time: keys that have expired, large values that no event names, and contents
 * of attachments that no row names. It works in small pieces through the lane of side writes, and never in the way of a commit.
 */
import type Database from "better-sqlite3"
import type { BlobStore } from "../../ports/blob-store.ts"
import { readMeta, writeMeta } from "./open-database.ts"
import type { ReaderPool } from "./reader-pool.ts"
import type { SideLane } from "./side-lane.ts"

/** Contents of attachments, and whether one is anybody's. */
export interface KeptContents {
  isNamed(file: string): boolean
  sweep(inUse: (file: string) => boolean, olderThan: number): Promise<readonly string[]>
}

export interface UpkeepParts {
  readonly db: Database.Database
  readonly lane: SideLane
  readonly readers: ReaderPool
  readonly blobs: BlobStore
  readonly contents: KeptContents
  readonly now: () => number
}

const hourMs = 3_600_000

/** A blob is written before its event is committed: young ones are left alone (rule 20). */
const blobAgeMs = 24 * hourMs
const sweepEveryMs = 24 * hourMs
const sweptAt = "blobs_swept_at"
const rowsPerWrite = 500
const eventsPerLook = 5_000

export class Upkeep {
  readonly #parts: UpkeepParts
  readonly #deletes: readonly Database.Statement<[number, number]>[]
  #timer: NodeJS.Timeout | null = null

  constructor(parts: UpkeepParts) {
    this.#parts = parts
    const expired = (table: string, key: string) =>
      parts.db.prepare<[number, number]>(
        `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE expires_at <= ? LIMIT ?)`,
      )
    this.#deletes = [
      expired("workflow_idempotency", "scope, key"),
      expired("workflow_definition_keys", "workspace_id, workflow_id, key"),
    ]
  }

  /** Every hour the keys, every day the blobs. */
  start(failed: (error: unknown) => void): void {
    this.#timer = setInterval(() => void this.hourly().catch(failed), hourMs).unref()
  }

  /** The day is the store's: a process that lives for hours only sweeps too. */
  async hourly(): Promise<void> {
    await this.clearKeys()
    const now = this.#parts.now()
    const last = Number(readMeta(this.#parts.db, sweptAt) ?? Number.NEGATIVE_INFINITY)
    if (now - last < sweepEveryMs) return
    await this.sweepBlobs()
    await this.sweepContents()
    await this.#parts.lane.write(() => writeMeta(this.#parts.db, sweptAt, String(now)))
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }

  /** How many rows are gone. */
  async clearKeys(): Promise<number> {
    let gone = 0
    for (const statement of this.#deletes) {
      for (let changes = rowsPerWrite; changes === rowsPerWrite; gone += changes) {
        changes = await this.#parts.lane.write(() => statement.run(this.#parts.now(), rowsPerWrite).changes)
      }
    }
    return gone
  }

  /** Written before its row, and removed behind it: a crash in between leaves a file that is nobody's. */
  sweepContents(): Promise<readonly string[]> {
    const { contents, now } = this.#parts
    return contents.sweep((file) => contents.isNamed(file), now() - blobAgeMs)
  }

  /** The hashes of the values that are gone. */
  async sweepBlobs(): Promise<readonly string[]> {
    const olderThan = this.#parts.now() - blobAgeMs
    const named = new Set<string>()
    for (let after: number | null = 0; after !== null; ) {
      const found: { readonly hashes: readonly string[]; readonly next: number | null } =
        await this.#parts.readers.readAside("blobsNamed", after, eventsPerLook)
      for (const hash of found.hashes) named.add(hash)
      after = found.next
    }
    return this.#parts.blobs.sweep((hash) => named.has(hash), olderThan)
  }
}
