import type { WebhookEndpoint, WebhookStore } from "@waybill/engine"
import { webhookDelivery, webhookEndpoint } from "@waybill/engine/testing"
import { expect, test } from "vitest"
import type { Caller } from "../../http/shared/auth.ts"
import { endpointDesk } from "./endpoint-desk.ts"

const hook = webhookEndpoint()
const alert = webhookEndpoint({ endpointId: "alr_1", kind: "forward", url: hook.endpointId, secret: null })
const caller = { workspaceId: alert.workspaceId, actor: { id: "user:test" } } as Caller

function deskOver(...rows: readonly WebhookEndpoint[]) {
  const sent: string[] = []
  const delivery = { ...webhookDelivery("msg_1", { endpointId: alert.endpointId }), key: 1 }
  const store = {
    endpoint: async (endpointId: string) => rows.find((row) => row.endpointId === endpointId) ?? null,
    delivery: async () => delivery,
    collect: async () => sent.push("a test"),
    redeliver: async () => {
      sent.push("again")
      return delivery
    },
  }
  const ports = {
    ...{ store: store as unknown as WebhookStore, now: () => 0, id: () => "msg_1", head: () => 0, endpointsMax: 1 },
    ...{ onChanged: async () => {}, log: () => {} },
  }
  const desk = endpointDesk(ports, { word: "alert", missing: "alert_not_found", is: () => true, test: () => "{}" })
  return { desk, sent }
}

test("an alert that goes to a locked webhook sends no test and nothing again, and says why", async () => {
  const { desk, sent } = deskOver(alert, { ...hook, url: null })
  for (const asked of [desk.test(caller, alert.endpointId), desk.redeliver(caller, alert.endpointId, "msg_1")])
    await expect(asked).rejects.toMatchObject({ code: "webhook_locked" })
  expect(sent).toEqual([])
})

test("one that goes to a webhook that is whole sends both", async () => {
  const { desk, sent } = deskOver(alert, hook)
  await desk.test(caller, alert.endpointId)
  await desk.redeliver(caller, alert.endpointId, "msg_1")
  expect(sent).toEqual(["a test", "again"])
})
