/**
 * All SSE readers of this server on one subscription to the feed. It attaches readers, hands events to rings and wakes
 * who waits; it keeps no event longer than the ring, and knows nothing of HTTP beyond the open response.
 */
import type { ServerResponse } from "node:http"
import { type Engine, type FeedEvent, filterAsksValues, type Remarked } from "@waybill/engine"
import { follow, type Source } from "./follow.ts"
import { type Frame, listFrame, opening, remarkFrame, resetFrame, runFrame } from "./frame.ts"
import { eventMatches, isListed, type ListFilter, rowMatches, valuesFor } from "./list-filter.ts"
import { Reader } from "./reader.ts"
import { Ring } from "./ring.ts"

export interface StreamOptions {
  readonly heartbeatMs: number
  /** A reader whose socket takes nothing for so long is closed. */
  readonly stallMs: number
  readonly readersMax: number
  /** Milliseconds that never go back. */
  readonly monotonic: () => number
}

const READ_LIMIT = 256
/** Of how many runs a list reader remembers whether they matched. */
const REMEMBERED_RUNS = 4_096
/** More that were said while a reader was away are not told one by one: it is told to ask for everything anew. */
const RESENT_REMARKS = 1_000

interface RunChannel {
  /** Frames are made when the first reader wants them. */
  readonly ring: Ring<() => Frame>
  readonly readers: Set<Reader>
}

interface ListEntry {
  readonly event: FeedEvent
  inside: Frame | null
  left: Frame | null
}

type Moved = Pick<FeedEvent, "runId" | "workflowId" | "environment" | "status">

export class StreamHub {
  private readonly engine: Engine
  private readonly options: StreamOptions
  private readonly runs = new Map<string, RunChannel>()
  private readonly listReaders = new Set<Reader>()
  private readonly listRing: Ring<ListEntry>
  /** While nobody reads, the engine puts no events together for us. */
  private unsubscribe: (() => void) | null = null
  private readonly remarkRing: Ring<Remarked>
  private forgetRemarks: (() => void) | null = null
  private newestRemark: number
  private readonly beats: NodeJS.Timeout
  private count = 0

  constructor(engine: Engine, options: StreamOptions) {
    this.engine = engine
    this.options = options
    this.listRing = new Ring(engine.feed.head())
    this.newestRemark = engine.remarks.newestKey()
    this.remarkRing = new Ring(this.newestRemark)
    this.beats = setInterval(() => this.beat(), Math.max(1, options.heartbeatMs / 3))
    this.beats.unref()
  }

  get isFull(): boolean {
    return this.count >= this.options.readersMax
  }

  /** `asked`: the last `seq` the reader has; beyond `head` it begins anew (a restore turned back time). */
  async followRun(response: ServerResponse, runId: string, asked: number, head: number): Promise<void> {
    const channel = this.runs.get(runId) ?? { ring: new Ring<() => Frame>(0), readers: new Set<Reader>() }
    this.runs.set(runId, channel)
    const isBeyond = asked > head
    await this.serve(response, channel.readers, isBeyond ? resetFrame(0, head, asked) : null, (reader) =>
      follow(reader, this.runSource(runId, channel), isBeyond ? 0 : asked, "store", this.options.monotonic),
    )
    if (channel.readers.size === 0) this.runs.delete(runId)
  }

  /** `after` null: live from now. */
  async followList(response: ServerResponse, filter: ListFilter, after: number | null): Promise<void> {
    const head = this.engine.feed.head()
    if (this.listReaders.size === 0) this.listRing.skipTo(head)
    const isBeyond = after !== null && after > head
    const start = after === null || isBeyond ? head : after
    if (this.forgetRemarks === null) this.newestRemark = this.engine.remarks.newestKey()
    if (this.listReaders.size === 0) this.remarkRing.skipTo(this.newestRemark)
    const missed = after === null ? this.newestRemark : this.engine.remarks.keyAt(start)
    const isFar = this.newestRemark - missed > RESENT_REMARKS
    const reset = isBeyond || isFar ? resetFrame(start, head, after ?? head) : null
    const key = isFar ? this.newestRemark : missed
    const matched = new Map<string, boolean>()
    await this.serve(response, this.listReaders, reset, (reader) =>
      follow(
        reader,
        this.listSource(filter, matched),
        start,
        "ring",
        this.options.monotonic,
        this.remarkSource(filter, matched, key),
      ),
    )
  }

  /** Ends every stream; readers come back with their last id. */
  close(): void {
    this.unsubscribe?.()
    this.unsubscribe = null
    this.forgetRemarks?.()
    this.forgetRemarks = null
    clearInterval(this.beats)
    for (const reader of this.allReaders()) reader.close()
  }

  private async serve(
    response: ServerResponse,
    readers: Set<Reader>,
    reset: Buffer | null,
    run: (reader: Reader) => Promise<void>,
  ): Promise<void> {
    const reader = new Reader(response, this.options.monotonic())
    readers.add(reader)
    this.count++
    // Attached before the store is read: what is committed from now on is in a ring (rule 27).
    this.unsubscribe ??= this.engine.feed.subscribe((events) => this.onEvents(events))
    this.forgetRemarks ??= this.engine.remarks.subscribe((remarked) => this.onRemarks(remarked))
    try {
      await reader.write(reset === null ? opening : Buffer.concat([opening, reset]), this.options.monotonic)
      await run(reader)
    } finally {
      readers.delete(reader)
      this.count--
      reader.close()
      if (this.count === 0) {
        this.unsubscribe?.()
        this.unsubscribe = null
        this.forgetRemarks?.()
        this.forgetRemarks = null
      }
    }
  }

