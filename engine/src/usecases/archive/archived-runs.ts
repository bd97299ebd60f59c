/**
 * Looking at runs that lie in the archive: what only their events tell is read from there, as if they had never left. A
 * batch is fetched once for all who ask, and stays in the room within its bound. It never decides who may look.
 */
import type { EncodedEvent } from "../../core/run/chain.ts"
import type { ArchiveBatch, ArchivedReads, ArchiveRoom, ArchiveShelf } from "../../ports/archive-shelf.ts"
import { ArchiveDamaged, type ArchiveStore, ArchiveUnavailable, BatchAway } from "../../ports/archive-store.ts"
import type { Clock } from "../../ports/clock.ts"
import type { RunInsights } from "../../ports/run-insights.ts"
import type { RunLogStore } from "../../ports/run-logs.ts"
import type { RunQueries } from "../../ports/run-queries.ts"
import type { ArchivedRanges } from "./archived-ranges.ts"
import { filesOf, hasLogs, isAway } from "./batch-contents.ts"
import { inTime } from "./in-time.ts"

export interface ArchivedRunsPorts {
  readonly shelf: Pick<ArchiveShelf, "batchOf" | "batch">
  readonly room: ArchiveRoom
  readonly store: ArchiveStore | null
  readonly ranges: ArchivedRanges
  readonly clock: Clock
}

/** Batches that are fetched or wait for it; each is some megabytes. */
const openingMax = 16
const eventsPerRead = 2_000
/** After a failure others are told at once. */
const pauseMs = 2_000

export class ArchivedRuns {
  readonly #ports: ArchivedRunsPorts
  readonly #opening = new Map<string, Promise<void>>()
  #turn: Promise<unknown> = Promise.resolve()
  #failed: { readonly until: number; readonly error: Error } | null = null

  constructor(ports: ArchivedRunsPorts) {
    this.#ports = ports
  }

  /** The same doors, with what lies in the archive read from there. */
  queries(under: RunQueries): RunQueries {
    return over(under, {
      events: (runId, page) =>
        page.near === true ? under.events(runId, page) : this.#read(runId, (from) => from.events(runId, page), under),
    })
  }

  insights(under: RunInsights): RunInsights {
    return over(under, {
      timeline: (runId, after, limit) => this.#read(runId, (from) => from.timeline(runId, after, limit), under),
      contextTextAt: (runId, at) => this.#read(runId, (from) => from.contextTextAt(runId, at), under),
      contextTextNow: (runId) => this.#read(runId, (from) => from.contextTextNow(runId), under),
      contextChanges: (runId, ...asked) => this.#read(runId, (from) => from.contextChanges(runId, ...asked), under),
      evaluate: (expression, runId, ...asked) =>
        runId === null
          ? under.evaluate(expression, runId, ...asked)
          : this.#read(runId, (from) => from.evaluate(expression, runId, ...asked), under),
      stepContext: (runId, stepId) => this.#read(runId, (from) => from.stepContext(runId, stepId), under),
      newestEvent: (runId, types, after) => this.#read(runId, (from) => from.newestEvent(runId, types, after), under),
    })
  }

  /** What agents logged, as long as it was kept when its run was archived. */
  logs(under: Pick<RunLogStore, "page">): Pick<RunLogStore, "page"> {
    return {
      page: async (runId, page) => {
        const batch = this.#ports.ranges.isEmpty ? null : await this.#ports.shelf.batchOf(runId)
        if (batch === null || !hasLogs(batch)) return under.page(runId, page)
        await this.#open(batch)
        return this.#ports.room.read(batch.batchId, (reads) => reads.logs(runId, page))
      },
    }
  }

