/** The contract of `RunQueries`: filters, orders, cursors, pages. What a list means is `matchesFilter` and `sortKey`. */
import fc from "fast-check"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type FoldKind, foldRuns } from "../../core/views/fold-runs.ts"
import { type DurationLimit, isLate } from "../../core/views/late-runs.ts"
import type { ApprovalRow } from "../../core/views/rows.ts"
import {
  type ApprovalSort,
  compareKeys,
  matchesFilter,
  noFilter,
  type RunFilter,
  type RunSort,
  resolveFilter,
  runSorts,
  sortKey,
} from "../../core/views/run-query.ts"
import type { ListedRun } from "../../ports/run-queries.ts"
import { operationsRun, RunHistory } from "../builders/run-history.ts"
import { fill, filterArbitrary, listNow, planArbitrary } from "./random-runs.ts"
import { durable, type OpenedStores, type OpenStores } from "./stores.ts"

async function allPages(
  opened: OpenedStores,
  filter: RunFilter,
  sort: RunSort,
  limit: number,
  fold: readonly FoldKind[] = [],
): Promise<ListedRun[]> {
  const rows: ListedRun[] = []
  let cursor: string | null = null
  // Time goes on between pages; all of them mean the first one's now.
  let now = listNow
  do {
    const listed = await opened.queries.runs({ workspaceId: "default", filter, now, sort, fold, cursor, limit })
    if (!listed.ok) throw new Error(listed.message)
    expect(listed.page.items.length).toBeLessThanOrEqual(limit)
    rows.push(...listed.page.items)
    cursor = listed.page.nextCursor
    now += 1_000
  } while (cursor !== null)
  return rows
}

const approval = (
  approvalId: string,
  runId: string,
  requestedAt: number,
  part: Partial<ApprovalRow> = {},
): ApprovalRow => ({
  approvalId,
  runId,
  stepId: `step_${approvalId}`,
  workspaceId: "default",
  environment: "default",
  workflowId: "orders",
  name: "review",
  round: 1,
  state: "pending",
  message: "Please look",
  requestedSeq: 2,
  approvers: JSON.stringify(["user:ann", "team:ops"]),
  outcomes: "[]",
  requestedBy: "user:local",
  requestedAt,
  timeoutAt: null,
  dueAt: null,
  decidedAt: null,
  decidedBy: null,
  outcome: null,
  comment: null,
  form: null,
  contentHash: "h",
  bound: true,
  votes: "[]",
  ...part,
})

