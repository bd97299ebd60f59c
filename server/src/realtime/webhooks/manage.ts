/**
 * What an admin does with endpoints and what they are owed. Every change says who and when, and wakes those who read the
 * feed and send; it sends nothing itself.
 */
import { randomBytes } from "node:crypto"
import type { ChangeWebhook, CreateWebhook, Json } from "@waybill/contract"
import type {
  DeliveryPage,
  ListedDelivery,
  WebhookAttempt,
  WebhookChange,
  WebhookEndpoint,
  WebhookStore,
} from "@waybill/engine"
import type { Caller } from "../../http/shared/auth.ts"
import { ProblemError } from "../../http/shared/problem.ts"
import { rfc3339 } from "../../http/shared/time.ts"
import type { AddressRules } from "./address-rules.ts"
import { checkedEvents, checkedHeaders, checkedUrl } from "./check-endpoint.ts"
import type { EndpointView } from "./documents.ts"
import { newSecret } from "./sign.ts"

export interface ManagePorts {
  readonly store: WebhookStore
  readonly rules: AddressRules
  readonly allow: readonly string[]
  readonly now: () => number
  readonly id: (prefix: string) => string
  /** The feed's. */
  readonly head: () => number
  readonly endpointsMax: number
  readonly onChanged: (endpointId: string) => Promise<void>
  readonly log: (what: string, fields: { readonly [name: string]: string }) => void
}

export type WebhookVerbs = ReturnType<typeof webhookVerbs>

const hourMs = 3_600_000
const countedMax = 10_000
const byAdmin = "an admin disabled it"

export function webhookVerbs(ports: ManagePorts) {
  const { store, rules, allow, now, id, head, onChanged, log } = ports

  const rowOf = async ({ workspaceId }: Caller, endpointId: string): Promise<WebhookEndpoint> => {
    const row = await store.endpoint(endpointId)
    if (row === null || row.workspaceId !== workspaceId)
      throw new ProblemError("webhook_not_found", `there is no webhook ${endpointId}`)
    return row
  }

  const viewOf = async (row: WebhookEndpoint): Promise<EndpointView> => ({
    row,
    pending: await store.count(row.endpointId, "pending", countedMax),
    dead: await store.count(row.endpointId, "dead", countedMax),
  })

  const changed = async (caller: Caller, endpointId: string, what: string, change: WebhookChange) => {
    const by = caller.actor.id
    const row = await store.change(endpointId, { ...change, changedAt: now(), changedBy: by }, head())
    if (row === null) throw new ProblemError("webhook_not_found", `there is no webhook ${endpointId}`)
    log(what, { webhookId: endpointId, by })
    await onChanged(endpointId)
    return row
  }

  const deliveryOf = async (caller: Caller, endpointId: string, deliveryId: string): Promise<ListedDelivery> => {
    await rowOf(caller, endpointId)
    const delivery = await store.delivery(deliveryId)
    if (delivery === null || delivery.endpointId !== endpointId)
      throw new ProblemError("delivery_not_found", `the webhook has no delivery ${deliveryId}`)
    return delivery
  }

  return {
    async list({ workspaceId }: Caller): Promise<readonly EndpointView[]> {
      const rows = (await store.endpoints()).filter((row) => row.workspaceId === workspaceId)
      return Promise.all(rows.map(viewOf))
    },

    find: async (caller: Caller, endpointId: string) => viewOf(await rowOf(caller, endpointId)),

    async create(caller: Caller, body: CreateWebhook): Promise<EndpointView> {
      const row = newEndpoint(ports, caller, body)
      if (!(await store.create(row, row.sincePosition, ports.endpointsMax)))
        throw new ProblemError("too_many_webhooks", `there are ${ports.endpointsMax} webhooks`)
      log("a webhook was made", { webhookId: row.endpointId, by: caller.actor.id })
      await onChanged(row.endpointId)
      return { row, pending: 0, dead: 0 }
    },

    async change(caller: Caller, endpointId: string, body: ChangeWebhook): Promise<EndpointView> {
      const row = await rowOf(caller, endpointId)
      const { url, description, events, workflows, environment, headers, enabled } = body
      const change: WebhookChange = {
        ...(url !== undefined && { url: checkedUrl(url, rules, allow) }),
        ...(description !== undefined && { description }),
        ...(events !== undefined && { events: JSON.stringify(checkedEvents(row.kind, events)) }),
        ...(workflows !== undefined && { workflows: JSON.stringify(workflows) }),
        ...(environment !== undefined && { environment }),
        ...(headers !== undefined && { headers: JSON.stringify(checkedHeaders(headers)) }),
        ...switched(row, enabled, now(), head()),
      }
      return viewOf(await changed(caller, endpointId, "a webhook was changed", change))
    },

    async remove(caller: Caller, endpointId: string): Promise<void> {
      await rowOf(caller, endpointId)
      await changed(caller, endpointId, "a webhook was removed", {
        removedAt: now(),
        secret: "",
        previousSecret: null,
        headers: "{}",
      })
    },

    async rotate(caller: Caller, endpointId: string, keepHours: number): Promise<EndpointView> {
      const row = await rowOf(caller, endpointId)
      const isKept = keepHours > 0
      const after = await changed(caller, endpointId, "a webhook's secret was replaced", {
        secret: newSecret(randomBytes),
        previousSecret: isKept ? row.secret : null,
        previousUntil: isKept ? now() + keepHours * hourMs : null,
      })
      return viewOf(after)
    },

    async test(caller: Caller, endpointId: string): Promise<ListedDelivery> {
      const row = enabledOnly(await rowOf(caller, endpointId))
      const deliveryId = id("msg")
      await store.collect([testDelivery(row, deliveryId, now())], null, now())
      log("a test was sent to a webhook", { webhookId: endpointId, by: caller.actor.id })
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
      enabledOnly(await rowOf(caller, endpointId))
      const again = await store.redeliver(deliveryId, now())
      if (again === null) throw new ProblemError("delivery_not_found", `the webhook has no delivery ${deliveryId}`)
      log("a delivery was sent again", { webhookId: endpointId, deliveryId, by: caller.actor.id })
      await onChanged(endpointId)
      return again
    },

    ofRun: (runId: string, limit: number) => store.ofRun(runId, limit),
  }
}

