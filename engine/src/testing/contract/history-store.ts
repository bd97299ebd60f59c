/** The contract of `HistoryStore`: what lies there is shown as it lies there, and rows can be written anew. */
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { checkLink, genesisHash } from "../../core/run/chain.ts"
import type { RunRow, TimerRow } from "../../core/views/rows.ts"
import { hexSha256, operationsRun, RunHistory } from "../builders/run-history.ts"
import { durable, type OpenedStores, type OpenStores, refused } from "./stores.ts"

export function describeHistoryStore(name: string, open: OpenStores): void {
  describe(`${name}: history`, () => {
    let opened: OpenedStores
    beforeEach(async () => {
      opened = await open(() => 1_000)
    })
    afterEach(() => opened.dispose())

    it("goes through runs by id and through their events by seq, in pages", async () => {
      for (const id of ["run_b", "run_c", "run_a"]) await durable(opened.store, ...operationsRun(id, 1_000, 2))
      expect(await opened.history.runIds(null, 2)).toEqual(["run_a", "run_b"])
      expect(await opened.history.runIds("run_b", 2)).toEqual(["run_c"])
      let prev = { seq: 0, hash: genesisHash }
      for (;;) {
        const page = await opened.history.rawEvents("run_b", prev.seq, 4)
        if (page.length === 0) break
        for (const event of page) {
          expect(checkLink(hexSha256, "run_b", prev, event)).toBeNull()
          prev = event
        }
      }
      expect(prev.seq).toBe(operationsRun("run_b", 1_000, 2).at(-1)!.run.seq)
    })

    it("shows all rows of a run, and writes them anew in the place of the old ones", async () => {
      const timer = (timerId: string, dueAt: number): TimerRow => ({
        runId: "run_a",
        timerId,
        kind: "wait",
        stepId: null,
        dueAt,
      })
      const history = new RunHistory("run_a", 1_000)
      const signal = {
        runId: "run_a",
        name: "go",
        signalId: "s1",
        receivedSeq: 1,
        receivedAt: 1_000,
        actor: "user:local",
        state: "kept" as const,
        stepId: null,
      }
      await durable(opened.store, history.created({ timersSet: [timer("t2", 9), timer("t1", 9)], signals: [signal] }))
      const rows = (await opened.history.rows("run_a"))!
      expect(rows).toEqual({
        run: history.row,
        steps: [],
        approvals: [],
        signals: [signal],
        timers: [timer("t1", 9), timer("t2", 9)],
      })
      const anew = {
        ...rows,
        run: { ...rows.run, reason: "mended", errorMessage: "mended" },
        signals: [{ ...signal, state: "dropped" as const }],
        timersSet: [timer("t3", 5)],
        timersCancelled: [],
      }
      await opened.history.replaceRows("run_a", anew)
      expect(await opened.history.rows("run_a")).toEqual({
        run: anew.run,
        steps: [],
        approvals: [],
        signals: anew.signals,
        timers: [timer("t3", 5)],
      })
      expect((await opened.queries.run("run_a"))?.reason).toBe("mended")
      expect((await opened.store.dueTimers(100, 10)).map((row) => row.timerId)).toEqual(["t3"])
      await durable(opened.store, history.started())
      // The engine's word holds again, also of what did not move with this commit.
      expect((await opened.history.rows("run_a"))?.run).toEqual(history.row)
      await expect(opened.history.replaceRows("run_a", anew)).rejects.toThrow(/stands at seq 2/)
      await expect(opened.history.replaceRows("run_none", anew)).rejects.toThrow(/no events/)
      expect(await opened.history.rows("run_none")).toBeNull()
    })

    it("shows of a run's row what its last commit said, whatever moved with it, and nothing of a refused one", async () => {
      const history = new RunHistory("run_a", 1_000)
      const is = async () => expect((await opened.history.rows("run_a"))?.run).toEqual(history.row)
      const moves: readonly Partial<RunRow>[] = [
        { status: "RUNNING", reason: "executing", startedAt: 1_003 },
        { stepCount: 1, blockedOn: '[{"kind":"approval"}]', blockedCount: 1, hitl: "requested" },
        { stepCount: 2, retryCount: 1, tokens: 12, costUsd: 0.5, computeMs: 3 },
        { blockedOn: "[]", blockedCount: 0, hitl: null, tokens: 0 },
        { errorCode: "broke", errorClass: "bug", errorMessage: "It broke", errorStep: "a" },
        { errorCode: null, errorClass: null, errorMessage: null, errorStep: null },
      ]
      await durable(opened.store, history.created())
      await is()
      for (const move of moves) {
        await durable(opened.store, history.add("run.resumed", { reason: null }).commit(move))
        await is()
      }
      const before = history.row
      const next = history.add("run.resumed", { reason: null }).commit({ retryCount: 2, reason: "timer" })
      const outcome = await opened.store.commit([next, { ...next, runId: "run_none" }])
      expect(outcome.kind).toBe("refused")
      expect((await opened.history.rows("run_a"))?.run).toEqual(before)
      await durable(opened.store, next)
      await is()
      await durable(opened.store, history.completed())
      await is()
    })

    it("chains the heads of finished runs per workspace", async () => {
      for (const [id, workspaceId] of [
        ["run_a", "w1"],
        ["run_b", "w2"],
        ["run_c", "w1"],
      ] as const)
        await durable(opened.store, ...operationsRun(id, 1_000, 1, { workspaceId }))
      await durable(opened.store, new RunHistory("run_open", 1_000, { workspaceId: "w1" }).created())
      const heads = await opened.history.workspaceHeads(null, 10)
      expect(heads.map((head) => [head.workspaceId, head.number, head.runId])).toEqual([
        ["w1", 1, "run_a"],
        ["w1", 2, "run_c"],
        ["w2", 1, "run_b"],
      ])
      expect(heads[0]!.prevHash).toBe(genesisHash)
      expect(heads[1]!.prevHash).toBe(heads[0]!.hash)
      for (const head of heads) expect(opened.history.workspaceHeadHash(head)).toBe(head.hash)
      expect(opened.history.workspaceHeadHash({ ...heads[0]!, runSeq: 1 })).not.toBe(heads[0]!.hash)
      expect(await opened.history.workspaceHeads({ workspaceId: "w1", number: 1 }, 1)).toEqual([heads[1]])
    })

    it("keeps nothing of a refused batch in that chain", async () => {
      await durable(opened.store, ...operationsRun("run_a", 1_000, 1))
      const stale = { ...operationsRun("run_x", 1_000, 1)[0]!, expectedSeq: 9 }
      await refused(opened.store, ...operationsRun("run_b", 1_000, 1), stale)
      await durable(opened.store, ...operationsRun("run_c", 1_000, 1))
      const heads = await opened.history.workspaceHeads(null, 10)
      expect(heads.map((head) => [head.number, head.runId])).toEqual([
        [1, "run_a"],
        [2, "run_c"],
      ])
      expect(heads[1]!.prevHash).toBe(heads[0]!.hash)
    })
  })
}
