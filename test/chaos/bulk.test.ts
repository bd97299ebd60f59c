import { setTimeout as delay } from "node:timers/promises"
import type { Bulk, BulkItem, StartBulk } from "@waybill/contract"
import { expect, test } from "vitest"
import { freshFolder, type ServerProcess, startServer } from "./server-process.ts"

const runs = 50
/** How long after the first batch the server is killed: between batches, in one, behind one. */
const moments = [0, 45, 52, 60]
const query = "tag:first -has:rerun"

test("what is done to fifty runs is done to each exactly once, though the server is killed in the middle", {
  timeout: 180_000,
}, async () => {
  const folder = freshFolder()
  let server = await startServer({ folder })
  const input = { ledger: `${folder}/ledger.jsonl` }
  const first = await Promise.all(
    Array.from({ length: runs }, () => server.client.runs.start({ workflowId: "gate", input, tags: ["first"] })),
  )
  const killedAndDone = async (asked: StartBulk, moment: number): Promise<readonly BulkItem[]> => {
    const key = { idempotencyKey: asked.reason }
    const { bulkId } = await server.client.bulk.start(asked, key)
    expect(await someDone(server, bulkId!)).toBeLessThan(runs)
    await delay(moment)
    await server.kill()
    server = await startServer({ folder })
    const bulk = await ended(server, bulkId!)
    expect(bulk).toMatchObject({ state: "done", counts: { total: runs, done: runs, refused: 0, left: 0 } })
    // Asked again after the crash, it is the same action.
    expect((await server.client.bulk.start(asked, key)).bulkId).toBe(bulkId)
    const { items } = await server.client.bulk.items(bulkId!, { limit: 200 })
    expect(items.map((item) => item.runId).sort()).toEqual(first.map((run) => run.runId).sort())
    return items
  }
  await killedAndDone({ action: "cancel", query, reason: "cancel" }, 45)
  expect((await server.client.runs.counts({ query })).byStatus).toEqual({ CANCELLED: runs })
  for (const [round, moment] of moments.entries()) {
    const items = await killedAndDone({ action: "rerun", query, reason: `round ${round}` }, moment)
    const made = new Set(items.map((item) => item.newRunId))
    expect(made.size).toBe(runs)
    expect((await server.client.runs.counts({ query: "has:rerun" })).total.value).toBe(runs * (round + 1))
    const newest = await server.client.runs.list({ query: "has:rerun", sort: "-createdAt", limit: runs })
    expect(new Set(newest.items.map((run) => run.runId))).toEqual(made)
    expect(new Set(newest.items.map((run) => run.rerunOf)).size).toBe(runs)
  }
  await allWait(server, runs * moments.length)
  expect((await server.client.admin.fsck()).findings).toEqual([])
  expect(await server.stop()).toBe(0)
})

/** As soon as some are done. */
async function someDone(server: ServerProcess, bulkId: string): Promise<number> {
  for (;;) {
    const { done } = (await server.client.bulk.get(bulkId)).counts
    if (done > 0) return done
    await delay(1)
  }
}

async function ended(server: ServerProcess, bulkId: string): Promise<Bulk> {
  for (let look = 0; look < 600; look += 1) {
    const bulk = await server.client.bulk.get(bulkId)
    if (bulk.completedAt !== null) return bulk
    await delay(50)
  }
  throw new Error(`the bulk action ${bulkId} did not end:\n${server.output()}`)
}

/** The new runs go their way: each waits for its signal. */
async function allWait(server: ServerProcess, count: number): Promise<void> {
  for (let look = 0; look < 600; look += 1) {
    const { byStatus } = await server.client.runs.counts({ query: "has:rerun" })
    if (byStatus.WAITING_SIGNAL === count) return
    await delay(50)
  }
  throw new Error(`not all of ${count} new runs came to their signal:\n${server.output()}`)
}