function newEndpoint(ports: ManagePorts, caller: Caller, body: CreateWebhook): WebhookEndpoint {
  const { rules, allow, now, id, head } = ports
  const kind = body.kind ?? "standard"
  const at = now()
  const isEnabled = body.enabled ?? true
  return {
    endpointId: id("whe"),
    workspaceId: caller.workspaceId,
    kind,
    url: checkedUrl(body.url, rules, allow),
    description: body.description ?? "",
    events: JSON.stringify(checkedEvents(kind, body.events)),
    workflows: JSON.stringify(body.workflows ?? []),
    environment: body.environment ?? null,
    headers: JSON.stringify(checkedHeaders(body.headers ?? {})),
    secret: newSecret(randomBytes),
    previousSecret: null,
    previousUntil: null,
    sincePosition: head(),
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
  }
}

function switched(row: WebhookEndpoint, enabled: boolean | undefined, at: number, head: number): WebhookChange {
  if (enabled === undefined || enabled === (row.disabledAt === null)) return {}
  // What happened meanwhile is not told: nobody knows whether it still matters.
  if (enabled) return { disabledAt: null, disabledReason: null, failingSince: null, sincePosition: head }
  return { disabledAt: at, disabledReason: byAdmin }
}

function enabledOnly(row: WebhookEndpoint): WebhookEndpoint {
  if (row.disabledAt !== null)
    throw new ProblemError("webhook_disabled", `the webhook is disabled: ${row.disabledReason ?? ""}`)
  return row
}

function testDelivery({ endpointId, workspaceId, kind }: WebhookEndpoint, deliveryId: string, at: number) {
  const text = "A test from Waybill: what you read here has arrived."
  const message: Json =
    kind === "alert" ? { text } : { type: "webhook.test", timestamp: rfc3339(at), data: { message: text } }
  return {
    deliveryId,
    endpointId,
    workspaceId,
    runId: null,
    event: "webhook.test",
    position: null,
    createdAt: at,
    body: JSON.stringify(message),
    alertKey: null,
    state: "pending",
    dueAt: at,
    attempts: 0,
    tries: 0,
    completedAt: null,
    lastStatus: null,
    lastError: null,
  } as const
}
