import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import type { AlertThread } from "../../ports/webhook-store.ts"
import { webhookDelivery as delivery, webhookEndpoint } from "../../testing/builders/webhooks.ts"
import { FileBlobs } from "../blobs/files.ts"
import { blobFolder, openSqlite, type SqliteData } from "./open.ts"

const endpoint = webhookEndpoint({ events: '["run.failed"]' })

const failure = { at: 200, status: 500, ms: 5, error: "it answered 500", answer: "no" }

let folder: string
let data: SqliteData
const open = () => {
  data = openSqlite({ folder, blobs: new FileBlobs(blobFolder(folder)), port: null, readers: 1 })
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "waybill-webhooks-"))
  open()
})
afterEach(async () => {
  await data.close()
  rmSync(folder, { recursive: true, force: true })
})

test("a message is made once though its event is read twice, and the place in the feed outlives the process", async () => {
  await data.webhooks.create(endpoint, 5, 10)
  expect(await data.webhooks.cursor()).toBe(5)
  expect(await data.webhooks.collect([delivery("msg_1")], 7, [])).toBe(1)
  await data.close()
  open()
  expect(await data.webhooks.cursor()).toBe(7)
  expect(await data.webhooks.collect([delivery("msg_1"), delivery("msg_2")], 8, [])).toBe(1)
  expect((await data.webhooks.due("whe_1", 100, 10)).map((one) => one.deliveryId)).toEqual(["msg_1", "msg_2"])
})

test("what happens alike is one thread, and what comes while it is told is told the next time", async () => {
  const { webhooks } = data
  await webhooks.create(endpoint, 0, 10)
  const note = (runId: string, at: number, dueAt: number): AlertThread => ({
    ...{ endpointId: "whe_1", threadKey: "k", workspaceId: "default", event: "run.failed", runId, stepId: null },
    ...{ approvalId: null, fresh: 1, total: 1, firstAt: at, lastAt: at, toldAt: null, dueAt },
  })
  await webhooks.collect([], 7, [note("run_1", 100, 150), note("run_2", 120, 170)])
  expect(await webhooks.dueAlerts("whe_1", 149, 9)).toEqual([])
  expect(await webhooks.nextAlert("whe_1", 0)).toBe(150)
  expect(await webhooks.dueAlerts("whe_1", 150, 9)).toMatchObject([
    { runId: "run_2", fresh: 2, total: 2, firstAt: 100, lastAt: 120, toldAt: null },
  ])
  await webhooks.collect([], 8, [note("run_3", 160, 210)])
  const told = { threadKey: "k", done: 2, toldAt: 165, dueAt: null }
  await webhooks.tellAlert("whe_1", { delivery: delivery("msg_1", { createdAt: 165 }), threads: [told] })
  expect(await webhooks.dueAlerts("whe_1", 900, 9)).toMatchObject([{ runId: "run_3", fresh: 1, total: 3, toldAt: 165 }])
  expect(await webhooks.toldTimes("whe_1", 100, 9)).toEqual([165])
  expect(await webhooks.toldTimes("whe_1", 165, 9)).toEqual([])
  await webhooks.tellAlert("whe_1", { delivery: null, threads: [{ ...told, done: 1 }] })
  expect(await webhooks.dueAlerts("whe_1", 900, 9)).toEqual([])
  await webhooks.clear(500, 9)
  await webhooks.collect([], 9, [note("run_4", 600, 610)])
  expect(await webhooks.dueAlerts("whe_1", 900, 9)).toMatchObject([{ total: 1 }])
})

test("each attempt is kept with what was answered, and the endpoint knows since when it fails", async () => {
  await data.webhooks.create(endpoint, 0, 10)
  await data.webhooks.collect([delivery("msg_1")], 7, [])
  const result = { deliveryId: "msg_1", endpointId: "whe_1", disable: null }
  await data.webhooks.settle([{ ...result, attempt: failure, state: "pending", dueAt: 900 }])
  expect(await data.webhooks.endpoint("whe_1")).toMatchObject({ failingSince: 200, lastError: "it answered 500" })
  expect(await data.webhooks.due("whe_1", 899, 10)).toEqual([])
  expect(await data.webhooks.nextDue("whe_1", 200)).toBe(900)
  const success = { at: 900, status: 204, ms: 3, error: null, answer: "" }
  await data.webhooks.settle([{ ...result, attempt: success, state: "delivered", dueAt: null }])
  expect(await data.webhooks.endpoint("whe_1")).toMatchObject({ failingSince: null, deliveredCount: 1, failedCount: 1 })
  expect(await data.webhooks.attempts("msg_1")).toEqual([
    { number: 1, ...failure },
    { number: 2, ...success },
  ])
  expect(await data.webhooks.redeliver("msg_1", 1000)).toMatchObject({ state: "pending", dueAt: 1000, tries: 0 })
})

