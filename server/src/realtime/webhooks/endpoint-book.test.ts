import type { WebhookEndpoint, WebhookStore } from "@waybill/engine"
import { webhookEndpoint } from "@waybill/engine/testing"
import { expect, test } from "vitest"
import { EndpointBook } from "./endpoint-book.ts"

const book = async (...rows: readonly WebhookEndpoint[]) => {
  const made = new EndpointBook({ endpoints: async () => rows } as unknown as WebhookStore)
  await made.reload()
  return made
}
const hook = webhookEndpoint()
const alert = webhookEndpoint({ endpointId: "alr_1", kind: "forward", url: hook.endpointId, secret: null })

test.each([
  ["address", { url: null }],
  ["headers", { headers: null }],
  ["secret", { secret: null }],
] as const)(
  "a webhook of which no key opens the %s is locked, and so is the alert that goes there",
  async (_what, lacks) => {
    const target = { ...hook, ...lacks }
    const endpoints = await book(target, alert)
    expect([endpoints.isLocked(target), endpoints.isLocked(alert)]).toEqual([true, true])
    expect(endpoints.locked()).toEqual([hook.endpointId])
  },
)

test("a webhook that is whole is not locked, nor is the alert that goes there", async () => {
  const endpoints = await book(hook, alert)
  expect([endpoints.isLocked(hook), endpoints.isLocked(alert), endpoints.locked()]).toEqual([false, false, []])
})

test("a channel needs its address alone, a mail nothing of it", async () => {
  const channel = webhookEndpoint({ endpointId: "alr_2", kind: "slack", secret: null })
  const mail = webhookEndpoint({ endpointId: "alr_3", kind: "email", url: "[]", secret: null })
  const endpoints = await book(channel, mail)
  expect([channel, mail, { ...channel, url: null }].map((row) => endpoints.isLocked(row))).toEqual([false, false, true])
})
