/** What an admin does with alerts; what they share with webhooks is the desk's. */

import { randomBytes } from "node:crypto"
import { alertEvents, type ChangeAlert, type CreateAlert } from "@waybill/contract"
import type { NewWebhook, WebhookEndpoint } from "@waybill/engine"
import { noSecret } from "../../../access/refuse-secrets.ts"
import type { Caller } from "../../../http/shared/auth.ts"
import type { AddressRules } from "../address-rules.ts"
import { checkedUrl } from "../check-endpoint.ts"
import type { EndpointView } from "../documents.ts"
import { type DeskPorts, endpointDesk, freshEndpoint, switched } from "../endpoint-desk.ts"
import { nameOf, namesOf } from "../endpoint-names.ts"
import { testText } from "../manage.ts"
import { newSecret } from "../sign.ts"
import { channelBody, documentBody, mailBody } from "./alert-body.ts"
import { kindOf } from "./alert-documents.ts"
import { checkedTarget, neededTarget, storedKinds, type TargetRules } from "./check-alert.ts"
import { recipientsOf } from "./recipients.ts"

export interface AlertPorts extends DeskPorts {
  readonly rules: AddressRules
  readonly allow: readonly string[]
  readonly canMail: boolean
}

export type AlertVerbs = ReturnType<typeof alertVerbs>

const hourlyDefault = 20
const repeatDefault = 60

export function alertVerbs(ports: AlertPorts) {
  const { store, rules, allow, now, head, canMail } = ports
  const desk = endpointDesk(ports, {
    word: "alert",
    missing: "alert_not_found",
    is: ({ kind }) => kind !== "standard",
    test: testBody,
  })
  const targets = ({ workspaceId }: Caller): TargetRules => ({
    canMail,
    checkUrl: (url) => checkedUrl(url, rules, allow),
    isWebhook: async (webhookId) => {
      const row = await store.endpoint(webhookId)
      return row?.workspaceId === workspaceId && row.kind === "standard"
    },
  })
  return {
    ...desk,

    async create(caller: Caller, body: CreateAlert): Promise<EndpointView> {
      const target = neededTarget(body.kind, await checkedTarget(body.kind, body, targets(caller)))
      return desk.add(newAlert(ports, caller, body, target))
    },

    async edit(caller: Caller, alertId: string, body: ChangeAlert): Promise<EndpointView> {
      const row = await desk.rowOf(caller, alertId)
      const target = await checkedTarget(kindOf(row), body, targets(caller))
      const { name, events, workflows, environment, maxPerHour, repeatMinutes, enabled } = body
      const change = {
        ...(target !== null && { url: target }),
        ...(name !== undefined && { description: noSecret("name", name) }),
        ...(events !== undefined && { events: JSON.stringify(events) }),
        ...(workflows !== undefined && { workflows: namesOf(workflows) }),
        ...(environment !== undefined && { environment: nameOf(environment) }),
        ...(maxPerHour !== undefined && { hourlyMax: maxPerHour }),
        ...(repeatMinutes !== undefined && { repeatMinutes }),
        ...switched(row, enabled, now(), head()),
      }
      return desk.viewOf(await desk.change(caller, alertId, "changed", change))
    },
  }
}

function newAlert(ports: AlertPorts, caller: Caller, body: CreateAlert, target: string): NewWebhook {
  return {
    ...freshEndpoint(ports, caller, body.enabled ?? true),
    endpointId: ports.id("alr"),
    kind: storedKinds[body.kind],
    url: target,
    description: noSecret("name", body.name ?? ""),
    events: JSON.stringify(body.events ?? alertEvents),
    workflows: namesOf(body.workflows ?? []),
    environment: nameOf(body.environment ?? null),
    headers: "{}",
    secret: newSecret(randomBytes),
    hourlyMax: body.maxPerHour ?? hourlyDefault,
    repeatMinutes: body.repeatMinutes ?? repeatDefault,
  }
}

function testBody(row: WebhookEndpoint, at: number): string {
  const words = { subject: "a test", lead: testText, facts: [["Test", testText]], url: null, footer: null } as const
  switch (row.kind) {
    case "email":
      return mailBody(
        { ...words, facts: [] },
        recipientsOf(row, [], () => []),
        null,
      )
    case "slack":
      return channelBody(words)
    default:
      return documentBody(words, { alert_id: row.endpointId }, at)
  }
}