test("a message counts as told when it was first taken: sent again a day later it is not late, nor dead when that fails", async () => {
  const at = 1_000_000
  await data.webhooks.create(endpoint, 0, 10)
  const late = { at: at + 6_000, status: 204, ms: 200, error: null, answer: "" }
  const messages = ["msg_1", "msg_2", "msg_3", "msg_4"].map((id) => delivery(id, { createdAt: at, dueAt: at }))
  // A test of the endpoint and an alert are no event's.
  const others = ["msg_5", "msg_6"].map((id) => delivery(id, { createdAt: at, dueAt: at, position: null }))
  await data.webhooks.collect([...messages, ...others], 7, [])
  const settle = (deliveryId: string, attempt: typeof failure | typeof late, state: "delivered" | "dead") =>
    data.webhooks.settle([{ deliveryId, endpointId: "whe_1", disable: null, attempt, state, dueAt: null }])
  const inTime = { ...late, at: at + 100 }
  for (const id of ["msg_1", "msg_2", "msg_5"]) await settle(id, inTime, "delivered")
  await settle("msg_3", late, "delivered")
  await settle("msg_4", { ...failure, at }, "dead")
  const now = at + 90_000_000
  const level = async () => (await data.measures.service({ workspaceId: "default", from: 0, to: now, now })).delivery
  const told = { owed: 4, delivered: 3, deliveredInTime: 2, dead: 1, share: 0.5, exact: true }
  expect(await level()).toEqual(told)
  await data.webhooks.redeliver("msg_1", now - 5_000)
  await data.webhooks.redeliver("msg_2", now - 5_000)
  expect(await level()).toEqual(told)
  await settle("msg_1", { ...late, at: now - 1_000 }, "delivered")
  await settle("msg_2", { ...failure, at: now - 1_000 }, "dead")
  expect(await level()).toEqual(told)
})

test("messages past their time are cleared away with their attempts, a few at a time", async () => {
  await data.webhooks.create(endpoint, 0, 10)
  await data.webhooks.collect([delivery("msg_1"), delivery("msg_2", { createdAt: 500 })], 7, [])
  expect(await data.webhooks.clear(400, 10)).toBe(1)
  expect(await data.webhooks.delivery("msg_1")).toBeNull()
  expect(await data.webhooks.count("whe_1", "pending", 10)).toBe(1)
})

test("a workspace has no more endpoints than it may, and a removed one is not there any more", async () => {
  expect(await data.webhooks.create(endpoint, 0, 1)).not.toBeNull()
  expect(await data.webhooks.create({ ...endpoint, endpointId: "whe_2" }, 0, 1)).toBeNull()
  await data.webhooks.change("whe_1", { removedAt: 50, secret: "" }, 3)
  expect(await data.webhooks.endpoint("whe_1")).toBeNull()
  expect(await data.webhooks.create({ ...endpoint, endpointId: "whe_2" }, 9, 1)).not.toBeNull()
  expect(await data.webhooks.cursor()).toBe(9)
})

test("the log is listed newest first, by state, event and run, page by page", async () => {
  await data.webhooks.create(endpoint, 0, 10)
  const rows = Array.from({ length: 6 }, (_, n) =>
    delivery(`msg_${n}`, {
      runId: n < 3 ? "run_1" : "run_2",
      event: n % 2 === 0 ? "run.failed" : "run.started",
      state: n === 5 ? "dead" : "pending",
    }),
  )
  await data.webhooks.collect(rows, 7, [])
  const page = { endpointId: "whe_1", state: null, event: null, runId: null, before: null, limit: 10 }
  const ids = async (more: object) => {
    const listed = await data.webhooks.deliveries({ ...page, ...more })
    return listed.map((one) => one.deliveryId)
  }
  expect(await ids({})).toEqual(["msg_5", "msg_4", "msg_3", "msg_2", "msg_1", "msg_0"])
  expect(await ids({ state: "dead" })).toEqual(["msg_5"])
  expect(await ids({ event: "run.failed" })).toEqual(["msg_4", "msg_2", "msg_0"])
  expect(await ids({ runId: "run_1", state: "pending" })).toEqual(["msg_2", "msg_1", "msg_0"])
  const [, second] = await data.webhooks.deliveries({ ...page, limit: 2 })
  expect(await ids({ before: second!.key, limit: 2 })).toEqual(["msg_3", "msg_2"])
  expect((await data.webhooks.ofRun("run_2", 10)).map((one) => one.deliveryId)).toEqual(["msg_5", "msg_4", "msg_3"])
})