/** @param samples how many random lists are compared with their meaning */
export function describeRunQueries(name: string, open: OpenStores, samples: number): void {
  describe(`${name}: reading`, () => {
    let opened: OpenedStores
    beforeEach(async () => {
      opened = await open(() => 1_000)
    })
    afterEach(() => opened.dispose())

    it("lists exactly what a filter means, in its order, each run once, and counts it", async () => {
      const plans = fc.sample(planArbitrary, { numRuns: 60, seed: 7 })
      const standings = await fill(opened, plans)
      const rows = await allPages(opened, noFilter, "startedAt", 200)
      expect(rows).toHaveLength(60)
      await fc.assert(
        fc.asyncProperty(
          filterArbitrary,
          fc.constantFrom(...runSorts),
          fc.integer({ min: 1, max: 30 }),
          async (filter, sort, limit) => {
            const isId =
              filter.q !== null &&
              rows.some((row) => [row.runId, row.correlationId, row.businessEventId].includes(filter.q))
            const wanted = rows.filter(
              (row) =>
                matchesFilter(row, standings.get(row.runId)!, resolveFilter(filter, listNow)) &&
                (!isId || [row.runId, row.correlationId, row.businessEventId].includes(filter.q)),
            )
            const found = await allPages(opened, filter, sort, limit)
            expect(found.map((row) => row.runId).sort()).toEqual(wanted.map((row) => row.runId).sort())
            for (const [index, row] of found.entries()) {
              if (index === 0) continue
              expect(compareKeys(sortKey(found[index - 1]!, sort), sortKey(row, sort), sort)).toBeLessThanOrEqual(0)
            }
            const first = await opened.queries.runs({
              workspaceId: "default",
              now: listNow,
              filter,
              sort,
              cursor: null,
              limit,
            })
            expect(first.ok && first.page.total).toEqual({ value: wanted.length, exact: true })
          },
        ),
        { numRuns: samples, seed: 11 },
      )
    })

    it("finds the runs that take longer than their limit, and the others, as they are judged one by one", async () => {
      await fill(opened, fc.sample(planArbitrary, { numRuns: 60, seed: 3 }))
      const all = await allPages(opened, noFilter, "startedAt", 200)
      const [first] = all
      const limits = [
        { workflowId: first!.workflowId, environment: first!.environment, limitMs: 5 },
        { workflowId: "nowhere", environment: "default", limitMs: 0 },
      ]
      const found = async (negated: boolean, late?: readonly DurationLimit[]) => {
        const filter = { ...noFilter, terms: [{ negated, test: { kind: "late" as const } }] }
        const question = { workspaceId: "default", now: listNow, filter, ...(late !== undefined && { late }) }
        const listed = await opened.queries.runs({ ...question, sort: "startedAt", cursor: null, limit: 200 })
        return listed.ok ? listed.page.items.map(({ runId }) => runId) : []
      }
      const late = all.filter((row) => isLate(row, limits, listNow)).map(({ runId }) => runId)
      expect(late.length).toBeGreaterThan(0)
      expect(await found(false, limits)).toEqual(late)
      expect(await found(true, limits)).toEqual(all.map(({ runId }) => runId).filter((id) => !late.includes(id)))
      expect(await found(false)).toEqual([])
    })

    it("folds runs under others that are in the list too, whatever is asked and in whatever order, and counts them", async () => {
      const parent = (index: number) => `run_${String((index * 7) % 20).padStart(3, "0")}`
      const standings = await fill(opened, fc.sample(planArbitrary, { numRuns: 60, seed: 5 }), 0, (index) =>
        index % 3 === 0 && index >= 20 ? { parentRunId: parent(index) } : {},
      )
      const rows = await allPages(opened, noFilter, "createdAt", 200)
      // In order of creation, as their keys are.
      const numbers = new Map([...rows].map(({ runId }) => [runId, Number(runId.slice(4))] as const))
      let foldedRows = 0
      await fc.assert(
        fc.asyncProperty(
          filterArbitrary,
          fc.constantFrom(...runSorts),
          fc.integer({ min: 1, max: 30 }),
          fc.subarray<FoldKind>(["duplicates", "children"], { minLength: 1 }),
          fc.constantFrom(...(Object.keys(noFilter) as (keyof RunFilter)[]).filter((name) => name !== "q")),
          async (asked, sort, limit, kinds, name) => {
            // One field: what many ask leaves too few runs to stand under each other.
            const filter = { ...noFilter, [name]: asked[name] }
            const matching = rows
              .filter((row) => matchesFilter(row, standings.get(row.runId)!, resolveFilter(filter, listNow)))
              .map((row) => ({ row, number: numbers.get(row.runId)! }))
            const wanted = foldRuns(matching, kinds)
            foldedRows += matching.length - wanted.length
            const found = await allPages(opened, filter, sort, limit, kinds)
            expect(Object.fromEntries(found.map(({ runId, folded }) => [runId, folded]))).toEqual(
              Object.fromEntries(wanted.map(([{ row }, folded]) => [row.runId, folded])),
            )
            expect(found).toHaveLength(wanted.length)
            const request = { workspaceId: "default", now: listNow, filter, sort, fold: kinds, cursor: null, limit }
            const first = await opened.queries.runs(request)
            expect(first.ok && first.page.total).toEqual({ value: wanted.length, exact: true })
          },
        ),
        { numRuns: Math.ceil(samples / 2), seed: 17 },
      )
      expect(foldedRows).toBeGreaterThan(samples / 2)
    })

    it("does not fold what a page showed under a run that came after the first page", async () => {
      const events = ["a", "b", "c", "d"].map((name, index) => {
        const history = new RunHistory(`run_${name}`, 1_000 + index, { businessEventId: `order-${name}` })
        return [history.created(), history.started(), history.completed()]
      })
      await durable(opened.store, ...events.flat())
      const request = {
        workspaceId: "default",
        now: listNow,
        filter: noFilter,
        fold: ["duplicates"],
        limit: 2,
      } as const
      const first = await opened.queries.runs({ ...request, sort: "-startedAt", cursor: null })
      if (!first.ok) throw new Error(first.message)
      const again = new RunHistory("run_again", 1_020, { businessEventId: "order-a" })
      await durable(opened.store, again.created(), again.started())
      const { nextCursor } = first.page
      const second = await opened.queries.runs({ ...request, sort: "-startedAt", cursor: nextCursor })
      expect(second.ok && second.page.items.map(({ runId }) => runId)).toEqual(["run_b", "run_a"])
      const other = await opened.queries.runs({
        ...request,
        fold: ["children"],
        sort: "-startedAt",
        cursor: nextCursor,
      })
      expect(other).toMatchObject({ ok: false, code: "cursor_mismatch" })
    })

    it("shows every run whose place did not change exactly once, while others come and move", async () => {
      const plans = fc.sample(planArbitrary, { numRuns: 30, seed: 3 })
      await fill(opened, plans)
      const moving = new RunHistory("run_moving", 1_010)
      await durable(opened.store, moving.created())
      for (const sort of runSorts) {
        const seen: string[] = []
        let cursor: string | null = null
        let round = 0
        do {
          const listed = await opened.queries.runs({
            workspaceId: "default",
            now: listNow,
            filter: noFilter,
            sort,
            cursor,
            limit: 7,
          })
          if (!listed.ok) throw new Error(listed.message)
          seen.push(...listed.page.items.map((row) => row.runId))
          cursor = listed.page.nextCursor
          const added = new RunHistory(`run_new_${sort}_${round}`, 1_000 + round)
          await durable(opened.store, added.created(), added.started())
          if (round === 0) {
            moving.at += 13
            moving.add("run.paused", { reason: null })
            await durable(opened.store, moving.commit({ status: "PAUSED" }))
          }
          round += 1
        } while (cursor !== null)
        const kept = seen.filter((runId) => /^run_\d+$/.test(runId))
        expect(kept).toHaveLength(30)
        expect(new Set(kept).size).toBe(30)
      }
    })

    it("shows of each run the state that it entered last", async () => {
      await durable(opened.store, ...operationsRun("run_a", 1_000, 3), new RunHistory("run_b", 1_001).created())
      const listed = await opened.queries.runs({
        workspaceId: "default",
        now: listNow,
        filter: noFilter,
        sort: "createdAt",
        cursor: null,
        limit: 9,
      })
      expect(listed.ok && listed.page.items.map((row) => row.lastState)).toEqual(["step2", null])
    })

    it("keeps workspaces apart", async () => {
      await durable(opened.store, new RunHistory("run_a", 1_000, { workspaceId: "mine" }).created())
      await durable(
        opened.store,
        new RunHistory("run_b", 1_000, { workspaceId: "yours", correlationId: "run_a" }).created(),
      )
      const listed = await opened.queries.runs({
        workspaceId: "mine",
        now: listNow,
        filter: { ...noFilter, q: "run" },
        sort: "-startedAt",
        cursor: null,
        limit: 10,
      })
      expect(listed.ok && listed.page.items.map((row) => row.runId)).toEqual(["run_a"])
      const traced = { ...noFilter, correlationId: "run_a" }
      const other = await opened.queries.runs({
        workspaceId: "mine",
        now: listNow,
        filter: traced,
        sort: "createdAt",
        cursor: null,
        limit: 9,
      })
      expect(other.ok && other.page.items.map((row) => row.runId)).toEqual(["run_a"])
    })

    it("refuses a cursor of another filter, order or workspace, and one that was altered", async () => {
      await fill(opened, fc.sample(planArbitrary, { numRuns: 9, seed: 5 }))
      const list = { workspaceId: "default", now: listNow, filter: noFilter, sort: "-startedAt" as RunSort, limit: 2 }
      const first = await opened.queries.runs({ ...list, cursor: null })
      const cursor = first.ok ? first.page.nextCursor! : ""
      expect((await opened.queries.runs({ ...list, cursor })).ok).toBe(true)
      const altered = `${cursor.slice(0, 9)}${cursor[9] === "A" ? "B" : "A"}${cursor.slice(10)}`
      for (const wrong of [
        { ...list, cursor, sort: "startedAt" as RunSort },
        { ...list, cursor, workspaceId: "other" },
        { ...list, cursor, filter: { ...noFilter, status: ["FAILED"] } },
        { ...list, cursor: altered },
        { ...list, cursor: "" },
        { ...list, cursor: "…" },
        { ...list, cursor: `${cursor}.x` },
      ]) {
        expect(await opened.queries.runs(wrong)).toMatchObject({ ok: false, code: "cursor_mismatch" })
      }
      const reordered = await opened.queries.runs({
        ...list,
        filter: { ...noFilter, tag: ["red", "blue"] },
        limit: 1,
        cursor: null,
      })
      const next = reordered.ok ? reordered.page.nextCursor : null
      const same = await opened.queries.runs({
        ...list,
        filter: { ...noFilter, tag: ["blue", "red"] },
        limit: 1,
        cursor: next,
      })
      expect(same.ok).toBe(true)
    })

    it("sees in a list what was committed just before", async () => {
      for (let index = 0; index < 20; index += 1) {
        const runId = `run_${index}`
        const position = await durable(opened.store, new RunHistory(runId, 1_000 + index).created())
        const listed = await opened.queries.runs({
          workspaceId: "default",
          now: listNow,
          filter: noFilter,
          sort: "-createdAt",
          cursor: null,
          limit: 1,
        })
        expect(listed.ok && listed.page.items[0]?.runId).toBe(runId)
        expect(listed.ok && listed.position).toBeGreaterThanOrEqual(position)
      }
    })

    it("pages through the events of a run, all or those of some types", async () => {
      const commits = operationsRun("run_a", 1_000, 3)
      await durable(opened.store, ...commits)
      const all = commits.flatMap((commit) => commit.events)
      const first = await opened.queries.events("run_a", { after: 0, types: [], limit: 5 })
      expect(first.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5])
      expect(first[0]).toEqual({
        runId: "run_a",
        seq: 1,
        position: 1,
        v: 1,
        type: "run.created",
        at: 1_000,
        actor: "user:local",
        stepId: null,
        payload: all[0]!.payload,
        hash: all[0]!.hash,
      })
      const rest = await opened.queries.events("run_a", { after: 5, types: [], limit: 500 })
      expect([...first, ...rest].map((event) => event.hash)).toEqual(all.map((event) => event.hash))
      const some = await opened.queries.events("run_a", {
        after: 2,
        types: ["step.succeeded", "run.created"],
        limit: 2,
      })
      expect(some.map((event) => event.type)).toEqual(["step.succeeded", "step.succeeded"])
      const succeeded = { after: 0, types: ["step.succeeded"], limit: 1 }
      const [one] = await opened.queries.events("run_a", succeeded)
      const within = async (events: number) => opened.queries.events("run_a", { ...succeeded, within: events })
      expect(await within(one!.seq)).toEqual([one])
      expect(await within(one!.seq - 1)).toEqual([])
      expect(await opened.queries.events("run_none", { after: 0, types: [], limit: 5 })).toEqual([])
    })

    it("gives the feed since a position, with what a listener needs to filter it", async () => {
      await durable(opened.store, ...operationsRun("run_a", 1_000, 1, { environment: "prod", workflowId: "w" }))
      const feed = await opened.queries.since(5, 2)
      expect(feed.map((event) => event.position)).toEqual([6, 7])
      expect(feed[0]).toMatchObject({
        runId: "run_a",
        workspaceId: "default",
        environment: "prod",
        workflowId: "w",
        seq: 6,
      })
      const whole = await opened.queries.since(0, 500)
      expect(whole.at(-1)).toMatchObject({ type: "run.completed", status: "COMPLETED" })
      expect(whole[0]!.status).toBe("RUNNING")
      expect(await opened.queries.since(whole.length, 10)).toEqual([])
    })

    it("lists approvals newest first, by state, run, workflow, environment and who may decide", async () => {
      const a = new RunHistory("run_a", 1_000)
      const b = new RunHistory("run_b", 1_000, { workflowId: "refunds" })
      const rows = [
        approval("appr_1", "run_a", 1_001),
        approval("appr_2", "run_a", 1_003, { approvers: JSON.stringify(["user:bob"]) }),
        approval("appr_3", "run_b", 1_003, { workflowId: "refunds", environment: "prod", bound: false }),
      ]
      await durable(opened.store, a.created({ approvals: rows.slice(0, 2) }), b.created({ approvals: rows.slice(2) }))
      const decided: ApprovalRow = {
        ...rows[0]!,
        state: "approved",
        decidedAt: 1_009,
        decidedBy: '["user:ann"]',
        outcome: "approve",
      }
      await durable(opened.store, a.started({ approvals: [decided] }))
      const none = { runId: null, state: [], workflowId: null, environment: null, assignees: [] }
      const list = async (filter: object, limit = 10, sort: ApprovalSort = "-requestedAt") => {
        const ids: string[] = []
        let cursor: string | null = null
        do {
          const listed = await opened.queries.approvals({
            workspaceId: "default",
            filter: { ...none, ...filter },
            sort,
            cursor,
            limit,
          })
          if (!listed.ok) throw new Error(listed.message)
          ids.push(...listed.page.items.map((row) => row.approvalId))
          cursor = listed.page.nextCursor
        } while (cursor !== null)
        return ids
      }
      expect(await list({})).toEqual(["appr_3", "appr_2", "appr_1"])
      expect(await list({}, 1)).toEqual(["appr_3", "appr_2", "appr_1"])
      expect(await list({ state: ["pending"] })).toEqual(["appr_3", "appr_2"])
      expect(await list({ state: ["approved", "rejected"] })).toEqual(["appr_1"])
      expect(await list({ runId: "run_a" })).toEqual(["appr_2", "appr_1"])
      expect(await list({ workflowId: "refunds" })).toEqual(["appr_3"])
      expect(await list({ environment: "prod" })).toEqual(["appr_3"])
      expect(await list({ assignees: ["user:bob"] })).toEqual(["appr_2"])
      expect(await list({ assignees: ["ops"] })).toEqual([])
      expect(await list({ deciders: ["user:bob"] }, 1)).toEqual(["appr_2"])
      expect(await list({ deciders: ["user:bob", "team:ops"] })).toEqual(["appr_3", "appr_2", "appr_1"])
      expect(await list({ assignees: ["team:ops"] })).toEqual(["appr_3", "appr_1"])
      expect(await list({ assignees: ["user:bob", "team:ops"] }, 1)).toEqual(["appr_3", "appr_2", "appr_1"])
      const times = [
        { dueAt: null, timeoutAt: null },
        { dueAt: 1_900, timeoutAt: null },
        { dueAt: 1_800, timeoutAt: 1_500 },
        { dueAt: null, timeoutAt: 1_700 },
        { dueAt: null, timeoutAt: null },
        { dueAt: 1_600, timeoutAt: 1_800 },
        { dueAt: 1_600, timeoutAt: null },
      ]
      const c = new RunHistory("run_c", 1_000)
      const timed = times.map((time, index) => approval(`appr_c${index}`, "run_c", 1_010 + index, time))
      await durable(opened.store, c.created({ approvals: timed }))
      const byBreach = ["appr_c2", "appr_c5", "appr_c6", "appr_c3", "appr_c1", "appr_c0", "appr_c4"]
      expect(await list({ runId: "run_c" }, 10, "dueAt")).toEqual(byBreach)
      expect(await list({ runId: "run_c" }, 2, "dueAt")).toEqual(byBreach)
      const first = await opened.queries.approvals({
        workspaceId: "default",
        filter: { ...none, state: ["pending"] },
        sort: "dueAt",
        cursor: null,
        limit: 1,
      })
      expect(first.ok && first.page.total).toEqual({ value: 9, exact: true })
      expect(await opened.queries.approval("appr_1")).toEqual(decided)
      expect(await opened.queries.approval("appr_3")).toEqual(rows[2])
      expect(await opened.queries.approval("appr_9")).toBeNull()
    })
  })
}
