/**
 * Sends what is owed, each endpoint in a lane of its own: one that hangs or fails holds up nobody but itself, and is
 * asked with one message at a time until it answers again. What came of an attempt is stored a few at a time; a crash
 * before that sends the same message again. It makes no messages.
 */
import type { DeliveryResult, WebhookDelivery, WebhookEndpoint, WebhookStore } from "@waybill/engine"
import type { EndpointBook, OpenEndpoint } from "./endpoint-book.ts"
import { type RetryPlan, whatNext } from "./schedule.ts"
import type { SendOutcome } from "./send-message.ts"

/** One attempt at one message, however it travels. It never throws: what went wrong is in the outcome. */
export type Carry = (endpoint: WebhookEndpoint, delivery: WebhookDelivery, at: number) => Promise<SendOutcome>

export interface SenderPorts {
  readonly store: WebhookStore
  readonly book: EndpointBook
  readonly carry: Carry
  readonly now: () => number
  readonly monotonic: () => number
  readonly chance: () => number
  /** Nothing is sent now: the store was restored, and nobody has looked at it yet. */
  readonly held: () => boolean
  /** An endpoint disabled itself. */
  readonly onDisabled: (endpointId: string, why: string) => void
  readonly onError: (error: unknown) => void
}

export interface SenderLimits {
  /** Messages under way, to one endpoint and to all. */
  readonly perEndpoint: number
  readonly overall: number
  readonly plan: RetryPlan
  /** Failures in a row after which an endpoint is left alone for a while. */
  readonly failuresInARow: number
  readonly restMinMs: number
  readonly restMaxMs: number
  /** Results are stored together, so long after the first. */
  readonly settleMs: number
  /** Between looks at what nobody announced. */
  readonly lookMs: number
}

interface Lane {
  readonly endpointId: string
  /** Sent, and what came of it is not stored yet: the store still calls them due. */
  readonly underWay: Set<string>
  /** Of them, those without an answer yet. */
  unanswered: number
  /** Runs of which a message is unanswered: the next of the same run waits for it. */
  readonly runs: Set<string>
  failures: number
  failingSince: number | null
  restUntil: number
  looking: boolean
  again: boolean
  timer: NodeJS.Timeout | null
}

interface Settlement {
  readonly result: DeliveryResult
  readonly stored: (isStored: boolean) => void
}

const hourMs = 3_600_000

/** Of one endpoint, between being sent and being stored. */
const unsettledMax = 256

export class Sender {
  readonly #ports: SenderPorts
  readonly #limits: SenderLimits
  readonly #lanes = new Map<string, Lane>()
  /** Without an answer, to all endpoints. */
  #unanswered = 0
  #settlements: Settlement[] = []
  #settling: NodeJS.Timeout | null = null
  #storing: Promise<void> = Promise.resolve()
  #stopped = false
  /** The store may be closed: what comes back now is given up, and sent again by the next start. */
  #closed = false

  constructor(ports: SenderPorts, limits: SenderLimits) {
    this.#ports = ports
    this.#limits = limits
  }

