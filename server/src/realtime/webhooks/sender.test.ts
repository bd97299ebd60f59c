import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { FileBlobs } from "@waybill/engine/adapters/blobs/files"
import { blobFolder, openSqlite, type SqliteData } from "@waybill/engine/adapters/sqlite/open"
import { webhookDelivery, webhookEndpoint } from "@waybill/engine/testing"
import { afterEach, beforeEach, expect, test } from "vitest"
import { EndpointBook } from "./endpoint-book.ts"
import { defaultWebhookLimits } from "./open-webhooks.ts"
import type { SendOutcome } from "./send-message.ts"
import { Sender, type SenderLimits } from "./sender.ts"

const owed = (n: number, runId: string | null = null) =>
  webhookDelivery(`msg_${n}`, {
    runId,
    event: "run.completed",
    position: n,
    createdAt: n,
    body: `{"n":${n}}`,
    dueAt: n,
  })

const answered = (status: number): SendOutcome => ({
  status,
  error: status < 300 ? null : `it answered ${status}`,
  answer: "",
  retryAfterMs: null,
})

let folder: string
let data: SqliteData
let held = false
const sent: string[] = []
let underWay = 0
let most = 0
let answer: () => Promise<SendOutcome>
const senders: Sender[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "waybill-sender-"))
  data = openSqlite({ folder, blobs: new FileBlobs(blobFolder(folder)), port: null, readers: 1 })
  await data.webhooks.create(webhookEndpoint(), 0, 10)
  held = false
  sent.length = 0
  underWay = most = 0
})
afterEach(async () => {
  for (const sender of senders.splice(0)) await sender.stop(100)
  await data.close()
  rmSync(folder, { recursive: true, force: true })
})

async function open(limits: Partial<SenderLimits> = {}): Promise<Sender> {
  const book = new EndpointBook(data.webhooks)
  await book.reload()
  const plan = { delaysMs: [1, 1, 1], retryAfterMaxMs: 1_000, disableAfterMs: 1_000_000 }
  const sender = new Sender(
    {
      store: data.webhooks,
      book,
      carry: async (_endpoint, { deliveryId }) => {
        sent.push(deliveryId)
        underWay += 1
        most = Math.max(most, underWay)
        const outcome = await answer()
        underWay -= 1
        return outcome
      },
      now: Date.now,
      monotonic: () => performance.now(),
      chance: () => 0.5,
      held: () => held,
      onDisabled: () => {},
      onError: (error) => {
        throw error
      },
    },
    { ...defaultWebhookLimits.sender, plan, lookMs: 10, ...limits },
  )
  senders.push(sender)
  return sender
}

async function until(what: () => Promise<boolean> | boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !(await what()); ) {
    if (Date.now() > end) throw new Error("it did not come in time")
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const count = (state: "pending" | "delivered" | "dead") => data.webhooks.count("whe_1", state, 1_000)
const soon = <T>(value: T) => new Promise<T>((resolve) => setTimeout(() => resolve(value), 3))

test("many messages go out side by side up to the bound, and each arrives once", async () => {
  answer = () => soon(answered(204))
  await data.webhooks.collect(
    Array.from({ length: 60 }, (_, n) => owed(n + 1)),
    null,
    [],
  )
  const sender = await open({ perEndpoint: 8 })
  sender.wake()
  await until(async () => (await count("delivered")) === 60)
  expect(most).toBe(8)
  expect(new Set(sent).size).toBe(60)
  expect(sent).toHaveLength(60)
})

test("messages of one run go one after the other, in their order", async () => {
  answer = () => soon(answered(204))
  await data.webhooks.collect(
    Array.from({ length: 5 }, (_, n) => owed(n + 1, "run_1")),
    null,
    [],
  )
  const sender = await open()
  sender.wake()
  await until(async () => (await count("delivered")) === 5)
  expect(sent).toEqual(["msg_1", "msg_2", "msg_3", "msg_4", "msg_5"])
  expect(most).toBe(1)
})

test("an endpoint that fails is asked with one message at a time, and rests when it goes on failing", async () => {
  answer = () => soon(answered(500))
  await data.webhooks.collect(
    Array.from({ length: 40 }, (_, n) => owed(n + 1)),
    null,
    [],
  )
  const sender = await open({ perEndpoint: 4, failuresInARow: 6, restMinMs: 60_000, restMaxMs: 60_000 })
  sender.wake()
  await until(() => sent.length >= 6)
  await new Promise((resolve) => setTimeout(resolve, 150))
  // Four were under way when the first came back; from then on one at a time, and then none.
  expect(sent.length).toBeLessThanOrEqual(10)
  const asked = sent.length
  answer = () => soon(answered(204))
  // Somebody mended it, and says so.
  sender.refresh("whe_1")
  sender.wake()
  await until(async () => (await count("delivered")) === 40)
  expect(sent.length).toBeGreaterThan(asked)
})

test("nothing is sent from a restored store until somebody has looked", async () => {
  answer = () => soon(answered(204))
  held = true
  await data.webhooks.collect([owed(1)], null, [])
  const sender = await open()
  sender.wake()
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(sent).toEqual([])
  held = false
  await until(async () => (await count("delivered")) === 1)
})

test("what hangs when the server ends is owed as before, and not counted as tried", async () => {
  answer = () => new Promise(() => {})
  await data.webhooks.collect([owed(1)], null, [])
  const sender = await open()
  sender.wake()
  await until(() => sent.length === 1)
  await sender.stop(30)
  expect(await data.webhooks.delivery("msg_1")).toMatchObject({ state: "pending", attempts: 0 })
})