  private onEvents(events: readonly FeedEvent[]): void {
    const touched = new Set<Reader>()
    for (const event of events) {
      const channel = this.runs.get(event.runId)
      if (channel !== undefined) {
        let frame: Frame | null = null
        channel.ring.push(event.seq, () => {
          frame ??= runFrame(event)
          return frame
        })
        for (const reader of channel.readers) touched.add(reader)
      }
      if (this.listReaders.size === 0) this.listRing.skipTo(event.position)
      else this.listRing.push(event.position, { event, inside: null, left: null })
    }
    for (const reader of touched) reader.wake()
    for (const reader of this.listReaders) reader.wake()
  }

  private onRemarks(remarked: readonly Remarked[]): void {
    for (const one of remarked) {
      this.newestRemark = one.key
      if (this.listReaders.size === 0) this.remarkRing.skipTo(one.key)
      else this.remarkRing.push(one.key, one)
    }
    for (const reader of this.listReaders) reader.wake()
  }

  private runSource(runId: string, { ring }: RunChannel): Source {
    const { queries } = this.engine
    return {
      async read(cursor) {
        const rows = await queries.events(runId, { after: cursor, types: [], limit: READ_LIMIT })
        return { frames: rows.map(runFrame), more: rows.length === READ_LIMIT }
      },
      live(cursor) {
        if (!ring.holds(cursor)) return null
        const frames = ring.after(cursor).map((make) => make())
        // `seq` has no gaps: a hole is what was committed before the ring was attached and is read from the store.
        return frames[0] !== undefined && frames[0].id !== cursor + 1 ? null : frames
      },
    }
  }

  /** What was said beside runs after `key`, by the same filter and with the same memory of what matched. */
  private remarkSource(
    filter: ListFilter,
    matched: Map<string, boolean>,
    key: number,
  ): () => Promise<readonly Buffer[]> {
    let at = key
    return async () => {
      if (this.newestRemark <= at) return []
      const ring = this.remarkRing.holds(at) ? this.remarkRing.after(at) : null
      const remarked = ring ?? (await this.engine.remarks.since(at, READ_LIMIT))
      const said: Buffer[] = []
      for (const one of remarked) {
        at = one.key
        if (one.workspaceId !== filter.workspaceId) continue
        const { runId } = one.remark
        const matches = await this.matches(filter, { ...one, runId })
        const before = matched.get(runId) ?? true
        remember(matched, runId, matches)
        if (matches || before) said.push(remarkFrame(one, matches))
      }
      return said
    }
  }

  private listSource(filter: ListFilter, matched: Map<string, boolean>): Source {
    const { feed } = this.engine
    const frameOf = async (entry: ListEntry): Promise<Frame> => {
      const { event } = entry
      if (event.workspaceId !== filter.workspaceId) return { id: event.position, bytes: null, isLast: false }
      const matches = await this.matches(filter, event)
      // A run that nobody remembers may have matched before; one that just began cannot.
      const before = matched.get(event.runId) ?? event.seq > 1
      remember(matched, event.runId, matches)
      if (matches) {
        entry.inside ??= listFrame(event, true)
        return entry.inside
      }
      if (!before) return { id: event.position, bytes: null, isLast: false }
      entry.left ??= listFrame(event, false)
      return entry.left
    }
    return {
      async read(cursor) {
        const events = await feed.since(cursor, READ_LIMIT)
        const frames = await asFarAsRead(
          events.map((event) => ({ event, inside: null, left: null })),
          frameOf,
        )
        return { frames, more: events.length === READ_LIMIT || frames.length < events.length }
      },
      live: async (cursor) => {
        if (!this.listRing.holds(cursor)) return null
        return asFarAsRead(this.listRing.after(cursor), frameOf)
      },
    }
  }

  private async matches(filter: ListFilter, event: Moved): Promise<boolean> {
    if (!eventMatches(filter, event)) return false
    if (!filter.needsRow) return true
    const row = await this.engine.queries.run(event.runId)
    const standing = await this.engine.queries.standing(event.runId)
    if (row === null || standing === null) return false
    const isArchived = this.engine.queries.isArchived(row)
    if (isArchived && filterAsksValues(filter.filter)) return isListed(this.engine, filter, row)
    const values = await valuesFor(this.engine, filter.filter, row)
    const is = {
      isArchived,
      isStalled: this.engine.queries.isStalled(row.runId),
      isLate: this.engine.queries.isLate(row),
    }
    return rowMatches(filter, event, row, standing, values, Date.now(), is)
  }

  private beat(): void {
    const now = this.options.monotonic()
    for (const reader of this.allReaders()) reader.beat(now, this.options.heartbeatMs, this.options.stallMs)
  }

  private allReaders(): readonly Reader[] {
    return [...this.listReaders, ...[...this.runs.values()].flatMap((channel) => [...channel.readers])]
  }
}

/** A run that cannot be read breaks the stream, but not before what happened in front of it is told. */
async function asFarAsRead(
  entries: readonly ListEntry[],
  frameOf: (entry: ListEntry) => Promise<Frame>,
): Promise<readonly Frame[]> {
  const frames: Frame[] = []
  for (const entry of entries)
    try {
      frames.push(await frameOf(entry))
    } catch (error) {
      if (frames.length === 0) throw error
      break
    }
  return frames
}

function remember(matched: Map<string, boolean>, runId: string, matches: boolean): void {
  matched.delete(runId)
  matched.set(runId, matches)
  if (matched.size > REMEMBERED_RUNS) matched.delete(matched.keys().next().value!)
}
