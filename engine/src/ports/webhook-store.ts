/**
 * Who outside is told what, and how far that is: endpoints, the messages owed to them, each attempt, and the place in the
 * feed up to which messages were made. Messages and that place are written together, so that each is made exactly once;
 * what they say and when they are sent is not decided here. Times are milliseconds since the epoch.
 */

/**
 * `standard`: a signed document over HTTP. The others are alerts, for people: `slack` a text over HTTP, `email` a mail,
 * `forward` a signed document to a standard endpoint.
 */
export type WebhookKind = "standard" | "slack" | "email" | "forward"

export interface WebhookEndpoint {
  readonly endpointId: string
  readonly workspaceId: string
  readonly kind: WebhookKind
  /** Where to: an address; of `email` a JSON array of recipients, of `forward` the endpoint's id. Null: no key opens it. */
  readonly url: string | null
  /** As much of `url` as may be shown to who has no key: of an address its origin. */
  readonly shownUrl: string
  readonly description: string
  /** JSON arrays of names; `workflows` empty: all. */
  readonly events: string
  readonly workflows: string
  /** Null: all. */
  readonly environment: string | null
  /** JSON object of headers that are sent with every message. Null: no key opens it. */
  readonly headers: string | null
  /** JSON array. */
  readonly headerNames: string
  /** Null: no key opens it. */
  readonly secret: string | null
  /** The secret before it, and until when it signs too. */
  readonly previousSecret: string | null
  readonly previousUntil: number | null
  /** Events up to this position are not told: it was made, or enabled again, after them. */
  readonly sincePosition: number
  readonly createdAt: number
  readonly createdBy: string
  readonly changedAt: number
  readonly changedBy: string
  /** Null: it is enabled. */
  readonly disabledAt: number | null
  readonly disabledReason: string | null
  readonly removedAt: number | null
  /** The first failure since anything was delivered. */
  readonly failingSince: number | null
  readonly lastSuccessAt: number | null
  readonly lastFailureAt: number | null
  readonly lastError: string | null
  readonly deliveredCount: number
  readonly failedCount: number
  /** Of alerts: so many messages an hour, and so many minutes of quiet after one was told; null: no alert. */
  readonly hourlyMax: number | null
  readonly repeatMinutes: number | null
}

/** As it is made: what is shown of it follows. */
export type NewWebhook = Omit<WebhookEndpoint, "shownUrl" | "headerNames">

/** What a person changes, or what a failure leads to. */
export type WebhookChange = Partial<Omit<NewWebhook, "endpointId" | "workspaceId" | "kind" | "createdAt" | "createdBy">>

export type DeliveryState = "pending" | "delivered" | "dead"

export interface WebhookDelivery {
  /** `webhook-id`: the same for the same event and endpoint, however often it is sent. */
  readonly deliveryId: string
  readonly endpointId: string
  readonly workspaceId: string
  readonly runId: string | null
  readonly event: string
  /** Null: a test. */
  readonly position: number | null
  readonly createdAt: number
  /** What is sent, byte for byte, at every attempt. */
  readonly body: string
  readonly state: DeliveryState
  /** When it is tried next; null: not any more. */
  readonly dueAt: number | null
  readonly attempts: number
  /** Attempts since it was made, or asked for again. */
  readonly tries: number
  readonly completedAt: number | null
  readonly lastStatus: number | null
  readonly lastError: string | null
}

/** Happenings that are told together: the newest of them, and how many there are since the last time. */
export interface AlertThread {
  readonly endpointId: string
  readonly threadKey: string
  readonly workspaceId: string
  readonly event: string
  /** Of the newest happening. */
  readonly runId: string
  readonly stepId: string | null
  readonly approvalId: string | null
  /** Not told yet. */
  readonly fresh: number
  readonly total: number
  /** Of those that are not told yet. */
  readonly firstAt: number
  readonly lastAt: number
  readonly toldAt: number | null
  /** When it is looked at next; null: when something new happens. */
  readonly dueAt: number | null
}

