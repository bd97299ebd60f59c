/**
 * Loads the list and keeps it right: pages by cursor as the reader comes near the end, the rows in view whenever their
 * runs move, and the list's beginning to count what is new. It moves no row by itself. At most one question of each kind
 * is under way, and live changes are taken up at most twice a second. Plain TypeScript: clock and network are given.
 */
import type { RunPage, RunSummary } from "@waybill/contract"
import { compared, heldAround, listOf, pagesMissing, type RunListData, renewed, withPage } from "./run-list.ts"

export interface RunLoaderPorts {
  askPage(cursor: string | null): Promise<RunPage>
  /** Runs by their ids, whatever the list's query is; at most `renewedMax` of them. */
  askRuns(ids: readonly string[]): Promise<readonly RunSummary[]>
  now(): number
  setTimer(run: () => void, ms: number): unknown
}

export interface RunListState {
  /** Null until the first page is there. */
  readonly data: RunListData | null
  readonly isLoading: boolean
  /** Of the last question that failed; the rows that are there stay. */
  readonly error: unknown
  /** What failed: a page of the list, or the renewal of what is there. */
  readonly failed: "page" | "renewal" | null
}

/** As many ids as one query takes, with room for its field. */
export const renewedMax = 60
const LIVE_EVERY_MS = 500
/** Rows in full on either side of the view. */
const HELD_AROUND = 300
const OLD_AFTER_MS = 20_000
/** A renewal that failed while the connection stands is tried again. */
const AGAIN_AFTER_MS = 5_000

const noError = { error: null, failed: null } as const

export class RunLoader {
  private readonly ports: RunLoaderPorts
  private readonly listeners = new Set<() => void>()
  private state: RunListState = { data: null, isLoading: false, error: null, failed: null }
  private view = { from: 0, to: 0 }
  /** The cursor of the page that was asked for last; null: the first one. */
  private wanted: string | null = null
  private readonly moved = new Set<string>()
  private anyMoved = false
  private isPlanned = false
  private isRenewing = false
  private renewedAt = Number.NEGATIVE_INFINITY

  constructor(ports: RunLoaderPorts) {
    this.ports = ports
  }

  readonly get = (): RunListState => this.state

  readonly subscribe = (listener: () => void): (() => void) => {
    const isFirst = this.listeners.size === 0
    this.listeners.add(listener)
    if (isFirst) this.wake()
    return () => this.listeners.delete(listener)
  }

  /** Asks for the first page, unless it is there or on its way. */
  start(): void {
    if (this.state.data === null && !this.state.isLoading) void this.load(null)
  }

  /** Begins the list anew, with what is new; the rows that are there stay until then. */
  readonly show = (): void => void this.load(null)

  /** The next page, when there is one and the last question did not fail. */
  readonly more = (): void => {
    const next = this.state.data?.next ?? null
    if (next !== null && !this.state.isLoading && this.state.error === null) void this.load(next)
  }

  /** What failed is asked again; rows that are there stay where they are. */
  readonly retry = (): void => {
    const { failed } = this.state
    if (failed === "renewal") this.renewAll().catch(() => undefined)
    else if (failed === "page") void this.load(this.wanted)
  }

  /** Which rows are seen: what is loaded and kept goes by this. */
  readonly look = (from: number, to: number): void => {
    this.view = { from, to }
    if (this.state.data !== null && this.hasWorkInView(this.state.data)) this.plan()
  }

  /** These runs moved. */
  readonly take = (runIds: readonly string[]): void => {
    for (const id of runIds) if (this.state.data?.rows.has(id)) this.moved.add(id)
    if (this.state.data !== null) this.plan()
  }

  /** Any run may have moved; rejects when the server does not answer. */
  readonly renewAll = async (): Promise<void> => {
    this.anyMoved = true
    if (this.state.data === null) return this.start()
    if (this.isRenewing) return this.plan()
    await this.renew()
    if (this.state.error !== null) throw this.state.error
  }

