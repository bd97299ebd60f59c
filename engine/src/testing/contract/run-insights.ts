/** The contract of `RunInsights`: what is found beside a run, the same in every store. */
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { RunEvent } from "../../core/run/events.ts"
import { type ContextAt, contextAt } from "../../core/views/context-at.ts"
import { jsonChanges } from "../../core/views/json-changes.ts"
import { blobsOf, type JsonPieces, joinPieces } from "../../core/views/json-pieces.ts"
import type { RunRow, StepRow } from "../../core/views/rows.ts"
import type { Lane, Segment } from "../../core/views/timeline.ts"
import { operationsRun, RunHistory } from "../builders/run-history.ts"
import { simulate } from "../simulator/simulation.ts"
import { durable, type OpenedStores, type OpenStores } from "./stores.ts"

function contextFrom(pieces: JsonPieces): ContextAt {
  return JSON.parse(joinPieces(pieces, new Map())) as ContextAt
}

export function describeRunInsights(name: string, open: OpenStores): void {
  describe(`${name}: a run beside others`, () => {
    let opened: OpenedStores
    beforeEach(async () => {
      opened = await open(() => 1_000)
    })
    afterEach(() => opened.dispose())

    it("knows what an approval went through and its clocks, and nothing of other steps", async () => {
      const history = new RunHistory("run_a", 1_000)
      const approval = "appr_1"
      const timer = (stepId: string, kind: string, dueAt: number) => ({
        ...{ runId: "run_a", timerId: `tmr_${stepId}_${kind}`, stepId, kind, dueAt },
      })
      const commits = [
        history.created(),
        history
          .add("approval.reminded", { approval, count: 1 }, "gate")
          .add("approval.reminded", { approval: "appr_2", count: 7 }, "other")
          .add("approval.voted", { approval, outcome: "approve", by: "user:a", comment: null, form: null }, "gate")
          .add("approval.escalated", { approval, to: ["team:leads"] }, "gate")
          .commit(
            {},
            { timersSet: [timer("gate", "approval_reminder", 9_000), timer("other", "approval_due", 8_000)] },
          ),
      ]
      await durable(opened.store, ...commits)
      const { events, timers } = await opened.insights.approvalRecord("run_a", "gate")
      expect(events.map(({ type, stepId }) => [type, stepId])).toEqual([
        ["approval.reminded", "gate"],
        ["approval.escalated", "gate"],
      ])
      expect(timers).toEqual([{ kind: "approval_reminder", dueAt: 9_000 }])
      expect(await opened.insights.approvalRecord("run_b", "gate")).toEqual({ events: [], timers: [] })
    })

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

    it("sums up all runs of a workflow, and pages them by how many stand in front", async () => {
      const ended = (runId: string, at: number, row: Partial<RunRow>) => {
        const history = new RunHistory(runId, at, row)
        const first = history.created()
        const begun = history.started()
        history.at += 100
        return [first, begun, row.environment === "stage" ? history.failed("bug") : history.completed()]
      }
      await durable(opened.store, ...ended("run_1", 1_000, {}), ...ended("run_2", 2_000, { environment: "stage" }))
      const slow = new RunHistory("run_3", 3_000)
      const commits = [slow.created(), slow.started()]
      slow.at += 4_000
      await durable(opened.store, ...commits, slow.completed())
      await durable(opened.store, new RunHistory("run_4", 4_000).created())
      await durable(opened.store, ...ended("run_5", 5_000, { workflowId: "other" }))
      const orders = { workspaceId: "default", workflowId: "orders" }
      const { insights } = opened
      expect(await insights.workflowTotals({ ...orders, environment: null })).toEqual({
        byStatus: { COMPLETED: 2, FAILED: 1, PENDING: 1 },
        durations: { runs: 3, totalMs: 4_200, minMs: 100, maxMs: 4_000 },
      })
      expect(await insights.workflowTotals({ ...orders, environment: "stage" })).toEqual({
        byStatus: { FAILED: 1 },
        durations: { runs: 1, totalMs: 100, minMs: 100, maxMs: 100 },
      })
      expect(await insights.workflowTotals({ ...orders, workflowId: "none", environment: null })).toEqual({
        byStatus: {},
        durations: { runs: 0, totalMs: 0, minMs: null, maxMs: null },
      })
      const page = async (
        statuses: RunRow["status"][],
        skip: number,
        limit: number,
        environment: string | null = null,
      ) => {
        const { items, total } = await insights.workflowPage({ ...orders, environment, statuses, skip, limit })
        return [items.map(({ runId }) => runId), total]
      }
      expect(await page([], 0, 10)).toEqual([["run_4", "run_3", "run_2", "run_1"], 4])
      expect(await page([], 1, 2)).toEqual([["run_3", "run_2"], 4])
      expect(await page([], 9, 2)).toEqual([[], 4])
      expect(await page(["COMPLETED", "PENDING"], 1, 2)).toEqual([["run_3", "run_1"], 3])
      expect(await page([], 0, 9, "stage")).toEqual([["run_2"], 1])
    })

    it("counts all steps of a run by how they ended, and knows which states of the top level were entered", async () => {
      const [first, ...rest] = operationsRun("run_a", 1_000, 3)
      const model = rest.at(-1)!.steps[0]!
      const inner = {
        ...model,
        stepId: "inner",
        name: "inner",
        branchPath: "each[0]",
        status: "FAILED",
        firstSeq: 90,
      } as const
      const last = rest.pop()!
      await durable(opened.store, first!, ...rest, { ...last, steps: [...last.steps, inner] })
      const { byStatus, topStates } = await opened.insights.stepTotals("run_a")
      expect(byStatus).toEqual({ SUCCEEDED: 3, FAILED: 1 })
      expect([...topStates].sort()).toEqual(["step0", "step1", "step2"])
      expect(await opened.insights.stepTotals("run_b")).toEqual({ byStatus: {}, topStates: [] })
    })

    it("shows a run's timeline page by page, with the trail of what was tried again", async () => {
      const [first, ...rest] = operationsRun("run_a", 1_000, 7)
      await durable(opened.store, first!, ...rest)
      const at = (ms: number) => new Date(ms).toISOString()
      const page = async (runId: string, after: number, limit: number) => {
        const { lanes, segments, ...rest } = (await opened.insights.timeline(runId, after, limit))!
        return { ...rest, lanes: JSON.parse(lanes) as Lane[], segments: JSON.parse(segments) as Segment[] }
      }
      const pages = [await page("run_a", 0, 3)]
      for (let next = pages[0]!.next; next !== null; next = pages.at(-1)!.next) pages.push(await page("run_a", next, 3))
      expect(pages.map(({ lanes }) => lanes.map(({ name }) => name))).toEqual([
        ["step0", "step1", "step2"],
        ["step3", "step4", "step5"],
        ["step6"],
      ])
      expect(pages.map(({ segments }) => segments.length)).toEqual([6, 6, 2])
      expect(pages[2]).toMatchObject({
        seq: (await opened.queries.run("run_a"))!.seq,
        lanes: [{ type: "agent.run", status: "SUCCEEDED", agent: "work", attempts: 1, from: at(1_030), to: at(1_035) }],
        segments: [
          { kind: "queued", from: at(1_030), to: at(1_030) },
          { kind: "running", from: at(1_030), to: at(1_035), outcome: "succeeded" },
        ],
      })
      expect(await opened.insights.timeline("run_b", 0, 3)).toBeNull()

      const retried = new RunHistory("run_r", 2_000)
      const step = rest.at(-1)!.steps[0]!
      const trail = ["step.scheduled", "step.started", "step.failed", "step.retry_scheduled", "step.scheduled"] as const
      const entered = { scope: "", name: "charge", visit: 1, type: "operation", action: "agent.run" } as const
      retried.add("state.entered", { ...entered, branchPath: "", index: null }, "step_r")
      const firstSeq = retried.seq
      for (const type of trail) {
        retried.add(type, {} as never, "step_r")
        retried.at += 10
      }
      const row = { ...step, runId: "run_r", stepId: "step_r", retries: 1, attempt: 2, firstSeq }
      const open = { ...row, status: "RUNNING", enteredAt: 2_000, completedAt: null } as const
      await durable(opened.store, retried.commit({}, { steps: [open] }))
      expect((await page("run_r", 0, 9)).segments).toMatchObject([
        { kind: "queued", attempt: 1, from: at(2_000), to: at(2_010) },
        { kind: "running", attempt: 1, from: at(2_010), to: at(2_020), outcome: "failed" },
        { kind: "backoff", attempt: 2, from: at(2_030), to: at(2_040) },
        { kind: "queued", attempt: 2, from: at(2_040), to: null },
      ])
    })

    it("gives one step by its id, and what it did to the context", async () => {
      await durable(opened.store, ...operationsRun("run_a", 1_000, 3))
      const [, second] = await opened.queries.steps("run_a", 0, 9)
      expect(await opened.insights.step("run_a", second!.stepId)).toEqual(second)
      expect(await opened.insights.step("run_a", "step_none")).toBeNull()
      expect(await opened.insights.step("run_none", second!.stepId)).toBeNull()
      expect(await opened.insights.stepContext("run_a", second!.stepId)).toMatchObject({
        stepId: second!.stepId,
        writes: [{ path: "step1", mode: "replace", branchPath: "" }],
        changes: [{ pointer: "/step1", op: "added", to: { total: 10, currency: "EUR" }, writer: null }],
      })
      expect(await opened.insights.stepContext("run_a", "step_none")).toBeNull()
    })

    it("shows the context at every event as the fold has it, in whatever order it is asked", async () => {
      const { histories } = await simulate({ seed: 11 })
      const [[runId, events]] = [...histories()].sort((a, b) => b[1].length - a[1].length) as [
        [string, readonly RunEvent[]],
      ]
      const history = new RunHistory(runId, 1_000)
      for (const { type, payload, stepId } of events) history.add(type, payload as never, stepId)
      await durable(opened.store, history.commit())
      const places = events.map(({ seq }) => seq).sort((a, b) => ((a * 7919) % 101) - ((b * 7919) % 101))
      for (const at of [...places, null]) {
        const folded = contextAt(runId, events, at)!
        const found = contextFrom((await opened.insights.contextTextAt(runId, at))!)
        expect(found.seq).toBe(at ?? events.length)
        expect({ ...found, seq: folded.seq }).toEqual(folded)
      }
      const now = joinPieces((await opened.insights.contextTextNow(runId))!, new Map())
      expect(JSON.parse(now)).toEqual(contextAt(runId, events, null)!.value)
      expect(joinPieces((await opened.insights.contextTextNow(runId))!, new Map())).toBe(now)
      expect(await opened.insights.contextTextNow("run_none")).toBeNull()
      expect(contextFrom((await opened.insights.contextTextAt(runId, 1_000_000))!).seq).toBe(events.length)
      expect(await opened.insights.contextTextAt("run_none", null)).toBeNull()
    })

    it("tells what changed between two points, and what an expression says, as the fold has them", async () => {
      const { histories } = await simulate({ seed: 11 })
      const [[runId, events]] = [...histories()].sort((a, b) => b[1].length - a[1].length) as [
        [string, readonly RunEvent[]],
      ]
      const history = new RunHistory(runId, 1_000)
      for (const { type, payload, stepId } of events) history.add(type, payload as never, stepId)
      await durable(opened.store, history.commit())
      const then = contextAt(runId, events, 3)!
      const whole = contextAt(runId, events, null)!
      const { changes, truncated } = jsonChanges(then.value, whole.value, 100)
      const changed = await opened.insights.contextChanges(runId, { from: 3, to: null }, 100, new Map())
      expect(changed).toMatchObject({ kind: "told" })
      expect(JSON.parse((changed as { told: string }).told)).toEqual({ from: 3, to: events.length, changes, truncated })
      expect(await opened.insights.contextChanges("run_none", { from: 1, to: null }, 1, new Map())).toBeNull()
      const value = await opened.insights.evaluate("ctx", runId, null, new Map())
      expect(JSON.parse((value as { told: { text: string } }).told.text)).toEqual(whole.value)
      expect(await opened.insights.evaluate("ctx", "run_none", null, new Map())).toBeNull()
      expect(await opened.insights.evaluate("1 + 1", null, null, new Map())).toEqual({
        kind: "told",
        told: { ok: true, text: "2" },
      })
      expect(await opened.insights.evaluate("1 +", null, null, new Map())).toMatchObject({
        told: { ok: false, rejection: { code: "expression_invalid" } },
      })
    })

    it("keeps large values as references, and stops in front of an event that cannot be read", async () => {
      const history = new RunHistory("run_a", 1_000)
      const created = history.created()
      history.add("run.started", { slot: null, state: "big" })
      const entered = { scope: "", name: "big", visit: 1, type: "inject", action: null, branchPath: "", index: null }
      history.add("state.entered", entered as never, "step_1")
      const value = { blob: "b".repeat(32), bytes: 90_000 }
      const written = { scope: "", path: ["in", "big"], mode: "replace", from: null, value, bytes: 64 } as const
      history.add("context.written", written, "step_1")
      history.add("timer.set", null as never, "step_1")
      history.add("a.later.event" as never, {} as never, "step_1")
      history.add("state.exited", { status: "SUCCEEDED", next: null }, "step_1")
      await durable(opened.store, created, history.commit())
      const found = (await opened.insights.contextTextAt("run_a", null))!
      expect(blobsOf(found)).toEqual([value.blob])
      expect(contextFrom(found)).toMatchObject({ seq: 5, value: { in: { big: null } } })
      const needs = { kind: "needs", blobs: [value.blob] }
      const given = new Map([[value.blob, '{"n":7}']])
      expect(await opened.insights.evaluate("ctx['in'].big.n", "run_a", null, new Map())).toEqual(needs)
      expect(await opened.insights.evaluate("ctx['in'].big['n']", "run_a", null, given)).toEqual({
        kind: "told",
        told: { ok: true, text: "7" },
      })
      expect(await opened.insights.contextChanges("run_a", { from: 1, to: null }, 9, new Map())).toEqual(needs)
      const changed = await opened.insights.contextChanges("run_a", { from: 1, to: null }, 9, given)
      expect((changed as { told: string }).told).toContain('{"n":7}')
      const gone = new Map([[value.blob, null]])
      expect(await opened.insights.evaluate("ctx['in'].big", "run_a", null, gone)).toMatchObject({
        told: { text: "null" },
      })
      const text = (await opened.insights.contextTextNow("run_a"))!
      expect(blobsOf(text)).toEqual([value.blob])
      expect(JSON.parse(joinPieces(text, new Map([[value.blob, '"big"']])))).toMatchObject({ in: { big: "big" } })
      expect(await opened.insights.stepContext("run_a", "step_1")).toBeNull()
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
        alike: { issueId: expect.stringMatching(/^iss_/), total: { value: 3, exact: true }, since: 1_005 },
      })
      expect(await neighbours("run_1")).toMatchObject({ lastGood: null })
      expect(await neighbours("run_7")).toMatchObject({ alike: { total: { value: 1, exact: true }, since: 1_045 } })
      expect(await neighbours("run_10")).toEqual({ lastGood: "run_3", alike: null })
      expect((await opened.insights.neighbours((await opened.queries.run("run_9"))!)).lastGood).toEqual(
        await opened.queries.run("run_3"),
      )
    })

    it("finds the runs around a run, nearest first, none twice, and not more than asked for", async () => {
      let at = 1_000
      const add = async (runId: string, row: Partial<RunRow> = {}) => {
        await durable(opened.store, new RunHistory(runId, ++at, { correlationId: runId, ...row }).created())
      }
      await add("root", { workflowId: "ship" })
      await add("middle", { workflowId: "orders", parentRunId: "root", rootRunId: "root" })
      await add("me", { workflowId: "ship", parentRunId: "middle", rootRunId: "root", businessEventId: "e-1" })
      await add("sibling", { parentRunId: "middle", rootRunId: "root" })
      await add("child-1", { workflowId: "pay", parentRunId: "me", rootRunId: "root" })
      await add("child-2", { workflowId: "ship", parentRunId: "me", rootRunId: "root" })
      await add("grandchild", { workflowId: "pay", parentRunId: "child-1", rootRunId: "root" })
      await add("again", { rerunOf: "me", correlationId: "me", businessEventId: "e-1" })
      await add("again-2", { rerunOf: "again", correlationId: "me" })
      await add("same", { businessEventId: "e-1" })
      await add("yours", { businessEventId: "e-1", workspaceId: "other", parentRunId: "me" })
      const lineage = async (runId: string, limit = 200) => {
        const found = await opened.insights.lineage(runId, limit)
        return found?.relatives.map(({ runId: id, relation, via, distance, circular }) =>
          [id, relation, via, distance, ...(circular ? ["circular"] : [])].join(" "),
        )
      }
      expect(await lineage("me")).toEqual([
        "middle parent me 1",
        "again rerun me 1",
        "child-1 child me 1",
        "child-2 child me 1 circular",
        "same same_event me 1",
        "root parent middle 2 circular",
        "again-2 rerun again 2",
        "grandchild child child-1 2 circular",
      ])
      expect(await lineage("again-2")).toEqual(["again rerun_of again-2 1", "me rerun_of again 2"])
      expect(await lineage("again")).toEqual([
        "me rerun_of again 1",
        "again-2 rerun again 1",
        "same same_event again 1",
      ])
      expect(await lineage("me", 3)).toHaveLength(3)
      expect(await opened.insights.lineage("me", 3)).toMatchObject({ rootRunId: "root", truncated: true })
      expect(await opened.insights.lineage("me", 8)).toMatchObject({ truncated: false })
      expect(await opened.insights.lineage("run_none", 9)).toBeNull()
    })

    it("tells how the runs of a workflow went in a period, in its environment", async () => {
      const add = async (runId: string, at: number, end: "good" | "boom" | "open", row: Partial<RunRow> = {}) => {
        if (end === "good") return durable(opened.store, ...operationsRun(runId, at, 2, row))
        const history = new RunHistory(runId, at, row)
        const commits = [history.created(), history.started()]
        history.at += 7
        if (end === "boom") commits.push(history.failed("boom"))
        return durable(opened.store, ...commits)
      }
      await add("run_0", 999, "good")
      await add("run_1", 1_000, "good")
      await add("run_2", 1_010, "boom")
      await add("run_3", 1_020, "open")
      await add("run_4", 1_030, "good", { environment: "prod" })
      await add("run_5", 1_030, "good", { workflowId: "refunds" })
      await add("run_6", 1_999, "good")
      await add("run_7", 2_000, "good")
      const question = { workspaceId: "default", environment: "default", workflowId: "orders", from: 1_000, to: 2_000 }
      const stats = await opened.insights.workflowStats(question)
      expect(stats).toMatchObject({
        total: { value: 4, exact: true },
        byStatus: { COMPLETED: 2, FAILED: 1, RUNNING: 1 },
        successRate: 2 / 3,
        durationMs: { mean: 10, p50: 10, p95: 10 },
        sampledRuns: 3,
      })
      const state = { type: "agent.run", entered: 2, failed: 0, retries: 0, p50Ms: 5, p95Ms: 5 }
      expect(stats.states).toEqual([
        { ...state, path: "step0", name: "step0" },
        { ...state, path: "step1", name: "step1" },
      ])
      expect(await opened.insights.workflowStats({ ...question, workflowId: "none" })).toMatchObject({
        total: { value: 0, exact: true },
        successRate: null,
      })
    })

    it("knows where a finished run is sealed into its workspace's chain", async () => {
      const done = new RunHistory("run_a", 1_000)
      const open = new RunHistory("run_b", 1_000)
      await durable(opened.store, done.created(), done.started(), done.completed(), open.created())
      expect(await opened.insights.sealOf("run_a")).toMatchObject({
        workspaceId: "default",
        number: 1,
        runId: "run_a",
        runSeq: 3,
        runHead: done.row.headHash,
      })
      expect(await opened.insights.sealOf("run_b")).toBeNull()
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