/** One message or none for what was looked at; what happened meanwhile stays fresh. */
export interface AlertTurn {
  readonly delivery: WebhookDelivery | null
  readonly threads: readonly {
    readonly threadKey: string
    /** How many of its happenings are done with: told, or not worth telling any more. 0: none, it is looked at later. */
    readonly done: number
    readonly toldAt: number | null
    readonly dueAt: number | null
  }[]
}

/** With its place among all of them. */
export type ListedDelivery = WebhookDelivery & { readonly key: number }

export interface WebhookAttempt {
  readonly number: number
  readonly at: number
  /** Of the answer; null: there was none. */
  readonly status: number | null
  readonly ms: number
  readonly error: string | null
  /** The beginning of the answer's body. */
  readonly answer: string
}

export interface DeliveryResult {
  readonly deliveryId: string
  readonly endpointId: string
  readonly attempt: Omit<WebhookAttempt, "number">
  readonly state: DeliveryState
  readonly dueAt: number | null
  /** The endpoint is not asked any more, and why. */
  readonly disable: string | null
}

export interface DeliveryPage {
  readonly endpointId: string
  readonly state: DeliveryState | null
  readonly event: string | null
  readonly runId: string | null
  /** Those with a lower key; null: from the newest. */
  readonly before: number | null
  readonly limit: number
}

export interface WebhookStore {
  /** `head`: of the feed, where nobody was told before. Null: the workspace has `most` already. */
  create(endpoint: NewWebhook, head: number, most: number): Promise<WebhookEndpoint | null>
  /** Null: there is none, or it was removed. */
  change(endpointId: string, change: WebhookChange, head: number): Promise<WebhookEndpoint | null>
  /** Those that were not removed, oldest first. */
  endpoints(): Promise<readonly WebhookEndpoint[]>
  endpoint(endpointId: string): Promise<WebhookEndpoint | null>
  /** Up to where messages were made. */
  cursor(): Promise<number>
  /**
   * New messages and happenings, and the cursor with them; a message that is there is left alone. `notes`: `fresh` and
   * `total` are what is added. Returns how many messages are new.
   */
  collect(
    deliveries: readonly WebhookDelivery[],
    position: number | null,
    notes: readonly AlertThread[],
  ): Promise<number>
  /** Threads to be looked at, in order of their due time. */
  dueAlerts(endpointId: string, now: number, limit: number): Promise<readonly AlertThread[]>
  nextAlert(endpointId: string, after: number): Promise<number | null>
  tellAlert(endpointId: string, turn: AlertTurn): Promise<void>
  /** When the newest messages about happenings were made, newest first. */
  toldTimes(endpointId: string, since: number, limit: number): Promise<readonly number[]>
  /** Pending and due, in order of their due time. */
  due(endpointId: string, now: number, limit: number): Promise<readonly WebhookDelivery[]>
  /** Of what is pending, the first due time behind `after`. */
  nextDue(endpointId: string, after: number): Promise<number | null>
  settle(results: readonly DeliveryResult[]): Promise<void>
  delivery(deliveryId: string): Promise<ListedDelivery | null>
  /** Oldest first; only the newest of many are kept. */
  attempts(deliveryId: string): Promise<readonly WebhookAttempt[]>
  /** Newest first. */
  deliveries(page: DeliveryPage): Promise<readonly ListedDelivery[]>
  ofRun(runId: string, limit: number): Promise<readonly ListedDelivery[]>
  /** Sends it again, with all its tries; null: there is none. */
  redeliver(deliveryId: string, at: number): Promise<ListedDelivery | null>
  /** Counted up to `most`. */
  count(endpointId: string, state: DeliveryState, most: number): Promise<number>
  /** Messages made before, and endpoints removed before; at most `limit` messages. Returns how many are gone. */
  clear(before: number, limit: number): Promise<number>
}