  /** Somebody looks again, maybe after a while: at the top they want to see how things are now. */
  private wake(): void {
    if (this.state.data === null) return this.start()
    if (this.ports.now() - this.renewedAt < OLD_AFTER_MS) return
    if (this.view.from === 0) this.show()
    else {
      this.anyMoved = true
      this.plan()
    }
  }

  private async load(cursor: string | null): Promise<void> {
    if (this.state.isLoading) return
    this.wanted = cursor
    this.change({ isLoading: true, ...noError })
    try {
      const page = await this.ports.askPage(cursor)
      const { data } = this.state
      if (cursor === null || data === null) this.beginWith(page)
      else this.change({ data: this.within(withPage(data, cursor, page)), isLoading: false })
    } catch (error) {
      this.change({ isLoading: false, error, failed: "page" })
    }
  }

  private beginWith(page: RunPage): void {
    this.moved.clear()
    this.view = { from: 0, to: this.view.to - this.view.from }
    this.renewedAt = this.ports.now()
    this.change({ data: listOf(page), isLoading: false })
  }

  private plan(): void {
    if (this.isPlanned || this.isRenewing || this.listeners.size === 0) return
    this.isPlanned = true
    const wait = Math.max(0, this.renewedAt + LIVE_EVERY_MS - this.ports.now())
    this.ports.setTimer(() => {
      this.isPlanned = false
      void this.renew()
    }, wait)
  }

  private async renew(): Promise<void> {
    const { data } = this.state
    if (data === null || this.isRenewing) return
    this.isRenewing = true
    this.renewedAt = this.ports.now()
    const { anyMoved } = this
    this.anyMoved = false
    if (anyMoved) for (const id of data.ids) this.moved.add(id)
    try {
      await this.askBeginning()
      await this.askRowsInView()
      if (this.state.error !== null) this.change(noError)
    } catch (error) {
      this.anyMoved ||= anyMoved
      this.change({ error, failed: "renewal" })
      this.ports.setTimer(() => this.state.failed === "renewal" && this.plan(), AGAIN_AFTER_MS)
      return
    } finally {
      this.isRenewing = false
    }
    if (this.anyMoved || (this.state.data !== null && this.hasWorkInView(this.state.data))) this.plan()
  }

  private async askBeginning(): Promise<void> {
    const page = await this.ports.askPage(null)
    const { data } = this.state
    if (data === null) return
    // There is nothing that could be moved under somebody's pointer.
    if (data.ids.length === 0 && page.items.length > 0) return this.beginWith(page)
    for (const { runId } of page.items) this.moved.delete(runId)
    this.change({ data: compared(data, page) })
  }

  private async askRowsInView(): Promise<void> {
    const { data } = this.state
    if (data === null) return
    for (const place of pagesMissing(data, this.view.from, this.view.to)) {
      const { items } = await this.ports.askPage(place.cursor)
      this.put(items)
    }
    const moved = this.movedInView(this.state.data ?? data)
    if (moved.length === 0) return
    for (const id of moved) this.moved.delete(id)
    this.put(await this.ports.askRuns(moved))
  }

  private put(runs: readonly RunSummary[]): void {
    if (this.state.data !== null) this.change({ data: this.within(renewed(this.state.data, runs)) })
  }

  private hasWorkInView(data: RunListData): boolean {
    return this.movedInView(data).length > 0 || pagesMissing(data, this.view.from, this.view.to).length > 0
  }

  private movedInView(data: RunListData): readonly string[] {
    if (this.moved.size === 0) return []
    const seen = data.ids.slice(this.view.from, this.view.to)
    return seen.filter((id) => this.moved.has(id)).slice(0, renewedMax)
  }

  private within(data: RunListData): RunListData {
    if (data.rows.size <= 4 * HELD_AROUND) return data
    return heldAround(data, this.view.from - HELD_AROUND, this.view.to + HELD_AROUND)
  }

  private change(change: Partial<RunListState>): void {
    this.state = { ...this.state, ...change }
    for (const listener of this.listeners) listener()
  }
}
