/** The contract of `RunInsights`: what is found beside a run, the same in every store. */
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { StepRow } from "../../core/views/rows.ts"
import { operationsRun, RunHistory } from "../builders/run-history.ts"
import { durable, type OpenedStores, type OpenStores } from "./stores.ts"

export function describeRunInsights(name: string, open: OpenStores): void {
  describe(`${name}: a run beside others`, () => {
    let opened: OpenedStores
    beforeEach(async () => {
      opened = await open(() => 1_000)
    })
    afterEach(() => opened.dispose())

    it("finds the steps of one holder that did not succeed, in the order they ended or the reverse", async () => {
      const [first, ...rest] = operationsRun("run_a", 1_000, 1)
      const model = rest.at(-1)!.steps[0]!
      const step = (part: Partial<StepRow>): StepRow => ({ ...model, ...part })
      const rows = [
        step({ stepId: "a", status: "FAILED", completedAt: 30, firstSeq: 101 }),
        step({ stepId: "b", status: "TIMED_OUT", completedAt: 20, firstSeq: 102 }),
        step({ stepId: "c", status: "SUCCEEDED", completedAt: 10, firstSeq: 103 }),
        step({ stepId: "d", status: "CANCELLED", completedAt: 30, firstSeq: 104 }),
        step({ stepId: "e", status: "FAILED", completedAt: 5, firstSeq: 105, parentStepId: "a" }),
      ]
      await durable(opened.store, first!, ...rest.map((commit) => ({ ...commit, steps: [...commit.steps, ...rows] })))
      const ids = async (parent: string | null, end: "first" | "last", limit = 9) =>
        (await opened.insights.unsuccessfulSteps("run_a", parent, end, limit)).map((row) => row.stepId)
      expect(await ids(null, "first")).toEqual(["b", "a", "d"])
      expect(await ids(null, "last")).toEqual(["d", "a", "b"])
      expect(await ids(null, "last", 1)).toEqual(["d"])
      expect(await ids("a", "first")).toEqual(["e"])
      expect(await ids("b", "first")).toEqual([])
      expect(await opened.insights.unsuccessfulSteps("run_b", null, "first", 9)).toEqual([])
      expect(await opened.insights.unsuccessfulSteps("run_a", "a", "first", 9)).toEqual([rows[4]])
    })

    it("finds the newest event of some types behind a place", async () => {
      await durable(opened.store, ...operationsRun("run_a", 1_000, 3))
      const all = await opened.queries.events("run_a", { after: 0, types: [], limit: 99 })
      const last = all.findLast((event) => event.type === "step.started")!
      expect(await opened.insights.newestEvent("run_a", ["step.started", "run.paused"], 0)).toEqual(last)
      expect(await opened.insights.newestEvent("run_a", ["step.started"], last.seq)).toBeNull()
      expect(await opened.insights.newestEvent("run_b", ["step.started"], 0)).toBeNull()
    })

    it("finds the last good run before a failed one, and counts those that failed like it", async () => {
      const at = async (
        runId: string,
        when: number,
        end: "good" | "boom" | "other" | "open",
        part: { workflowId?: string; environment?: string } = {},
      ) => {
        const history = new RunHistory(runId, when, part)
        const commits = [history.created(), history.started()]
        history.at += 5
        if (end === "good") commits.push(history.completed())
        else if (end !== "open") commits.push(history.failed(end))
        await durable(opened.store, ...commits)
      }
      await at("run_1", 1_000, "boom")
      await at("run_2", 1_010, "good")
      await at("run_3", 1_020, "good")
      await at("run_4", 1_021, "good", { environment: "prod" })
      await at("run_5", 1_022, "good", { workflowId: "refunds" })
      await at("run_6", 1_030, "boom")
      await at("run_7", 1_040, "other")
      await at("run_8", 1_050, "boom", { workflowId: "refunds" })
      await at("run_9", 1_060, "boom")
      await at("run_10", 1_070, "good")
      const neighbours = async (runId: string) => {
        const found = await opened.insights.neighbours((await opened.queries.run(runId))!)
        return { lastGood: found.lastGood?.runId ?? null, alike: found.alike }
      }
      expect(await neighbours("run_9")).toEqual({
        lastGood: "run_3",
        alike: { total: { value: 3, exact: true }, since: 1_000 },
      })
      expect(await neighbours("run_1")).toMatchObject({ lastGood: null })
      expect(await neighbours("run_7")).toMatchObject({ alike: { total: { value: 1, exact: true }, since: 1_040 } })
      expect(await neighbours("run_10")).toEqual({ lastGood: "run_3", alike: null })
      expect((await opened.insights.neighbours((await opened.queries.run("run_9"))!)).lastGood).toEqual(
        await opened.queries.run("run_3"),
      )
    })

    it("looks for the last good run behind hundreds that failed", async () => {
      const good = new RunHistory("run_good", 1_000)
      const commits = [good.created(), good.started(), good.completed()]
      for (let index = 0; index < 600; index += 1) {
        const run = new RunHistory(`run_${index}`, 2_000 + Math.floor(index / 3))
        commits.push(run.created(), run.started(), run.failed("boom"))
      }
      await durable(opened.store, ...commits)
      const { lastGood, alike } = await opened.insights.neighbours((await opened.queries.run("run_599"))!)
      expect(lastGood?.runId).toBe("run_good")
      expect(alike?.total).toEqual({ value: 600, exact: true })
    })
  })
}
