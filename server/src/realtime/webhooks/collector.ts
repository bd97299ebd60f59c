/**
 * Turns events into the messages that are owed for them, behind the commit: it reads the feed from a durable place, and
 * writes messages and the new place together, so that a crash anywhere makes each message exactly once. It sends nothing.
 */
import { createHash } from "node:crypto"
import type { WebhookEventName } from "@waybill/contract"
import type {
  AlertThread,
  Feed,
  FeedEvent,
  Queries,
  RunRow,
  StepRow,
  WebhookDelivery,
  WebhookStore,
} from "@waybill/engine"
import { isAlarming } from "./alerts/gather.ts"
import type { EndpointBook, OpenEndpoint } from "./endpoint-book.ts"
import { FeedTail, type FeedTailOptions } from "./feed-tail.ts"
import { messageOf, payloadOf, type Told } from "./message.ts"
import { isSaidBy, isTold, toldEvents } from "./told-events.ts"

export interface CollectorPorts {
  readonly feed: Feed
  readonly run: Queries["run"]
  readonly approval: Queries["approval"]
  step(runId: string, stepId: string): Promise<StepRow | null>
  readonly store: WebhookStore
  readonly book: EndpointBook
  readonly now: () => number
  readonly baseUrl: string | null
  /** What an alert gathers of it; null: it is none's. */
  readonly noteOf: (endpoint: OpenEndpoint, name: WebhookEventName, told: Told) => AlertThread
  /** New messages or happenings lie there. */
  readonly onCollected: () => void
  readonly onError: (error: unknown) => void
}

export interface CollectorLimits {
  /** Events that are dealt with at once. */
  readonly batch: number
  readonly tail: FeedTailOptions["most"]
  /** Messages an endpoint may be owed; what is more goes to the dead letters at once. */
  readonly queueMax: number
  /** After the store did not answer. */
  readonly pauseMs: number
}

interface Owed {
  readonly deliveries: readonly WebhookDelivery[]
  readonly notes: readonly AlertThread[]
}

/** The place is stored without messages when it has moved so far: a restart reads no more than that in vain. */
const idlePositions = 10_000

export class Collector {
  readonly #ports: CollectorPorts
  readonly #limits: CollectorLimits
  readonly #tail: FeedTail
  #cursor: number | null = null
  #stored = 0
  #turn: Promise<void> | null = null
  #asked = false
  #stopped = false

  constructor(ports: CollectorPorts, limits: CollectorLimits) {
    this.#ports = ports
    this.#limits = limits
    this.#tail = new FeedTail(ports.feed, { isWanted: isTold, most: limits.tail, wake: () => this.wake() })
  }

  /** Endpoints have changed: where the feed is read from lies in the store. */
  refresh(): void {
    this.#tail.listen(!this.#stopped && this.#ports.book.enabled().length > 0)
    this.#cursor = null
    this.wake()
  }

