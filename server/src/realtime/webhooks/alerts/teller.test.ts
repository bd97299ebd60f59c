import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { AlertThread, ListedIssue } from "@waybill/engine"
import { FileBlobs } from "@waybill/engine/adapters/blobs/files"
import { blobFolder, openSqlite, type SqliteData } from "@waybill/engine/adapters/sqlite/open"
import { webhookEndpoint } from "@waybill/engine/testing"
import { afterEach, beforeEach, expect, test } from "vitest"
import { runRow } from "../../../testing/rows.ts"
import { whyView } from "../../../testing/views.ts"
import { EndpointBook } from "../endpoint-book.ts"
import type { Mail } from "./alert-body.ts"
import { Teller } from "./teller.ts"

const hour = 3_600_000
const issue: Partial<ListedIssue> = {
  state: "open",
  regressedAt: null,
  count: 1_240,
  firstSeenAt: 0,
  workflowId: "pay",
  step: "card",
}

let folder: string
let data: SqliteData
let now: number
let issues: (runId: string) => Partial<ListedIssue> | null
const tellers: Teller[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "waybill-teller-"))
  data = openSqlite({ folder, blobs: new FileBlobs(blobFolder(folder)), port: null, readers: 1 })
  now = Date.parse("2026-11-21T10:00:00Z")
  issues = () => issue
  await data.webhooks.create(
    webhookEndpoint({ kind: "email", url: '["ops@example.com"]', hourlyMax: 3, repeatMinutes: 60 }),
    0,
    10,
  )
})
afterEach(async () => {
  for (const teller of tellers.splice(0)) await teller.stop()
  await data.close()
  rmSync(folder, { recursive: true, force: true })
})

async function look(): Promise<readonly string[]> {
  const book = new EndpointBook(data.webhooks)
  await book.reload()
  const teller = new Teller(
    {
      engine: {
        queries: { run: async (runId: string) => runRow({ runId, workflowId: "pay", errorMessage: "refused" }) },
        insights: { why: async () => whyView() },
      } as never,
      store: data.webhooks,
      book,
      issueOf: async (_workspaceId, runId) => issues(runId) as ListedIssue | null,
      addressesOf: () => [],
      now: () => now,
      baseUrl: "https://way.example",
      held: () => false,
      onTold: () => {},
      onError: (error) => {
        throw error
      },
    },
    { atOnce: 500, countedWithinMs: 30_000, lookMs: 1_000 },
  )
  tellers.push(teller)
  teller.wake()
  await teller.stop()
  return (await mails()).map(({ subject }) => subject)
}

async function mails(): Promise<readonly Mail[]> {
  const page = { endpointId: "whe_1", state: null, event: null, runId: null, before: null, limit: 99 }
  return (await data.webhooks.deliveries(page)).map(({ body }) => JSON.parse(body) as Mail).reverse()
}

let position = 0
const happen = (cause: string, runs: number) =>
  data.webhooks.collect([], ++position, [
    {
      ...{ endpointId: "whe_1", threadKey: cause, workspaceId: "default", event: "run.failed", runId: `run_${cause}` },
      ...{ stepId: null, approvalId: null, fresh: runs, total: runs, firstAt: now, lastAt: now, toldAt: null },
      dueAt: now + 1_000,
    } satisfies AlertThread,
  ])

test("a thousand alike are one mail with the count, and what follows is told once an hour with how many more", async () => {
  for (let n = 0; n < 10; n++) await happen("card", 100)
  expect(await look()).toEqual([])
  now += 1_000
  expect(await look()).toEqual([expect.stringMatching(/^Waybill: pay failed at .*: refused \(1,000 runs\)$/)])
  const [{ text }] = (await mails()) as [Mail]
  for (const words of ["1,000 runs alike; 1,240 in all", "Next ", "https://way.example/runs/run_card", "60 minutes"])
    expect(text).toContain(words)
  now += 30 * 60_000
  await happen("card", 7)
  now += 1_000
  expect(await look()).toHaveLength(1)
  now += 29 * 60_000
  expect(await look()).toHaveLength(1)
  now += 60_000
  expect((await look())[1]).toContain("(7 runs)")
  expect((await mails())[1]!.text).toContain("since this was told before")
  now += 3 * hour
  expect(await look()).toHaveLength(2)
})

test("so many an hour and no more: what is held back is told together, counted, when there is room", async () => {
  for (const cause of ["a", "b"]) await happen(cause, 1)
  now += 1_000
  expect(await look()).toHaveLength(2)
  for (const cause of ["c", "d", "e"]) await happen(cause, 4)
  now += 1_000
  expect((await look())[2]).toMatch(/^Waybill: 3 alerts in one: 12 happenings since 2026-11-21 10:00:01 UTC$/)
  await happen("f", 1)
  await happen("g", 2)
  now += 60_000
  expect(await look()).toHaveLength(3)
  now += hour
  expect(await look()).toHaveLength(5)
})

test("an issue that comes back is told at once; one that is ignored or known to be mended is not told at all", async () => {
  await happen("card", 1)
  now += 1_000
  expect(await look()).toHaveLength(1)
  await happen("card", 1)
  issues = () => ({ ...issue, regressedAt: now, resolvedAt: now - 500, resolvedBy: "user:ann", regressedVersion: 4 })
  now += 1_000
  const [, again] = await look()
  expect(again).toContain("pay fails again at")
  expect((await mails())[1]!.text).toContain("by user:ann, and fails again in version #4")
  issues = () => ({ ...issue, state: "ignored" })
  await happen("card", 50)
  now += 5 * hour
  expect(await look()).toHaveLength(2)
  issues = () => issue
  now += 5 * hour
  expect(await look()).toHaveLength(2)
})

test("a failure that is not counted yet is waited for, but not for ever", async () => {
  issues = () => null
  await happen("card", 1)
  now += 1_000
  expect(await look()).toEqual([])
  now += 30_000
  expect(await look()).toHaveLength(1)
})