  /** There may be something to send, or an endpoint has changed. */
  wake(): void {
    const open = this.#ports.book.enabled()
    const ids = new Set(open.map(({ row }) => row.endpointId))
    for (const [endpointId, lane] of this.#lanes) if (!ids.has(endpointId)) this.#forget(lane)
    for (const endpoint of open) this.#look(this.#laneOf(endpoint))
  }

  /** Somebody has changed the endpoint, or asks for it now: it has not to wait until its rest is over. */
  refresh(endpointId: string): void {
    const lane = this.#lanes.get(endpointId)
    if (lane === undefined) return
    lane.failures = 0
    lane.restUntil = 0
  }

  /** Nothing further is sent. What is under way is still remembered, when it comes back within the grace. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true
    for (const lane of this.#lanes.values()) if (lane.timer !== null) clearTimeout(lane.timer)
    const until = this.#ports.monotonic() + graceMs
    while (this.#unanswered > 0 && this.#ports.monotonic() < until)
      await new Promise((resolve) => setTimeout(resolve, 5))
    await this.#store()
    this.#closed = true
  }

  #laneOf({ row }: OpenEndpoint): Lane {
    const { endpointId, failingSince } = row
    const known = this.#lanes.get(endpointId)
    if (known !== undefined) return known
    const lane: Lane = {
      endpointId,
      underWay: new Set(),
      unanswered: 0,
      runs: new Set(),
      failures: 0,
      failingSince,
      restUntil: 0,
      looking: false,
      again: false,
      timer: null,
    }
    this.#lanes.set(endpointId, lane)
    return lane
  }

  #forget(lane: Lane): void {
    if (lane.timer !== null) clearTimeout(lane.timer)
    if (lane.underWay.size === 0) this.#lanes.delete(lane.endpointId)
  }

  #look(lane: Lane): void {
    lane.again = true
    if (lane.looking || this.#stopped) return
    lane.looking = true
    // Once for all that comes back in one turn.
    setImmediate(() => this.#lookNow(lane))
  }

  #lookNow(lane: Lane): void {
    if (this.#stopped) return
    this.#fill(lane)
      .catch((error) => {
        this.#ports.onError(error)
        this.#arm(lane, this.#limits.lookMs)
      })
      .finally(() => {
        lane.looking = false
        if (lane.again) this.#look(lane)
      })
  }

  async #fill(lane: Lane): Promise<void> {
    lane.again = false
    const { store, now, book, held } = this.#ports
    const endpoint = book.enabled().find(({ row }) => row.endpointId === lane.endpointId)
    // What it is owed waits: the key may come back, or somebody gives it what is needed.
    if (endpoint === undefined || book.isLocked(endpoint.row)) return
    const rest = lane.restUntil - now()
    if (held() || rest > 0) return this.#arm(lane, Math.max(rest, held() ? this.#limits.lookMs : 0))
    const room = this.#roomOf(lane)
    if (room <= 0) return
    // Those under way are due as well, and so are later ones of their runs.
    const due = await store.due(lane.endpointId, now(), room + lane.underWay.size + this.#limits.perEndpoint)
    let started = 0
    for (const delivery of due) {
      if (started === room) return
      if (lane.underWay.has(delivery.deliveryId)) continue
      if (delivery.runId !== null && lane.runs.has(delivery.runId)) continue
      started += 1
      this.#start(lane, endpoint, delivery)
    }
    const at = now()
    const next = await store.nextDue(lane.endpointId, at)
    if (next !== null) this.#arm(lane, next - at)
  }

  #roomOf(lane: Lane): number {
    const most = lane.failures > 0 ? 1 : this.#limits.perEndpoint
    const own = Math.min(most - lane.unanswered, unsettledMax - lane.underWay.size)
    const room = Math.min(own, this.#limits.overall - this.#unanswered)
    // Others hold all the room: it is looked at again when one of theirs comes back, and after a while.
    if (room <= 0 && own > 0) this.#arm(lane, this.#limits.lookMs)
    return room
  }

  #arm(lane: Lane, delayMs: number): void {
    if (lane.timer !== null) clearTimeout(lane.timer)
    if (this.#stopped) return
    // At least a little: a clock that stands must not make this spin.
    lane.timer = setTimeout(() => this.#look(lane), Math.min(Math.max(delayMs, 5), hourMs))
    lane.timer.unref()
  }

  #start(lane: Lane, { row }: OpenEndpoint, delivery: WebhookDelivery): void {
    const { deliveryId, runId } = delivery
    const { carry, now, monotonic } = this.#ports
    lane.underWay.add(deliveryId)
    if (runId !== null) lane.runs.add(runId)
    lane.unanswered += 1
    this.#unanswered += 1
    const at = now()
    const began = monotonic()
    void carry(row, delivery, at)
      .catch((error: unknown): SendOutcome => {
        this.#ports.onError(error)
        return { status: null, error: "it failed inside; the server's log says how", answer: "", retryAfterMs: null }
      })
      .then((outcome) => this.#came(lane, delivery, outcome, at, Math.round(monotonic() - began)))
  }

  #came(lane: Lane, delivery: WebhookDelivery, outcome: SendOutcome, at: number, ms: number): void {
    if (this.#closed) return
    const { now, chance, onDisabled } = this.#ports
    const { deliveryId, endpointId, runId } = delivery
    lane.unanswered -= 1
    this.#unanswered -= 1
    if (runId !== null) lane.runs.delete(runId)
    this.#rest(lane, outcome, at)
    const next = whatNext(delivery, lane, outcome, this.#limits.plan, now(), chance())
    const { status, error, answer } = outcome
    const result = { deliveryId, endpointId, attempt: { at, status, ms, error, answer }, ...next }
    const stored = (isStored: boolean) => {
      lane.underWay.delete(deliveryId)
      if (isStored && next.disable !== null) onDisabled(endpointId, next.disable)
      if (!isStored) lane.restUntil = Math.max(lane.restUntil, now() + this.#limits.lookMs)
      this.#look(lane)
    }
    this.#settlements.push({ result, stored })
    this.#settling ??= setTimeout(() => void this.#store(), this.#limits.settleMs)
    this.#look(lane)
  }

  /** After some failures in a row an endpoint is left alone, longer each time; one message then shows how it is. */
  #rest(lane: Lane, { error }: SendOutcome, at: number): void {
    if (error === null) {
      lane.failures = 0
      lane.failingSince = null
      lane.restUntil = 0
      return
    }
    lane.failures += 1
    lane.failingSince ??= at
    const { failuresInARow, restMinMs, restMaxMs } = this.#limits
    const over = lane.failures - failuresInARow
    if (over >= 0) lane.restUntil = this.#ports.now() + Math.min(restMinMs * 2 ** Math.min(over, 20), restMaxMs)
  }

  #store(): Promise<void> {
    if (this.#settling !== null) clearTimeout(this.#settling)
    this.#settling = null
    const settlements = this.#settlements
    this.#settlements = []
    this.#storing = this.#storing.then(async () => {
      if (settlements.length === 0) return
      const isStored = await this.#ports.store.settle(settlements.map(({ result }) => result)).then(
        () => true,
        (error: unknown) => {
          // They are sent once more: the receiver knows them by their id.
          this.#ports.onError(error)
          return false
        },
      )
      for (const { stored } of settlements) stored(isStored)
    })
    return this.#storing
  }
}