  wake(): void {
    this.#asked = true
    this.#turn ??= this.#loop().finally(() => {
      this.#turn = null
    })
  }

  /** Events that nobody has looked at yet. */
  behind(): number {
    return this.#ports.book.enabled().length === 0 || this.#cursor === null ? 0 : this.#tail.lag(this.#cursor)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#tail.listen(false)
    await this.#turn
  }

  async #loop(): Promise<void> {
    while (this.#asked && !this.#stopped) {
      this.#asked = false
      try {
        await this.#catchUp()
      } catch (error) {
        // Nothing of this batch was kept: it is read again from where the store says.
        this.#cursor = null
        this.#asked = true
        this.#ports.onError(error)
        await new Promise((resolve) => setTimeout(resolve, this.#limits.pauseMs))
      }
    }
  }

  async #catchUp(): Promise<void> {
    while (!this.#stopped && this.#ports.book.enabled().length > 0) {
      this.#cursor ??= this.#stored = await this.#ports.store.cursor()
      const cursor = this.#cursor
      const { events, position } = await this.#tail.after(cursor, this.#limits.batch)
      for (let from = 0; from < events.length || from === 0; from += this.#limits.batch) {
        const part = events.slice(from, from + this.#limits.batch)
        const isLast = from + this.#limits.batch >= events.length
        await this.#collect(part, isLast ? position : part[part.length - 1]!.position)
      }
      // Endpoints changed meanwhile: the place is the store's.
      if (this.#cursor !== null) this.#cursor = position
      if (position === cursor) return
    }
  }

  async #collect(events: readonly FeedEvent[], position: number): Promise<void> {
    const { deliveries, notes } = await this.#owed(events)
    const isNothing = deliveries.length === 0 && notes.length === 0
    if (isNothing && position - this.#stored < idlePositions) return
    const { store, onCollected } = this.#ports
    const added = await store.collect(deliveries, position, notes)
    this.#stored = position
    if (added > 0 || notes.length > 0) onCollected()
  }

  async #owed(events: readonly FeedEvent[]): Promise<Owed> {
    const endpoints = this.#ports.book.enabled()
    const runs = new Map<string, RunRow | null>()
    const room = new Map<string, number>()
    const deliveries: WebhookDelivery[] = []
    const notes: AlertThread[] = []
    for (const event of events) {
      if (!isTold(event.type)) continue
      for (const name of toldEvents[event.type]) {
        const asking = endpoints.filter((endpoint) => wants(endpoint, name, event))
        if (asking.length === 0) continue
        const told = await this.#told(event, runs)
        if (told === null || !isSaidBy(name, payloadOf(event))) continue
        for (const endpoint of asking)
          if (endpoint.row.kind === "standard") deliveries.push(await this.#delivery(endpoint, name, told, room))
          else if (isAlarming(name, told.run)) notes.push(this.#ports.noteOf(endpoint, name, told))
      }
    }
    return { deliveries, notes }
  }

  /** Null: the run is not there any more. */
  async #told(event: FeedEvent, runs: Map<string, RunRow | null>): Promise<Told | null> {
    const { run: find, step: findStep, baseUrl } = this.#ports
    if (!runs.has(event.runId)) runs.set(event.runId, await find(event.runId))
    const run = runs.get(event.runId)!
    if (run === null) return null
    const step = event.stepId === null ? null : await findStep(event.runId, event.stepId)
    const approvalId = event.type.startsWith("approval.") ? payloadOf(event).approval : null
    const approval = typeof approvalId === "string" ? await this.#ports.approval(approvalId) : null
    return { event, run, step, approval, baseUrl }
  }

  async #delivery(
    { row }: OpenEndpoint,
    name: WebhookEventName,
    told: Told,
    room: Map<string, number>,
  ): Promise<WebhookDelivery> {
    const { store, now } = this.#ports
    const { event } = told
    const { endpointId } = row
    const { queueMax } = this.#limits
    const left = room.get(endpointId) ?? queueMax - (await store.count(endpointId, "pending", queueMax))
    room.set(endpointId, left - 1)
    const isFull = left <= 0
    const at = now()
    return {
      deliveryId: messageId(endpointId, name, event),
      endpointId,
      workspaceId: event.workspaceId,
      runId: event.runId,
      event: name,
      position: event.position,
      createdAt: at,
      body: JSON.stringify(messageOf(name, told)),
      state: isFull ? "dead" : "pending",
      dueAt: isFull ? null : at,
      attempts: 0,
      tries: 0,
      completedAt: isFull ? at : null,
      lastStatus: null,
      lastError: isFull ? `the endpoint was owed ${queueMax} messages already` : null,
    }
  }
}

function wants({ row, events, workflows }: OpenEndpoint, name: WebhookEventName, event: FeedEvent): boolean {
  return (
    events.has(name) &&
    event.position > row.sincePosition &&
    event.workspaceId === row.workspaceId &&
    (row.environment === null || row.environment === event.environment) &&
    (workflows.size === 0 || workflows.has(event.workflowId))
  )
}

/** The event's own hash is in it: after a restore the same place can hold another event, and that is another message. */
export function messageId(endpointId: string, name: string, event: Pick<FeedEvent, "runId" | "seq" | "hash">): string {
  const text = [endpointId, name, event.runId, event.seq, event.hash].join("\n")
  return `msg_${createHash("sha256").update(text).digest("base64url").slice(0, 27)}`
}
