/**
 * The one live connection of a page. Counters in the navigation, the list and the open run all hang on it: it follows
 * the stream of ALL runs of the workspace, without a filter, and tells topics (`topics.ts`) apart on this side. A filter
 * on the server would blind the counters or need a second connection, and the list's own filter (`q`, `from`) is one
 * that no stream has; so messages only say that something moved, and what moved is asked for, each query at its own
 * pace (`refresher.ts`). Messages carry no payload, so a busy server costs about 350 bytes an event.
 *
 * It begins at the position at which the server wrote the page, so nothing lies between the first answer and the first
 * message. Broken, it comes back with its cursor; while it is away longer than `staleAfterMs`, polling takes over and the
 * state says how old the data is. A hidden tab lets go and catches up once. It is plain TypeScript: the clock, the page's
 * visibility and the network are given to it; it knows no query and no component.
 */
import type { FeedMessage } from "@waybill/contract"

export type LiveState =
  /** Not connected yet, for the first time. */
  | "connecting"
  | "live"
  /** The connection broke a moment ago; the data is hardly older than that. */
  | "reconnecting"
  /** It has been away for a while; polling keeps the data going. */
  | "stale"
  /** The tab is hidden. */
  | "paused"
  /** The server wants a key, or the page is being left. */
  | "closed"

export interface LiveStatus {
  readonly state: LiveState
  /** When what is shown was last known to be what the server has; milliseconds of `now`. */
  readonly freshAt: number
}

/** What came in one go. `everything`: more may have moved than the messages say. */
export interface LiveBatch {
  readonly messages: readonly FeedMessage[]
  readonly everything: boolean
}

export interface StreamItem {
  readonly id: string
  readonly event: string
  readonly data: unknown
}

export interface LivePorts {
  connect(after: number, signal: AbortSignal, onSign: () => void): AsyncIterable<StreamItem>
  /** The newest position of the server; rejects when it does not answer. */
  position(): Promise<number>
  /** Everything that is shown is asked for; resolves true when the server answered. */
  poll(): Promise<boolean>
  /** An error after which coming back is of no use: the key is not known. */
  isFinal(error: unknown): boolean
  now(): number
  setTimer(run: () => void, ms: number): unknown
  clearTimer(timer: unknown): void
}

export interface LiveOptions {
  /** Messages are handed on in batches this long. */
  readonly batchMs: number
  readonly retryMsFirst: number
  readonly retryMsMax: number
  /** After 15 s of silence the server sends a comment, up to 5 s late; a connection without two of them is gone. */
  readonly silentMs: number
  readonly staleAfterMs: number
  readonly pollMs: number
  /** With more events than this missed, they are not replayed: everything is asked for once. */
  readonly replayMax: number
}

export const liveDefaults: LiveOptions = {
  batchMs: 100,
  retryMsFirst: 250,
  retryMsMax: 8_000,
  silentMs: 32_000,
  staleAfterMs: 5_000,
  pollMs: 5_000,
  replayMax: 2_000,
}

export class LiveConnection {
  private readonly ports: LivePorts
  private readonly options: LiveOptions
  private readonly listeners = new Set<(batch: LiveBatch) => void>()
  private readonly watchers = new Set<() => void>()
  private current: LiveStatus
  private cursor: number | null
  private pending: FeedMessage[] = []
  private wholly = false
  private batchTimer: unknown = null
  private staleTimer: unknown = null
  private pollTimer: unknown = null
  private retryTimer: unknown = null
  private silentTimer: unknown = null
  private attempt: AbortController | null = null
  private tries = 0
  private heardAt: number

  /** `cursor`: the position at which the page was written; null when it is not known. */
  constructor(ports: LivePorts, cursor: number | null, options: Partial<LiveOptions> = {}) {
    this.ports = ports
    this.options = { ...liveDefaults, ...options }
    this.cursor = cursor
    this.heardAt = ports.now()
    this.current = { state: "connecting", freshAt: this.heardAt }
  }

  readonly status = (): LiveStatus => this.current

