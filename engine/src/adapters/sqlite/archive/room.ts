/** The port `ArchiveRoom`: a database of its own beside the store, filled by the archive's thread and read by a reader's. */
import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import type {
  ArchiveBatch,
  ArchivedReads,
  ArchiveRoom,
  BatchContents,
  ContentRoom,
} from "../../../ports/archive-shelf.ts"
import { ArchiveDamaged } from "../../../ports/archive-store.ts"
import { ReaderPool } from "../reader-pool.ts"
import { ArchiveThread } from "./archive-thread.ts"
import { FileRoom } from "./file-room.ts"

export interface RoomParts {
  /** The database of the store. */
  readonly path: string
  /** Emptied at each start. */
  readonly folder: string
  readonly secret: string
  /** Of files of batches; what is looked at stays, however large. */
  readonly bytesMax: number
}

interface Held {
  readonly bytes: number
  readers: number
  /** With the last who reads it. */
  isLeaving: boolean
}

export class SqliteRoom implements ArchiveRoom {
  readonly thread: ArchiveThread
  readonly contents: ContentRoom
  readonly #parts: RoomParts
  /** In the order in which they were looked at. */
  readonly #held = new Map<string, Held>()
  #pool: ReaderPool | null = null
  #starts = 0

  constructor(parts: RoomParts) {
    this.#parts = parts
    rmSync(parts.folder, { recursive: true, force: true })
    this.contents = new FileRoom(join(parts.folder, "attachments"), parts.bytesMax)
    this.thread = new ArchiveThread(
      () => {
        mkdirSync(parts.folder, { recursive: true })
        this.#starts++
        return { path: parts.path, room: this.#path() }
      },
      () => this.#lost(),
    )
  }

  holds(batchId: string): boolean {
    return this.#held.has(batchId)
  }

  async fill(batch: ArchiveBatch, contents: BatchContents): Promise<void> {
    await this.#makeRoom(batch.bytes)
    const { findings, replaced } = await this.thread.ask("fill", batch, [...contents])
    const [finding] = findings
    if (finding !== undefined)
      throw new ArchiveDamaged(
        `batch ${batch.batchId} is not what was archived: ${finding.what}${finding.runId === "" ? "" : ` in ${finding.runId}`}`,
      )
    for (const batchId of replaced) this.#held.delete(batchId)
    this.#held.set(batch.batchId, { bytes: batch.bytes, readers: 0, isLeaving: false })
  }

  async read<T>(batchId: string, ask: (reads: ArchivedReads, place: string) => Promise<T>): Promise<T> {
    const held = this.#held.get(batchId)
    if (held === undefined) throw new Error(`batch ${batchId} is not in the room`)
    this.#held.delete(batchId)
    this.#held.set(batchId, held)
    held.readers++
    try {
      return await ask(this.#reads(), this.#path())
    } finally {
      held.readers--
      if (held.isLeaving && held.readers === 0) await this.drop(batchId)
    }
  }

  async drop(batchId: string): Promise<void> {
    const held = this.#held.get(batchId)
    if (held === undefined) return
    if (held.readers > 0) {
      held.isLeaving = true
      return
    }
    this.#held.delete(batchId)
    await this.thread.ask("drop", batchId)
  }

  async dropWith(runId: string): Promise<void> {
    if (this.#held.size === 0) return
    for (const batchId of await this.thread.ask("holding", runId)) await this.drop(batchId)
  }

  /** Large values of runs in the room; what is not there is absent. */
  async blobs(hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.#held.size === 0 ? new Map() : new Map(await this.thread.ask("blobs", hashes))
  }

  async close(): Promise<void> {
    await Promise.all([this.thread.close(), this.#pool?.close()])
    rmSync(this.#parts.folder, { recursive: true, force: true })
  }

  #reads(): ArchivedReads {
    this.#pool ??= new ReaderPool(this.#path(), this.#parts.secret, 1, {}, true)
    const pool = this.#pool
    return {
      events: (runId, page) => pool.read("events", runId, page),
      logs: (runId, page) => pool.read("runLogs", runId, page),
      rawEvents: (runId, after, limit) => pool.read("rawEvents", runId, after, limit),
      newestEvent: (runId, types, after) => pool.read("newestEvent", runId, types, after),
      timeline: (runId, after, limit) => pool.read("timeline", runId, after, limit),
      contextChanges: (...asked) => pool.read("contextChanges", ...asked),
      evaluate: (...asked) => pool.read("evaluate", ...asked),
      contextTextAt: (runId, at) => pool.read("contextTextAt", runId, at),
      contextTextNow: (runId) => pool.read("contextTextNow", runId),
      stepContext: (runId, stepId) => pool.read("stepContext", runId, stepId),
    }
  }

  async #makeRoom(bytes: number): Promise<void> {
    let sum = bytes
    for (const held of this.#held.values()) sum += held.bytes
    for (const [batchId, held] of this.#held) {
      if (sum <= this.#parts.bytesMax) return
      if (held.readers > 0) continue
      this.#held.delete(batchId)
      sum -= held.bytes
      await this.thread.ask("drop", batchId)
    }
  }

  /** The next thread begins with an empty room; questions under way end with the one before. */
  #lost(): void {
    this.#held.clear()
    void this.#pool?.close()
    this.#pool = null
  }

  #path(): string {
    return join(this.#parts.folder, `room-${this.#starts}.db`)
  }
}