  /** All that happened in it, for who runs it again. Null: it does not lie in the archive, or not whole. */
  async history(runId: string): Promise<readonly EncodedEvent[] | null> {
    if (this.#ports.ranges.isEmpty) return null
    const batch = await this.#ports.shelf.batchOf(runId)
    if (batch === null) return null
    await this.#open(batch)
    return this.#ports.room.read(batch.batchId, async (reads) => {
      const events: EncodedEvent[] = []
      for (;;) {
        const page = await reads.rawEvents(runId, events.at(-1)?.seq ?? 0, eventsPerRead)
        for (const event of page) {
          if (event.payload === null || event.salt === null || event.seq !== events.length + 1) return null
          events.push({ ...event, payload: event.payload, salt: event.salt })
        }
        if (page.length < eventsPerRead) return events.length === 0 ? null : events
      }
    })
  }

  /** For who goes through all batches: it leaves the room as it was. A batch that is gone meanwhile is passed over. */
  async inBatch(batchId: string, use: (place: string) => Promise<void>): Promise<void> {
    const { room, shelf } = this.#ports
    const batch = await shelf.batch(batchId)
    if (batch === null) return
    const wasThere = room.holds(batchId)
    await this.#open(batch)
    await room.read(batchId, (_reads, place) => use(place))
    if (!wasThere) await room.drop(batchId)
  }

  async #read<T, U>(runId: string, ask: (from: U) => Promise<T>, under: U): Promise<T> {
    if (this.#ports.ranges.isEmpty) return ask(under)
    const batch = await this.#ports.shelf.batchOf(runId)
    if (batch === null) return ask(under)
    await this.#open(batch)
    return this.#ports.room.read(batch.batchId, (reads: ArchivedReads) => ask(reads as unknown as U))
  }

  async #open(batch: ArchiveBatch): Promise<void> {
    if (this.#ports.room.holds(batch.batchId)) return
    const { clock } = this.#ports
    if (this.#failed !== null && clock.monotonic() < this.#failed.until) throw this.#failed.error
    let opening = this.#opening.get(batch.batchId)
    if (opening === undefined) {
      if (this.#opening.size >= openingMax)
        throw new ArchiveUnavailable("many archived runs are being opened; try again in a moment")
      opening = this.#inTurn(batch).finally(() => this.#opening.delete(batch.batchId))
      this.#opening.set(batch.batchId, opening)
    }
    await inTime(clock, opening)
  }

  /** One after the other, so that memory has one batch of files at a time. */
  #inTurn(batch: ArchiveBatch): Promise<void> {
    const turn = this.#turn.catch(() => {}).then(() => this.#fetch(batch))
    this.#turn = turn.catch(() => {})
    return turn
  }

  async #fetch(batch: ArchiveBatch): Promise<void> {
    const { shelf, store, room, clock } = this.#ports
    try {
      if (store === null) throw new ArchiveUnavailable("the run is archived, and no archive is configured now")
      const contents = await filesOf(store, batch)
      this.#failed = null
      if (contents.size === 0) throw new BatchAway(isAway(store, batch))
      await room.fill(batch, contents)
      if ((await shelf.batch(batch.batchId)) === null) {
        // Who erased a run of it looked into the room before it was there.
        await room.drop(batch.batchId)
        throw new BatchAway(`the batch ${batch.batchId} was written anew meanwhile; try again`)
      }
    } catch (error) {
      if (error instanceof BatchAway) throw error
      if (error instanceof ArchiveUnavailable) this.#failed = { until: clock.monotonic() + pauseMs, error }
      if (error instanceof ArchiveUnavailable || error instanceof ArchiveDamaged) throw error
      throw new ArchiveUnavailable(error instanceof Error ? error.message : String(error))
    }
  }
}

/** Another door with some of its answers changed. */
function over<T extends object>(under: T, changed: Partial<T>): T {
  return new Proxy(under, {
    get(target, name) {
      const own = changed[name as keyof T]
      if (own !== undefined) return own
      const found = Reflect.get(target, name, target)
      return typeof found === "function" ? found.bind(target) : found
    },
  })
}
