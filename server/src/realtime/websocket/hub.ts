/**
 * All WebSockets of this server on one subscription to the feed: events of workflows that somebody watches are noted,
 * told in order, encoded once, and sent to whom they concern. What waits to be told is bounded, as is what waits to be
 * taken. It keeps no history: who comes back asks `/api/workflows` for what they missed.
 */
import { setImmediate as turn } from "node:timers/promises"
import type { WebSocket } from "@fastify/websocket"
import type { Engine, EventType, FeedEvent, StepRow } from "@waybill/engine"
import { type Noted, type Told, tell, toldTypes } from "./message.ts"
import { closeCodes, defaultSocketLimits, Socket, type SocketLimits } from "./socket.ts"

export interface SocketOptions extends Partial<SocketLimits> {
  readonly heartbeatMs: number
  /** A reader that answers no ping for so long is gone. */
  readonly stallMs: number
  readonly readersMax: number
  readonly monotonic: () => number
}

/** What a socket is told of. */
export interface Watch {
  readonly workspaceId: string
  readonly workflowId: string
  /** Null: in every environment. */
  readonly environment: string | null
  /** A step's place; null: the runs, and all of their steps. */
  readonly place: string | null
}

/** Sockets between two turns of the loop. */
const sentAtOnce = 128
const NOTED_MAX = 4_096
/** Steps of which is remembered where their row stands. */
const STEPS_MAX = 10_000

export class SocketHub {
  readonly #engine: Engine
  readonly #options: SocketOptions
  readonly #log: (error: unknown) => void
  readonly #watchers = new Map<string, Map<Socket, Watch>>()
  readonly #steps = new Map<string, number>()
  #noted: Noted[] = []
  #isTelling = false
  #count = 0
  #unsubscribe: (() => void) | null = null
  #whenEmpty: (() => void) | null = null
  readonly #beats: NodeJS.Timeout

  constructor(engine: Engine, options: SocketOptions, log: (error: unknown) => void) {
    this.#engine = engine
    this.#options = options
    this.#log = log
    this.#beats = setInterval(() => this.#beat(), options.heartbeatMs)
    this.#beats.unref()
  }

  get isFull(): boolean {
    return this.#count >= this.#options.readersMax
  }

  add(raw: WebSocket, watch: Watch): void {
    const watchers = this.#watchers.get(watch.workflowId) ?? new Map<Socket, Watch>()
    this.#watchers.set(watch.workflowId, watchers)
    const socket = new Socket(raw, { ...defaultSocketLimits, ...this.#options }, () => this.#gone(socket, watch))
    watchers.set(socket, watch)
    this.#count++
    this.#unsubscribe ??= this.#engine.feed.subscribe((events) => this.#note(events))
  }

  /** Resolves when all are closed: in order, or cut after a while. */
  async close(): Promise<void> {
    clearInterval(this.#beats)
    for (const socket of this.#all()) socket.close(closeCodes.goingAway, "the server is going down")
    if (this.#count > 0)
      await new Promise<void>((resolve) => {
        this.#whenEmpty = resolve
      })
  }

  #gone(socket: Socket, { workflowId }: Watch): void {
    const watchers = this.#watchers.get(workflowId)
    if (watchers?.delete(socket) !== true) return
    if (watchers.size === 0) this.#watchers.delete(workflowId)
    this.#count--
    if (this.#count > 0) return
    // While nobody watches, the engine puts no events together for us.
    this.#unsubscribe?.()
    this.#unsubscribe = null
    this.#noted = []
    this.#steps.clear()
    this.#whenEmpty?.()
  }

  #note(events: readonly FeedEvent[]): void {
    for (const event of events) {
      if (!toldTypes.has(event.type) || !this.#watchers.has(event.workflowId)) continue
      if (event.type === "state.entered") this.#remember(event)
      this.#noted.push(notedOf(event))
    }
    if (this.#noted.length > NOTED_MAX) this.#overflow()
    else void this.#tellAll()
  }

  /** More happens than can be told: better an end with a code than a story with holes. */
  #overflow(): void {
    this.#noted = []
    for (const socket of this.#all()) socket.close(closeCodes.tryAgainLater, "more happens than can be told")
  }

  async #tellAll(): Promise<void> {
    if (this.#isTelling) return
    this.#isTelling = true
    try {
      while (this.#noted.length > 0) {
        const batch = this.#noted
        this.#noted = []
        for (const noted of batch) await this.#tell(noted)
      }
    } finally {
      this.#isTelling = false
    }
  }

  async #tell(noted: Noted): Promise<void> {
    const watchers = this.#watchers.get(noted.workflowId)
    if (watchers === undefined) return
    try {
      const told = await tell(noted, this.#engine, (of) => this.#findStep(of))
      if (told === null) return
      const text = Buffer.from(JSON.stringify(told.message))
      let sent = 0
      for (const [socket, watch] of [...watchers]) {
        if (!concerns(watch, noted, told)) continue
        socket.send(text, this.#count)
        // Of many, the runs that go on meanwhile get their turns in between.
        if (++sent % sentAtOnce === 0) await turn()
      }
    } catch (error) {
      this.#log(error)
    }
  }

  #remember({ runId, stepId, seq }: FeedEvent): void {
    this.#steps.set(`${runId}/${stepId}`, seq)
    if (this.#steps.size > STEPS_MAX) this.#steps.delete(this.#steps.keys().next().value!)
  }

  async #findStep({ type, runId, stepId }: Noted): Promise<StepRow | null> {
    if (stepId === null) return null
    const { queries, insights } = this.#engine
    const seq = this.#steps.get(`${runId}/${stepId}`)
    if (type === "state.exited") this.#steps.delete(`${runId}/${stepId}`)
    if (seq === undefined) return insights.step(runId, stepId)
    const [row] = await queries.steps(runId, seq - 1, 1)
    return row?.stepId === stepId ? row : insights.step(runId, stepId)
  }

  #beat(): void {
    const now = this.#options.monotonic()
    for (const socket of this.#all()) socket.beat(now, this.#options.stallMs)
  }

  #all(): readonly Socket[] {
    return [...this.#watchers.values()].flatMap((watchers) => [...watchers.keys()])
  }
}

/** An output may be large, and is not told from here. */
function notedOf({ type, runId, workflowId, workspaceId, environment, seq, at, stepId, payload }: FeedEvent): Noted {
  const kept = type === "run.completed" ? null : payload
  return { type: type as EventType, runId, workflowId, workspaceId, environment, seq, at, stepId, payload: kept }
}

function concerns(watch: Watch, noted: Noted, told: Told): boolean {
  if (watch.workspaceId !== noted.workspaceId) return false
  if (watch.environment !== null && watch.environment !== noted.environment) return false
  return watch.place === null || watch.place === told.place
}
