/**
 * What an admin does with an endpoint and what it is owed, whether it is a webhook or an alert. Every change says who and
 * when, and wakes those who read the feed and send; it sends nothing itself.
 */
import type { ProblemCode } from "@waybill/contract"
import type {
  DeliveryPage,
  ListedDelivery,
  NewWebhook,
  WebhookAttempt,
  WebhookChange,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookStore,
} from "@waybill/engine"
import type { Caller } from "../../http/shared/auth.ts"
import { ProblemError } from "../../http/shared/problem.ts"
import type { EndpointView } from "./documents.ts"
import { isLocked, lockedTodo } from "./locked.ts"

export interface DeskPorts {
  readonly store: WebhookStore
  readonly now: () => number
  readonly id: (prefix: string) => string
  /** The feed's. */
  readonly head: () => number
  readonly endpointsMax: number
  readonly onChanged: (endpointId: string) => Promise<void>
  readonly log: (what: string, fields: { readonly [name: string]: string }) => void
}

/** Which endpoints are dealt with here. What is of the other desk is not there. */
export interface DeskScope {
  readonly word: "webhook" | "alert"
  readonly missing: ProblemCode
  is(row: WebhookEndpoint): boolean
  /** The body of a test. */
  test(row: WebhookEndpoint, at: number): string
}

export type Desk = ReturnType<typeof endpointDesk>

const countedMax = 10_000
const byAdmin = "an admin disabled it"

export function endpointDesk(ports: DeskPorts, { word, missing: code, is, test }: DeskScope) {
  const { store, now, id, head, onChanged, log, endpointsMax } = ports
  const missing = (endpointId: string) => new ProblemError(code, `there is no ${word} ${endpointId}`)

  const rowOf = async ({ workspaceId }: Caller, endpointId: string): Promise<WebhookEndpoint> => {
    const row = await store.endpoint(endpointId)
    if (row === null || row.workspaceId !== workspaceId || !is(row)) throw missing(endpointId)
    return row
  }

  const viewOf = async (row: WebhookEndpoint): Promise<EndpointView> => ({
    row,
    pending: await store.count(row.endpointId, "pending", countedMax),
    dead: await store.count(row.endpointId, "dead", countedMax),
  })

  const change = async (caller: Caller, endpointId: string, what: string, changes: WebhookChange) => {
    const by = caller.actor.id
    const row = await store.change(endpointId, { ...changes, changedAt: now(), changedBy: by }, head())
    if (row === null) throw missing(endpointId)
    log(`${word}: ${what}`, { [`${word}Id`]: endpointId, by })
    await onChanged(endpointId)
    return row
  }

  const deliveryOf = async (caller: Caller, endpointId: string, deliveryId: string): Promise<ListedDelivery> => {
    await rowOf(caller, endpointId)
    const delivery = await store.delivery(deliveryId)
    if (delivery === null || delivery.endpointId !== endpointId) throw noDelivery(word, deliveryId)
    return delivery
  }

  const sendable = async (caller: Caller, endpointId: string): Promise<WebhookEndpoint> => {
    const row = await rowOf(caller, endpointId)
    if (row.disabledAt !== null)
      throw new ProblemError("webhook_disabled", `it is disabled: ${row.disabledReason ?? ""}`)
    // Of one that forwards, the webhook is asked that it goes to.
    const to = row.kind === "forward" ? await store.endpoint(row.url ?? "") : row
    if (to !== null && isLocked(to)) throw new ProblemError("webhook_locked", lockedTodo)
    return row
  }

  return {
    rowOf,
    viewOf,
    change,

    async list({ workspaceId }: Caller): Promise<readonly EndpointView[]> {
      const rows = (await store.endpoints()).filter((row) => row.workspaceId === workspaceId && is(row))
      return Promise.all(rows.map(viewOf))
    },

    find: async (caller: Caller, endpointId: string) => viewOf(await rowOf(caller, endpointId)),

    async add(asked: NewWebhook): Promise<EndpointView> {
      const row = await store.create(asked, asked.sincePosition, endpointsMax)
      if (row === null) throw new ProblemError("too_many_webhooks", `there are ${endpointsMax} webhooks and alerts`)
      log(`${word}: made`, { [`${word}Id`]: row.endpointId, by: row.createdBy })
      await onChanged(row.endpointId)
      return { row, pending: 0, dead: 0 }
    },

    async remove(caller: Caller, endpointId: string): Promise<void> {
      const { shownUrl } = await rowOf(caller, endpointId)
      const gone = { removedAt: now(), url: shownUrl, secret: "", previousSecret: null, headers: "{}" }
      await change(caller, endpointId, "removed", gone)
    },

    async test(caller: Caller, endpointId: string): Promise<ListedDelivery> {
      const row = await sendable(caller, endpointId)
      const deliveryId = id("msg")
      await store.collect([testDelivery(row, deliveryId, test(row, now()), now())], null, [])
      log(`${word}: a test was sent`, { [`${word}Id`]: endpointId, by: caller.actor.id })
      await onChanged(endpointId)
      return deliveryOf(caller, endpointId, deliveryId)
    },

    async deliveries(caller: Caller, page: DeliveryPage): Promise<readonly ListedDelivery[]> {
      await rowOf(caller, page.endpointId)
      return store.deliveries(page)
    },

    async delivery(caller: Caller, endpointId: string, deliveryId: string) {
      const delivery = await deliveryOf(caller, endpointId, deliveryId)
      const attempts: readonly WebhookAttempt[] = await store.attempts(deliveryId)
      return { delivery, attempts }
    },

    async redeliver(caller: Caller, endpointId: string, deliveryId: string): Promise<ListedDelivery> {
      await deliveryOf(caller, endpointId, deliveryId)
      await sendable(caller, endpointId)
      const again = await store.redeliver(deliveryId, now())
      if (again === null) throw noDelivery(word, deliveryId)
      log(`${word}: a delivery was sent again`, { [`${word}Id`]: endpointId, deliveryId, by: caller.actor.id })
      await onChanged(endpointId)
      return again
    },

    ofRun: (runId: string, limit: number) => store.ofRun(runId, limit),
  }
}

