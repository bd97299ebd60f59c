/** The contract of `BulkStore`: a cohort that is frozen, dealt with once, and remembered run by run. */
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { BulkResult, BulkRow, BulkStore } from "../../ports/bulk-store.ts"
import type { OpenedStores, OpenStores } from "./stores.ts"

function row(bulkId: string, part: Partial<BulkRow> = {}): BulkRow {
  return {
    bulkId,
    workspaceId: "default",
    action: "rerun",
    state: "freezing",
    reason: "the service is back",
    query: "status:failed",
    fromState: "failed",
    change: '{"kind":"assign","owner":"user:ann"}',
    actor: '{"id":"user:ann"}',
    createdAt: 1_000,
    completedAt: null,
    total: 0,
    done: 0,
    refused: 0,
    requestKey: null,
    bodyHash: null,
    ...part,
  }
}

const done = (number: number, newRunId: string): BulkResult => {
  return { number, state: "done", code: null, message: null, newRunId }
}
const refused = (number: number): BulkResult => {
  return { number, state: "refused", code: "run_not_finished", message: "it goes on", newRunId: null }
}

export function describeBulkStore(name: string, open: OpenStores): void {
  describe(`${name}: what is done to many runs`, () => {
    let opened: OpenedStores
    let bulk: BulkStore
    beforeEach(async () => {
      opened = await open(() => 1_000)
      bulk = opened.bulk
    })
    afterEach(() => opened.dispose())

    async function frozen(bulkId: string, runIds: readonly string[], part: Partial<BulkRow> = {}): Promise<void> {
      await bulk.create(row(bulkId, part))
      await bulk.add(bulkId, runIds)
      await bulk.move(bulkId, ["freezing"], "running", 1_000)
    }

    it("keeps a cohort in its order, as it was frozen", async () => {
      await bulk.create(row("bulk_1"))
      await bulk.add("bulk_1", ["run_c", "run_a"])
      await bulk.add("bulk_1", ["run_b"])
      expect(await bulk.find("bulk_1")).toEqual(row("bulk_1", { total: 3 }))
      expect(await bulk.running("", 5)).toEqual([])
      await bulk.move("bulk_1", ["freezing"], "running", 1_005)
      expect(await bulk.find("bulk_1")).toEqual(row("bulk_1", { total: 3, state: "running" }))
      expect((await bulk.items("bulk_1", null, 0, 2)).map((item) => item.runId)).toEqual(["run_c", "run_a"])
      expect((await bulk.items("bulk_1", "waiting", 2, 9)).map((item) => item.runId)).toEqual(["run_b"])
      expect(await bulk.items("bulk_9", null, 0, 9)).toEqual([])
      expect(await bulk.find("bulk_9")).toBeNull()
    })

    it("remembers what became of each run, counts, and is done with the last", async () => {
      await frozen("bulk_1", ["run_a", "run_b", "run_c"])
      await bulk.settle("bulk_1", [done(1, "run_x"), refused(2)], 1_010)
      expect(await bulk.find("bulk_1")).toMatchObject({ state: "running", done: 1, refused: 1, completedAt: null })
      expect(await bulk.items("bulk_1", "refused", 0, 9)).toEqual([{ ...refused(2), runId: "run_b" }])
      expect((await bulk.items("bulk_1", "waiting", 0, 9)).map((item) => item.number)).toEqual([3])
      await bulk.settle("bulk_1", [done(3, "run_z")], 1_020)
      expect(await bulk.find("bulk_1")).toMatchObject({ state: "done", done: 2, refused: 1, completedAt: 1_020 })
    })

    it("takes no second result for a run", async () => {
      await frozen("bulk_1", ["run_a", "run_b"])
      await bulk.settle("bulk_1", [done(1, "run_x")], 1_010)
      await bulk.settle("bulk_1", [refused(1)], 1_011)
      expect(await bulk.find("bulk_1")).toMatchObject({ done: 1, refused: 0 })
      expect((await bulk.items("bulk_1", null, 0, 1))[0]).toMatchObject({ state: "done", newRunId: "run_x" })
    })

    it("moves only from where it stands, and says where it then is", async () => {
      await frozen("bulk_1", ["run_a"])
      expect(await bulk.move("bulk_1", ["paused"], "running", 1_001)).toBeNull()
      expect(await bulk.move("bulk_1", ["running"], "paused", 1_001)).toMatchObject({ state: "paused" })
      expect(await bulk.running("", 5)).toEqual([])
      expect(await bulk.move("bulk_1", ["paused", "running"], "aborted", 1_002)).toMatchObject({
        state: "aborted",
        completedAt: 1_002,
      })
      // What was under way when it was aborted is still remembered.
      await bulk.settle("bulk_1", [done(1, "run_x")], 1_003)
      expect(await bulk.find("bulk_1")).toMatchObject({ state: "aborted", done: 1, completedAt: 1_002 })
      expect(await bulk.move("bulk_9", ["running"], "paused", 1_001)).toBeNull()
    })

    it("lists the newest first, and the running ones in turns of their workspaces, the oldest first", async () => {
      for (const id of ["bulk_1", "bulk_2", "bulk_3"]) await frozen(id, ["run_a"])
      await frozen("bulk_4", ["run_a"], { workspaceId: "other" })
      await bulk.create(row("bulk_5"))
      const ids = (rows: readonly BulkRow[]) => rows.map((one) => one.bulkId)
      expect(ids(await bulk.list("default", null, 2))).toEqual(["bulk_3", "bulk_2"])
      expect(ids(await bulk.list("default", "bulk_2", 2))).toEqual(["bulk_1"])
      await frozen("bulk_6", ["run_a"], { workspaceId: "zoo" })
      expect(ids(await bulk.running("", 9))).toEqual(["bulk_1", "bulk_4", "bulk_6", "bulk_2", "bulk_3"])
      expect(ids(await bulk.running("", 2))).toEqual(["bulk_1", "bulk_4"])
      expect(ids(await bulk.running("other", 4))).toEqual(["bulk_6", "bulk_1", "bulk_4", "bulk_2"])
    })

    it("knows a request by its key, and forgets a cohort that was never finished", async () => {
      expect(await bulk.create(row("bulk_1", { requestKey: "k", bodyHash: "h" }))).toBe(true)
      expect(await bulk.create(row("bulk_2", { requestKey: "k", bodyHash: "h" }))).toBe(false)
      expect(await bulk.findByKey("k")).toMatchObject({ bulkId: "bulk_1", bodyHash: "h" })
      await bulk.add("bulk_1", ["run_a"])
      await frozen("bulk_3", ["run_b"])
      await bulk.create(row("bulk_4"))
      await bulk.discard("bulk_4")
      await bulk.discard("bulk_3")
      expect([await bulk.find("bulk_4"), (await bulk.find("bulk_3"))?.state]).toEqual([null, "running"])
      await bulk.forgetFreezing()
      expect(await bulk.findByKey("k")).toBeNull()
      expect(await bulk.items("bulk_1", null, 0, 9)).toEqual([])
      expect(await bulk.items("bulk_3", null, 0, 9)).toHaveLength(1)
    })
  })
}
