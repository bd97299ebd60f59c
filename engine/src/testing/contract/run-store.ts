/** The contract of `RunStore`: commits end as they say, and what was committed is read as it was given. */
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { checkLink, genesisHash } from "../../core/run/chain.ts"
import type { RunCommit } from "../../ports/store.ts"
import { executionNumberKey } from "../../ports/store.ts"
import { hexSha256, operationsRun, RunHistory } from "../builders/run-history.ts"
import { durable, type OpenedStores, type OpenStores, refused } from "./stores.ts"

const noCodec = "none"

export function describeRunStore(name: string, open: OpenStores): void {
  describe(`${name}: commits`, () => {
    let opened: OpenedStores
    let now = 1_000

    beforeEach(async () => {
      now = 1_000
      opened = await open(() => now)
    })
    afterEach(() => opened.dispose())

    const eventsOf = async (runId: string) => (await opened.store.load(runId, noCodec))?.events ?? []

    it("keeps the events of a run exactly as they were given, and their chain verifies", async () => {
      const commits = operationsRun("run_a", 1_000, 3)
      for (const commit of commits) await durable(opened.store, commit)
      const loaded = await opened.store.load("run_a", noCodec)
      expect(loaded?.events).toEqual(commits.flatMap((commit) => commit.events))
      expect(loaded?.headHash).toBe(commits.at(-1)!.run.headHash)
      let prev = { seq: 0, hash: genesisHash }
      for (const event of loaded!.events) {
        expect(checkLink(hexSha256, "run_a", prev, event)).toBeNull()
        prev = event
      }
    })

    it("keeps payloads to the byte, whatever is in them", async () => {
      const odd = { text: 'quotes " \\ / \u2028 \u0001 😀 ﷽', numbers: [0.1, 1e21, -0, 9007199254740991] }
      const commit = new RunHistory("run_odd", 1_000).created({}, { input: { value: odd } })
      await durable(opened.store, commit)
      expect((await eventsOf("run_odd"))[0]!.payload).toBe(commit.events[0]!.payload)
    })

    it("says that a run it never saw is not there", async () => {
      expect(await opened.store.load("run_none", noCodec)).toBeNull()
      expect(await opened.queries.run("run_none")).toBeNull()
    })

    it("stamps positions in the order of commits, without gaps", async () => {
      const [a, b] = [operationsRun("run_a", 1_000, 2), operationsRun("run_b", 1_000, 2)]
      expect(opened.store.position()).toBe(0)
      expect(await durable(opened.store, a[0]!, b[0]!)).toBe(1)
      const second = await durable(opened.store, b[1]!, a[1]!)
      expect(second).toBe(a[0]!.events.length + b[0]!.events.length + 1)
      const feed = await opened.queries.since(0, 1_000)
      expect(feed.map((event) => event.position)).toEqual(feed.map((_, index) => index + 1))
      expect(feed.slice(second - 1).map((event) => event.runId)).toEqual([
        ...b[1]!.events.map(() => "run_b"),
        ...a[1]!.events.map(() => "run_a"),
      ])
      expect(opened.store.position()).toBe(feed.length)
    })

    it("takes two commits of one run in one batch", async () => {
      const commits = operationsRun("run_a", 1_000, 1)
      await durable(opened.store, ...commits)
      expect((await opened.queries.run("run_a"))?.status).toBe("COMPLETED")
    })

    it("refuses a commit on another seq, names the run, and stores nothing of the batch", async () => {
      const [a, b] = [operationsRun("run_a", 1_000, 1), operationsRun("run_b", 1_000, 1)]
      await durable(opened.store, a[0]!)
      const outcome = await refused(opened.store, b[0]!, { ...a[1]!, expectedSeq: 2 })
      expect(outcome).toMatchObject({ code: "stale_seq", runId: "run_a" })
      expect(await opened.store.load("run_b", noCodec)).toBeNull()
      expect(await opened.queries.run("run_b")).toBeNull()
      expect(opened.store.position()).toBe(a[0]!.events.length)
      expect(await durable(opened.store, b[0]!, a[1]!)).toBe(a[0]!.events.length + 1)
    })

    it("refuses to make a run that is there already", async () => {
      await durable(opened.store, operationsRun("run_a", 1_000, 1)[0]!)
      const again = operationsRun("run_a", 2_000, 1)[0]!
      expect(await refused(opened.store, again)).toMatchObject({ code: "stale_seq", runId: "run_a" })
    })

    it("refuses events that do not follow the last one, though their seq does", async () => {
      const commits = operationsRun("run_a", 1_000, 2)
      await durable(opened.store, commits[0]!)
      const [first, ...others] = commits[1]!.events
      const forked = { ...commits[1]!, events: [{ ...first!, prevHash: hexSha256("elsewhere") }, ...others] }
      expect(await refused(opened.store, forked)).toMatchObject({ code: "constraint", runId: "run_a" })
    })

    it("never lets a finished run change", async () => {
      const history = new RunHistory("run_a", 1_000)
      await durable(opened.store, history.created(), history.started(), history.completed())
      const late = history.add("run.paused", { reason: null }).commit({ status: "PAUSED", completedAt: null })
      expect(await refused(opened.store, late)).toMatchObject({ code: "stale_seq", runId: "run_a" })
      expect((await opened.queries.run("run_a"))?.status).toBe("COMPLETED")
    })

    it("refuses to change a step that it does not have", async () => {
      const commits = operationsRun("run_a", 1_000, 1)
      await durable(opened.store, { ...commits[0]!, steps: [] })
      expect(await refused(opened.store, commits[1]!)).toMatchObject({ code: "constraint", runId: "run_a" })
    })

    it("shows the newest row of a run and of its steps", async () => {
      const commits = operationsRun("run_a", 1_000, 2)
      for (const commit of commits) {
        await durable(opened.store, commit)
        expect(await opened.queries.run("run_a")).toEqual(commit.run)
      }
      const steps = await opened.queries.steps("run_a", 0, 10)
      expect(steps).toEqual([commits[1]!.steps[0], commits[2]!.steps[0]])
      expect(await opened.queries.steps("run_a", steps[0]!.firstSeq, 10)).toEqual([steps[1]])
      expect(await opened.queries.steps("run_a", 0, 1)).toEqual([steps[0]])
    })

    it("loads a run from its newest snapshot and the events behind it, and ignores a snapshot of another codec", async () => {
      const commits = operationsRun("run_a", 1_000, 3)
      const withSnapshot = (commit: RunCommit, state: string): RunCommit => {
        return { ...commit, snapshot: { seq: commit.run.seq, codec: "c1", state } }
      }
      await durable(opened.store, withSnapshot(commits[0]!, "one"), commits[1]!)
      await durable(opened.store, withSnapshot(commits[2]!, "two"), commits[3]!)
      const loaded = await opened.store.load("run_a", "c1")
      expect(loaded?.snapshot).toEqual({ seq: commits[2]!.run.seq, state: "two" })
      expect(loaded?.events).toEqual(commits[3]!.events)
      const other = await opened.store.load("run_a", "c2")
      expect(other?.snapshot).toBeNull()
      expect(other?.events).toHaveLength(commits.flatMap((commit) => commit.events).length)
    })

    it("gives a long tail in pages, and says where it ends", async () => {
      const commits = operationsRun("run_a", 1_000, 3)
      for (const commit of commits) await durable(opened.store, commit)
      const all = commits.flatMap((commit) => commit.events)
      const loaded = await opened.store.load("run_a", noCodec, 4)
      expect([loaded?.events, loaded?.seq]).toEqual([all.slice(0, 4), all.length])
      expect(await opened.store.eventsAfter("run_a", 4, 5)).toEqual(all.slice(4, 9))
      expect(await opened.store.eventsAfter("run_a", all.length, 5)).toEqual([])
      expect(await opened.store.eventsAfter("run_none", 0, 5)).toEqual([])
    })

    it("lists the runs that are not final by id, in pages", async () => {
      for (const id of ["run_c", "run_a", "run_b", "run_d"]) {
        const history = new RunHistory(id, 1_000, { concurrencyKey: id === "run_b" ? "k" : null })
        await durable(opened.store, history.created(), history.started())
        if (id === "run_c") await durable(opened.store, history.completed())
      }
      const first = await opened.store.openRuns(null, 2)
      expect(first.map((run) => run.runId)).toEqual(["run_a", "run_b"])
      expect(first[1]).toEqual({
        runId: "run_b",
        status: "RUNNING",
        reason: "executing",
        workspaceId: "default",
        workflowId: "orders",
        concurrencyKey: "k",
        createdAt: 1_000,
      })
      expect((await opened.store.openRuns("run_b", 2)).map((run) => run.runId)).toEqual(["run_d"])
    })

    it("brings due timers in order of time and id, and forgets cancelled ones", async () => {
      const timer = (runId: string, timerId: string, dueAt: number) => {
        return { runId, timerId, kind: "wait", stepId: null, dueAt }
      }
      const [a, b] = [new RunHistory("run_a", 1_000), new RunHistory("run_b", 1_000)]
      await durable(opened.store, a.created({ timersSet: [timer("run_a", "t3", 50), timer("run_a", "t1", 70)] }))
      await durable(opened.store, b.created({ timersSet: [timer("run_b", "t2", 50), timer("run_b", "t9", 90)] }))
      const ids = async (before: number, limit = 10) => {
        return (await opened.store.dueTimers(before, limit)).map((row) => row.timerId)
      }
      expect(await ids(49)).toEqual([])
      expect(await ids(70)).toEqual(["t2", "t3", "t1"])
      expect(await ids(100, 2)).toEqual(["t2", "t3"])
      await durable(opened.store, a.started({ timersCancelled: ["t3"], timersSet: [timer("run_a", "t1", 40)] }))
      expect(await opened.store.dueTimers(100, 10)).toEqual([
        timer("run_a", "t1", 40),
        timer("run_b", "t2", 50),
        timer("run_b", "t9", 90),
      ])
    })

    it("keeps a message until its target has taken it, and takes none back from a refused batch", async () => {
      const message = (id: string) => ({ messageId: id, toRunId: "run_child", kind: "start-child" as const, body: id })
      const parent = new RunHistory("run_parent", 1_000)
      await durable(opened.store, parent.created({ messagesOut: ["m:9", "m:10", "m:11"].map(message) }))
      expect(await opened.store.messages(null, 10)).toEqual(["m:9", "m:10", "m:11"].map(message))
      expect(await opened.store.messages("m:9", 1)).toEqual([message("m:10")])

      const child = new RunHistory("run_child", 1_000)
      const begin = child.created({ messagesIn: ["m:10"] })
      const stale = { ...parent.started(), expectedSeq: 7 }
      await refused(opened.store, begin, stale)
      expect((await opened.store.messages(null, 10)).map((row) => row.messageId)).toEqual(["m:9", "m:10", "m:11"])
      await durable(opened.store, begin)
      expect((await opened.store.messages(null, 10)).map((row) => row.messageId)).toEqual(["m:9", "m:11"])
      await opened.store.forgetMessages(["m:9", "m:unknown"])
      expect((await opened.store.messages(null, 10)).map((row) => row.messageId)).toEqual(["m:11"])
    })

    it("answers a repeated request by its key until the key expires, and then lets it be used again", async () => {
      const answer = (runId: string, expiresAt: number) => {
        return { scope: "default/key:ci/POST /runs", key: "k1", bodyHash: "h", runId, answer: "{}", expiresAt }
      }
      const first = answer("run_a", 2_000)
      await durable(opened.store, new RunHistory("run_a", 1_000).created({ answers: [first] }))
      expect(await opened.store.findAnswer(first.scope, "k1", 1_999)).toEqual(first)
      expect(await opened.store.findAnswer(first.scope, "k1", 2_000)).toBeNull()
      expect(await opened.store.findAnswer("another scope", "k1", 1_500)).toBeNull()

      const second = new RunHistory("run_b", 1_000).created({ answers: [answer("run_b", 9_000)] })
      expect(await refused(opened.store, second)).toMatchObject({ code: "duplicate_key", runId: "run_b" })
      now = 2_000
      await durable(opened.store, second)
      expect((await opened.store.findAnswer(first.scope, "k1", 2_001))?.runId).toBe("run_b")
    })

    it("holds a definition's key per workspace and workflow until it expires", async () => {
      const key = (workflowId: string, expiresAt: number) => {
        return { workspaceId: "default", workflowId, key: "order-7", expiresAt }
      }
      const start = (runId: string, workflowId: string, expiresAt: number) => {
        return new RunHistory(runId, 1_000, { workflowId }).created({ definitionKey: key(workflowId, expiresAt) })
      }
      await durable(opened.store, start("run_a", "orders", 2_000))
      expect(await opened.store.findDefinitionKey("default", "orders", "order-7", 1_500)).toBe("run_a")
      expect(await opened.store.findDefinitionKey("default", "orders", "order-7", 2_000)).toBeNull()
      expect(await opened.store.findDefinitionKey("other", "orders", "order-7", 1_500)).toBeNull()
      const again = start("run_b", "orders", 9_000)
      expect(await refused(opened.store, again)).toMatchObject({ code: "duplicate_key", runId: "run_b" })
      await durable(opened.store, start("run_c", "refunds", 9_000))
      now = 2_000
      await durable(opened.store, again)
      expect(await opened.store.findDefinitionKey("default", "orders", "order-7", 2_001)).toBe("run_b")
    })

    it("counts executions per workspace, environment and definition", async () => {
      const start = (runId: string, row: object) => new RunHistory(runId, 1_000, row).created()
      await durable(opened.store, start("run_1", { executionNumber: 1 }), start("run_2", { executionNumber: 2 }))
      await durable(opened.store, start("run_3", { environment: "prod", executionNumber: 5 }))
      expect(Object.fromEntries(await opened.store.executionNumbers())).toEqual({
        [executionNumberKey("default", "default", "orders")]: 3,
        [executionNumberKey("default", "prod", "orders")]: 6,
      })
    })

    it("keeps large values beside the events, once they are committed", async () => {
      const hash = hexSha256("blob")
      await durable(opened.store, new RunHistory("run_a", 1_000).created({ blobs: [{ hash, json: '{"big":true}' }] }))
      await durable(opened.store, new RunHistory("run_b", 1_000).created({ blobs: [{ hash, json: '{"big":true}' }] }))
      const found = await opened.store.blobs([hash, hexSha256("none")])
      expect([...found]).toEqual([[hash, '{"big":true}']])
    })

    it("keeps late results beside history", async () => {
      await durable(opened.store, new RunHistory("run_a", 1_000).created())
      await opened.store.keepLateResult("run_a", "step_1", 1, 2, 1_500, '{"late":1}')
      expect(await eventsOf("run_a")).toHaveLength(1)
      expect((await opened.queries.run("run_a"))?.seq).toBe(1)
    })

    it("remembers how often a run was being resumed", async () => {
      await opened.resumeMarks.add(["run_a", "run_b"])
      await opened.resumeMarks.add(["run_b"])
      await opened.resumeMarks.clear(["run_a"])
      expect([...(await opened.resumeMarks.read())]).toEqual([["run_b", 2]])
      await opened.resumeMarks.quarantine("run_a", { why: "it cannot be stored", at: 1_000 })
      await opened.resumeMarks.quarantine("run_a", { why: "it cannot be stored", at: 2_000 })
      await opened.resumeMarks.quarantine("run_c", { why: "a decision threw", at: 3_000 })
      await opened.resumeMarks.release("run_c")
      expect([...(await opened.resumeMarks.quarantined())]).toEqual([
        ["run_a", { why: "it cannot be stored", at: 2_000 }],
      ])
    })
  })
}