  /** Told of each batch; returns how to stop. */
  readonly subscribe = (listener: (batch: LiveBatch) => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Told when the status changes. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  start(): void {
    if (this.attempt !== null) return
    this.becomeAway("connecting")
    void this.begin()
  }

  /** The tab is hidden: let go. */
  pause(): void {
    if (this.current.state === "closed" || this.current.state === "paused") return
    const freshAt = this.current.state === "live" ? this.heardAt : this.current.freshAt
    this.letGo()
    this.become("paused", freshAt)
  }

  /** The tab is seen again: catch up once. */
  resume(): void {
    if (this.current.state !== "paused") return
    this.tries = 0
    this.becomeAway("reconnecting")
    void this.begin()
  }

  close(): void {
    this.letGo()
    this.become("closed")
  }

  /** A key was entered, or somebody does not want to wait. */
  retry(): void {
    if (this.current.state === "live" || this.current.state === "paused") return
    this.letGo()
    this.tries = 0
    this.becomeAway("reconnecting")
    void this.begin()
  }

  private async begin(): Promise<void> {
    const attempt = new AbortController()
    this.attempt = attempt
    this.expectSign(attempt)
    try {
      await this.findPlace(attempt.signal)
      if (attempt.signal.aborted) return
      const stream = this.ports.connect(this.cursor ?? 0, attempt.signal, () => this.heard(attempt))
      for await (const item of stream) {
        if (attempt.signal.aborted) return
        this.take(item)
      }
      this.broken(attempt, null)
    } catch (error) {
      this.broken(attempt, error)
    }
  }

  /** Where to go on: at the cursor, or, when too much was missed, at the newest position with everything asked anew. */
  private async findPlace(signal: AbortSignal): Promise<void> {
    const isFirst = this.current.state === "connecting" && this.cursor !== null
    if (isFirst) return
    const head = await this.ports.position()
    if (signal.aborted) return
    const { cursor } = this
    const isNear = cursor !== null && head >= cursor && head - cursor <= this.options.replayMax
    if (isNear) return
    this.cursor = head
    this.hand(null, true)
  }

  private take({ event, id, data }: StreamItem): void {
    const position = Number(id)
    if (Number.isSafeInteger(position) && id !== "") this.cursor = position
    // A restore turned back time: nothing that is shown can be believed.
    if (event === "reset") this.hand(null, true)
    else this.hand(data as FeedMessage, false)
  }

  private hand(message: FeedMessage | null, everything: boolean): void {
    if (message !== null) this.pending.push(message)
    this.wholly ||= everything
    this.batchTimer ??= this.ports.setTimer(() => this.flush(), this.options.batchMs)
  }

  private flush(): void {
    this.batchTimer = null
    const batch = { messages: this.pending, everything: this.wholly }
    this.pending = []
    this.wholly = false
    for (const listener of this.listeners) listener(batch)
  }

  private heard(attempt: AbortController): void {
    if (attempt.signal.aborted) return
    this.tries = 0
    this.heardAt = this.ports.now()
    this.expectSign(attempt)
    if (this.current.state === "live") return
    this.clear("staleTimer")
    this.clear("pollTimer")
    this.become("live", this.heardAt)
  }

  private expectSign(attempt: AbortController): void {
    this.clear("silentTimer")
    this.silentTimer = this.ports.setTimer(() => this.silent(attempt), this.options.silentMs)
  }

  private silent(attempt: AbortController): void {
    attempt.abort()
    this.broken(attempt, new Error("the stream fell silent"), true)
  }

  private broken(attempt: AbortController, error: unknown, isOurs = false): void {
    if (this.attempt !== attempt || (attempt.signal.aborted && !isOurs)) return
    this.attempt = null
    this.clear("silentTimer")
    if (error !== null && this.ports.isFinal(error)) return this.close()
    if (this.current.state === "live") this.becomeAway("reconnecting", this.heardAt)
    const wait = Math.min(this.options.retryMsMax, this.options.retryMsFirst * 2 ** this.tries)
    this.tries++
    this.retryTimer = this.ports.setTimer(() => void this.begin(), wait)
  }

  private becomeAway(state: "connecting" | "reconnecting", freshAt = this.current.freshAt): void {
    this.become(state, freshAt)
    this.staleTimer ??= this.ports.setTimer(() => {
      this.become("stale")
      void this.pollOnce()
    }, this.options.staleAfterMs)
  }

  private async pollOnce(): Promise<void> {
    const askedAt = this.ports.now()
    const answered = await this.ports.poll().catch(() => false)
    if (this.current.state !== "stale") return
    if (answered) this.become("stale", askedAt)
    this.clear("pollTimer")
    this.pollTimer = this.ports.setTimer(() => void this.pollOnce(), this.options.pollMs)
  }

  private letGo(): void {
    const { attempt } = this
    this.attempt = null
    attempt?.abort()
    for (const timer of ["staleTimer", "pollTimer", "retryTimer", "silentTimer"] as const) this.clear(timer)
  }

  private clear(name: "staleTimer" | "pollTimer" | "retryTimer" | "silentTimer"): void {
    if (this[name] !== null) this.ports.clearTimer(this[name])
    this[name] = null
  }

  private become(state: LiveState, freshAt = this.current.freshAt): void {
    this.current = { state, freshAt }
    for (const watcher of this.watchers) watcher()
  }
}