/** What every new endpoint begins with. */
export function freshEndpoint({ now, id, head }: DeskPorts, caller: Caller, isEnabled: boolean) {
  const at = now()
  return {
    endpointId: id("whe"),
    workspaceId: caller.workspaceId,
    sincePosition: head(),
    previousSecret: null,
    previousUntil: null,
    createdAt: at,
    createdBy: caller.actor.id,
    changedAt: at,
    changedBy: caller.actor.id,
    disabledAt: isEnabled ? null : at,
    disabledReason: isEnabled ? null : byAdmin,
    removedAt: null,
    failingSince: null,
    lastSuccessAt: null,
    lastFailureAt: null,
    lastError: null,
    deliveredCount: 0,
    failedCount: 0,
    hourlyMax: null,
    repeatMinutes: null,
  } as const
}

export function switched(row: WebhookEndpoint, enabled: boolean | undefined, at: number, head: number): WebhookChange {
  if (enabled === undefined || enabled === (row.disabledAt === null)) return {}
  // What happened meanwhile is not told: nobody knows whether it still matters.
  if (enabled) return { disabledAt: null, disabledReason: null, failingSince: null, sincePosition: head }
  return { disabledAt: at, disabledReason: byAdmin }
}

function noDelivery(word: string, deliveryId: string): ProblemError {
  return new ProblemError("delivery_not_found", `the ${word} has no delivery ${deliveryId}`)
}

/** To be sent at once. */
export function newDelivery(
  { endpointId, workspaceId }: WebhookEndpoint,
  what: Pick<WebhookDelivery, "deliveryId" | "event" | "runId" | "body">,
  at: number,
): WebhookDelivery {
  return {
    ...what,
    endpointId,
    workspaceId,
    position: null,
    createdAt: at,
    state: "pending",
    dueAt: at,
    attempts: 0,
    tries: 0,
    completedAt: null,
    lastStatus: null,
    lastError: null,
  }
}

function testDelivery(row: WebhookEndpoint, deliveryId: string, body: string, at: number): WebhookDelivery {
  return newDelivery(row, { deliveryId, event: "webhook.test", runId: null, body }, at)
}
