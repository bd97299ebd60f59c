/** What an admin does with webhooks alone: making, changing, and replacing their secrets. */

import { randomBytes } from "node:crypto"
import type { ChangeWebhook, CreateWebhook } from "@waybill/contract"
import type { NewWebhook, WebhookChange } from "@waybill/engine"
import { noSecret } from "../../access/refuse-secrets.ts"
import type { Caller } from "../../http/shared/auth.ts"
import { rfc3339 } from "../../http/shared/time.ts"
import type { AddressRules } from "./address-rules.ts"
import { checkedHeaders, checkedUrl } from "./check-endpoint.ts"
import type { EndpointView } from "./documents.ts"
import { type DeskPorts, endpointDesk, freshEndpoint, switched } from "./endpoint-desk.ts"
import { nameOf, namesOf } from "./endpoint-names.ts"
import { newSecret } from "./sign.ts"

export interface ManagePorts extends DeskPorts {
  readonly rules: AddressRules
  readonly allow: readonly string[]
}

export type WebhookVerbs = ReturnType<typeof webhookVerbs>

const hourMs = 3_600_000
export const testText = "A test from Waybill: what you read here has arrived."

export function webhookVerbs(ports: ManagePorts) {
  const { rules, allow, now, head } = ports
  const desk = endpointDesk(ports, {
    word: "webhook",
    missing: "webhook_not_found",
    is: ({ kind }) => kind === "standard",
    test: (_row, at) => JSON.stringify({ type: "webhook.test", timestamp: rfc3339(at), data: { message: testText } }),
  })
  return {
    ...desk,

    create: (caller: Caller, body: CreateWebhook): Promise<EndpointView> => desk.add(newEndpoint(ports, caller, body)),

    async edit(caller: Caller, endpointId: string, body: ChangeWebhook): Promise<EndpointView> {
      const row = await desk.rowOf(caller, endpointId)
      const { url, description, events, workflows, environment, headers, enabled } = body
      const change: WebhookChange = {
        ...(url !== undefined && { url: checkedUrl(url, rules, allow) }),
        ...(description !== undefined && { description: noSecret("description", description) }),
        ...(events !== undefined && { events: JSON.stringify(events) }),
        ...(workflows !== undefined && { workflows: namesOf(workflows) }),
        ...(environment !== undefined && { environment: nameOf(environment) }),
        ...(headers !== undefined && { headers: JSON.stringify(checkedHeaders(headers)) }),
        ...switched(row, enabled, now(), head()),
      }
      return desk.viewOf(await desk.change(caller, endpointId, "changed", change))
    },

    async rotate(caller: Caller, endpointId: string, keepHours: number): Promise<EndpointView> {
      const row = await desk.rowOf(caller, endpointId)
      const isKept = keepHours > 0 && row.secret !== null
      const after = await desk.change(caller, endpointId, "its secret was replaced", {
        secret: newSecret(randomBytes),
        previousSecret: isKept ? row.secret : null,
        previousUntil: isKept ? now() + keepHours * hourMs : null,
      })
      return desk.viewOf(after)
    },
  }
}

function newEndpoint(ports: ManagePorts, caller: Caller, body: CreateWebhook): NewWebhook {
  return {
    ...freshEndpoint(ports, caller, body.enabled ?? true),
    kind: "standard",
    url: checkedUrl(body.url, ports.rules, ports.allow),
    description: noSecret("description", body.description ?? ""),
    events: JSON.stringify(body.events),
    workflows: namesOf(body.workflows ?? []),
    environment: nameOf(body.environment ?? null),
    headers: JSON.stringify(checkedHeaders(body.headers ?? {})),
    secret: newSecret(randomBytes),
  }
}
