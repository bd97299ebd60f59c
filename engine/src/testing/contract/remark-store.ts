/** The contract of `RemarkStore`: written once, in order, never changed; told to who listens; found by what it says. */
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { standingOf, startStanding } from "../../core/remarks/standing.ts"
import { noFilter, type RunFilter } from "../../core/views/run-query.ts"
import type { Remarked } from "../../ports/remark-store.ts"
import { RunHistory } from "../builders/run-history.ts"
import { sayOf } from "./random-runs.ts"
import { durable, type OpenedStores, type OpenStores, refused } from "./stores.ts"

const all = { kinds: [], stepId: null, before: null, limit: 100 }

export function describeRemarkStore(name: string, open: OpenStores): void {
  describe(`${name}: what people say beside runs`, () => {
    let opened: OpenedStores
    beforeEach(async () => {
      opened = await open(() => 1_000)
      await failed("run_a", { tags: '["given"]' })
    })
    afterEach(() => opened.dispose())

    async function failed(runId: string, row: object = {}): Promise<void> {
      const history = new RunHistory(runId, 1_000, row)
      await durable(opened.store, history.created(), history.started(), history.failed("boom"))
    }

    async function completed(runId: string, rerunOf: string | null): Promise<void> {
      const history = new RunHistory(runId, 1_010, { rerunOf })
      await durable(opened.store, history.created(), history.started(), history.completed())
    }

    async function found(filter: Partial<RunFilter>): Promise<readonly string[]> {
      const question = { workspaceId: "default", filter: { ...noFilter, ...filter }, now: 1_000 }
      const listed = await opened.queries.runs({ ...question, sort: "createdAt", cursor: null, limit: 9 })
      if (!listed.ok) throw new Error(listed.message)
      return listed.page.items.map((run) => run.runId)
    }

    it("keeps every remark in order, and the standing that they lead to", async () => {
      await sayOf(opened, "run_a", { kind: "tag", add: ["vip"], remove: ["given"] })
      const note = await sayOf(opened, "run_a", { kind: "annotate", note: "looks odd", stepId: "step_1" })
      await sayOf(opened, "run_a", { kind: "annotate", note: "no, it does not", stepId: null })
      await sayOf(opened, "run_a", { kind: "withdraw", remarkId: note!.remarkId })
      await sayOf(opened, "run_a", { kind: "assign", owner: "user:ann" })
      await sayOf(opened, "run_a", { kind: "resolve", state: "wont_fix", reason: "a test run" })
      const trail = await opened.remarks.list("run_a", all)
      expect(trail.map(({ number, body }) => [number, body.kind])).toEqual([
        [6, "resolution.set"],
        [5, "owner.set"],
        [4, "note.withdrawn"],
        [3, "note.added"],
        [2, "note.added"],
        [1, "tags.changed"],
      ])
      expect(trail[4]).toEqual({ ...note, withdrawn: { at: 2_000, actor: "user:0" } })
      const standing = await opened.remarks.standing("run_a")
      expect(standing).toEqual(standingOf({ tags: '["given"]' }, [...trail].reverse()))
      expect(standing).toMatchObject({ number: 6, tags: ["vip"], owner: "user:ann", notes: 1 })
      expect(await opened.remarks.standing("run_none")).toBeNull()
    })

    it("pages the trail, by kind and by step", async () => {
      for (const note of ["a", "b", "c"])
        await sayOf(opened, "run_a", { kind: "annotate", note, stepId: note === "b" ? "step_1" : null })
      await sayOf(opened, "run_a", { kind: "assign", owner: "user:ann" })
      const numbers = async (page: object) =>
        (await opened.remarks.list("run_a", { ...all, ...page })).map((one) => one.number)
      expect(await numbers({ limit: 2 })).toEqual([4, 3])
      expect(await numbers({ limit: 2, before: 3 })).toEqual([2, 1])
      expect(await numbers({ kinds: ["note.added"], limit: 2 })).toEqual([3, 2])
      expect(await numbers({ stepId: "step_1" })).toEqual([2])
    })

    it("takes a remark only as the next of its run, and a key once", async () => {
      const remark = await sayOf(opened, "run_a", { kind: "assign", owner: "user:ann" })
      const standing = (await opened.remarks.standing("run_a"))!
      const again = { runId: "run_a", remark: { ...remark!, remarkId: "rmk_other" }, standing, answer: null }
      expect(await opened.remarks.append(again)).toBe("stale")
      const answer = { scope: "s", key: "k", bodyHash: "h", runId: "run_a", answer: "{}", expiresAt: 9_000 }
      expect(await opened.remarks.append({ runId: "run_a", remark: null, standing, answer })).toBe("durable")
      expect(await opened.store.findAnswer("s", "k", 1_000)).toEqual(answer)
      const next = { ...remark!, remarkId: "rmk_next", number: 2 }
      const write = { runId: "run_a", remark: next, standing: { ...standing, number: 2 }, answer }
      expect(await opened.remarks.append(write)).toBe("duplicate_key")
      expect(await opened.remarks.list("run_a", all)).toHaveLength(1)
    })

    it("finds runs by the tags, the owner and the resolution they have now", async () => {
      await failed("run_b", { tags: '["given"]' })
      await completed("run_c", null)
      expect(await found({ resolution: ["open"] })).toEqual(["run_a", "run_b"])
      await sayOf(opened, "run_a", { kind: "tag", add: ["vip"], remove: ["given"] })
      await sayOf(opened, "run_a", { kind: "assign", owner: "user:ann" })
      await sayOf(opened, "run_a", { kind: "resolve", state: "resolved", reason: "by hand" })
      expect(await found({ tag: ["given"] })).toEqual(["run_b"])
      expect(await found({ tag: ["vip"] })).toEqual(["run_a"])
      expect(await found({ owner: ["user:ann"] })).toEqual(["run_a"])
      expect(await found({ resolution: ["open"] })).toEqual(["run_b"])
      expect(await found({ resolution: ["resolved", "wont_fix"] })).toEqual(["run_a"])
      await sayOf(opened, "run_a", { kind: "reopen" })
      expect(await found({ resolution: ["open"] })).toEqual(["run_a", "run_b"])
    })

    it("supersedes a failed run, and those it was a re-run of, in the commit that completes the new one", async () => {
      await failed("run_b", { rerunOf: "run_a" })
      await sayOf(opened, "run_b", { kind: "resolve", state: "acknowledged", reason: null })
      await completed("run_c", "run_b")
      for (const runId of ["run_a", "run_b"]) {
        const standing = (await opened.remarks.standing(runId))!
        expect(standing.resolution).toMatchObject({ state: "superseded", by: "system", runId: "run_c" })
        await sayOf(opened, runId, { kind: "reopen" })
      }
      // What was undone stays so: nothing looks for it again.
      expect(await found({ resolution: ["open"] })).toEqual(["run_a", "run_b"])
      expect((await opened.remarks.list("run_a", all)).map((one) => one.body.kind)).toEqual([
        "resolution.undone",
        "resolution.set",
      ])
    })

    it("supersedes nothing by a commit that is refused, and once by the one that lasts", async () => {
      const told: Remarked[] = []
      opened.remarks.onRemarked((remarked) => told.push(...remarked))
      const rerun = new RunHistory("run_b", 1_010, { rerunOf: "run_a" })
      await durable(opened.store, rerun.created(), rerun.started())
      const last = rerun.completed()
      const poison = { ...new RunHistory("run_c", 1_010).created(), expectedSeq: 7 }
      await refused(opened.store, last, poison)
      expect([told, (await opened.remarks.standing("run_a"))?.resolution]).toEqual([[], null])
      await durable(opened.store, last)
      expect(told.map(({ remark }) => remark.body.kind)).toEqual(["resolution.set"])
      await refused(opened.store, last)
      expect(await opened.remarks.list("run_a", all)).toHaveLength(1)
    })

    it("leaves alone what somebody has dealt with, and what has not failed", async () => {
      await sayOf(opened, "run_a", { kind: "resolve", state: "wont_fix", reason: "a test run" })
      await completed("run_b", "run_a")
      await completed("run_c", "run_b")
      expect((await opened.remarks.standing("run_a"))?.resolution?.state).toBe("wont_fix")
      expect(await opened.remarks.standing("run_b")).toEqual(startStanding({ tags: "[]" }))
    })

    it("tells of every remark once it is durable, whoever wrote it, and tells again what was missed", async () => {
      const told: Remarked[] = []
      opened.remarks.onRemarked((remarked) => told.push(...remarked))
      await sayOf(opened, "run_a", { kind: "assign", owner: "user:ann" })
      const before = opened.store.position()
      await completed("run_b", "run_a")
      expect(
        told.map(({ key, position, remark, workflowId, status, seq }) => [
          [key, position, seq],
          [remark.runId, remark.body.kind, workflowId, status],
        ]),
      ).toEqual([
        [
          [1, before, 3],
          ["run_a", "owner.set", told[0]!.workflowId, "FAILED"],
        ],
        [
          [2, opened.store.position(), 3],
          ["run_a", "resolution.set", told[0]!.workflowId, "FAILED"],
        ],
      ])
      expect(opened.remarks.newestKey()).toBe(2)
      expect(await opened.remarks.since(0, 9)).toEqual(told)
      expect(await opened.remarks.since(1, 9)).toEqual(told.slice(1))
      // Who has seen the feed up to `before` may not have heard of the first.
      expect([opened.remarks.keyAt(before), opened.remarks.keyAt(before + 1)]).toEqual([0, 1])
    })

    it("makes the standing again from the remarks, and nothing differs", async () => {
      await sayOf(opened, "run_a", { kind: "tag", add: ["vip"], remove: ["given"] })
      await sayOf(opened, "run_a", { kind: "annotate", note: "looks odd", stepId: null })
      const standing = await opened.history.standing("run_a")
      expect(standing).toEqual(await opened.remarks.standing("run_a"))
      const ever = ["given", "vip"]
      expect(await opened.history.replaceStanding("run_a", { ...standing!, number: 9 }, ever)).toBe(false)
      const wrong = { ...standing!, tags: ["given"], notes: 7 }
      expect(await opened.history.replaceStanding("run_a", wrong, ever)).toBe(true)
      expect(await found({ tag: ["given"] })).toEqual(["run_a"])
      expect(await opened.history.replaceStanding("run_a", standing, ever)).toBe(true)
      expect(await opened.history.standing("run_a")).toEqual(standing)
      expect([await found({ tag: ["given"] }), await found({ tag: ["vip"] })]).toEqual([[], ["run_a"]])
      expect((await opened.history.remarks("run_a", 1, 9)).map((one) => one.number)).toEqual([2])
    })
  })
}
