import { describe, expect, test } from "vitest"
import type { Actor } from "../../core/run/commands.ts"
import type { IdempotencyHeader } from "../../door.ts"
import { operator, World } from "../../testing/world/world.ts"

const viewer: Actor = { id: "user:vera", teams: [], role: "viewer" }

const work = `
id: work
version: "1.0"
name: Three steps of work
inputSchema: { type: object, properties: { who: { type: string, default: nobody } } }
states:
  - { name: plan, type: inject, data: { planned: true }, next: first }
  - { name: first, type: operation, action: agent.run, input: { agent: steady }, resultPath: first, next: second }
  - { name: second, type: operation, action: agent.run, input: { agent: shaky, variables: { seen: "{{ ctx.first.n }}", who: "{{ ctx.who }}" } }, resultPath: second }
`

const keyed = (onConflict: string) => `
id: keyed
version: "1"
name: Once per order
idempotency: { key: "{{ ctx.order }}", ttlSeconds: 60, onConflict: ${onConflict} }
states:
  - { name: hear, type: listen, signal: go }
`

const ask = `
id: ask
version: "1"
name: Asks two people
states:
  - { name: gate, type: operation, action: human.approval, input: { message: "Ship it?", quorum: { approve: 2, reject: 1 } } }
`

const hear = `
id: hear
version: "1"
name: Waits for a word
states:
  - { name: word, type: listen, signal: go, resultPath: word }
`

const header = (key: string, bodyHash = "b"): IdempotencyHeader => ({
  scope: "default key:ci POST /workflow-runs",
  key,
  bodyHash,
})

const shakyAgents = () => {
  let broken = true
  return {
    agents: {
      steady: () => ({ output: { n: 7 } }),
      shaky: () => (broken ? { error: { detail: "down" } } : { output: { fine: true } }),
    },
    mend: () => {
      broken = false
    },
  }
}

describe("starting a run", () => {
  test("what it is started with is in its first event", async () => {
    const world = await World.open({ workflows: [hear] })
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    const runId = await world.started(
      "hear",
      { a: 1 },
      { traceparent, businessEventId: "order-1", tags: ["x"], correlationId: "c-1" },
    )
    expect(world.row(runId)).toMatchObject({
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
      businessEventId: "order-1",
      correlationId: "c-1",
      rootRunId: runId,
      executionNumber: 1,
      actor: "user:olga",
      tags: '["x"]',
    })
    const second = await world.started("hear")
    expect(world.row(second)).toMatchObject({ executionNumber: 2, correlationId: second })
    expect(world.row(second).traceId).toMatch(/^[0-9a-f]{32}$/)
  })

  test("an input that breaks the schema, an unknown workflow and a viewer are refused, and nothing is stored", async () => {
    const world = await World.open({ workflows: [work] })
    expect(await world.start("work", { who: 5 })).toMatchObject({ ok: false, rejection: { code: "input_invalid" } })
    expect(await world.start("nothing")).toMatchObject({ ok: false, rejection: { code: "workflow_not_found" } })
    expect(await world.start("work", {}, { parentRunId: "run_x" })).toMatchObject({
      ok: false,
      rejection: { code: "run_not_found" },
    })
    const request = {
      workflowId: "work",
      environment: "default",
      version: null,
      input: {},
      businessEventId: null,
      correlationId: null,
      traceparent: null,
      parentRunId: null,
      tags: [],
      startPaused: false,
      trigger: { kind: "api" },
    } as const
    expect(await world.runs.start(viewer, request, null)).toMatchObject({ ok: false, rejection: { code: "forbidden" } })
    expect(world.store.runs.size).toBe(0)
  })

  test("waiting for a run answers when it ends, or where it stands when the time is over", async () => {
    const world = await World.open({ workflows: [hear] })
    const runId = await world.started("hear")
    const early = world.runs.settled(runId, 1_000)
    await world.advance(1_000)
    expect(await early).toBe("WAITING_SIGNAL")
    const late = world.runs.settled(runId, 60_000)
    await world.runs.signal(operator, runId, { name: "go", id: null, data: 1 }, null)
    expect(await late).toBe("COMPLETED")
    expect(await world.runs.settled("run_nothing", 1_000)).toBeNull()
    world.runtime.evictIdle()
    expect(await world.runs.settled(runId, 1_000)).toBe("COMPLETED")
  })
})

describe("the header Idempotency-Key", () => {
  test("the same request twice is one run, also when both are on their way at once, and after a restart", async () => {
    const world = await World.open({ workflows: [hear] })
    const [a, b] = await Promise.all([
      world.start("hear", {}, {}, header("k")),
      world.start("hear", {}, {}, header("k")),
    ])
    expect(a).toMatchObject({ ok: true, value: { replayed: false } })
    if (!a.ok) throw new Error("refused")
    expect(b).toMatchObject({ ok: true, value: { runId: a.value.runId, replayed: true } })
    world.kill()
    await world.boot()
    expect(await world.start("hear", {}, {}, header("k"))).toMatchObject({
      ok: true,
      value: { runId: a.value.runId, replayed: true },
    })
    expect(world.store.runs.size).toBe(1)
  })

  test("the same key with another body is refused, and a day later it is free", async () => {
    const world = await World.open({ workflows: [hear] })
    await world.start("hear", {}, {}, header("k"))
    expect(await world.start("hear", {}, {}, header("k", "other"))).toMatchObject({
      ok: false,
      rejection: { code: "idempotency_key_reused" },
    })
    await world.advance(86_400_000)
    expect(await world.start("hear", {}, {}, header("k", "other"))).toMatchObject({
      ok: true,
      value: { replayed: false },
    })
  })

  test("a request that was refused leaves no trace of its key", async () => {
    const world = await World.open({ workflows: [work], agents: shakyAgents().agents })
    expect(await world.start("work", { who: 5 }, {}, header("k"))).toMatchObject({ ok: false })
    expect(await world.start("work", { who: "Ada" }, {}, header("k"))).toMatchObject({
      ok: true,
      value: { replayed: false },
    })
  })

  test("every write takes it: a cancel that is repeated answers as the first did", async () => {
    const world = await World.open({ workflows: [hear] })
    const runId = await world.started("hear")
    const first = await world.runs.cancel(operator, runId, { reason: "no", force: false }, header("c"))
    expect(first).toMatchObject({ ok: true, value: { status: "CANCELLED" } })
    expect(await world.runs.cancel(operator, runId, { reason: "no", force: false }, header("c"))).toEqual(first)
    expect(await world.runs.cancel(operator, runId, { reason: "no", force: false }, null)).toMatchObject({
      ok: false,
      rejection: { code: "run_finished" },
    })
  })
})

describe("a definition's own idempotency key", () => {
  test("with `return` the second start is answered with the first run until the key's time is over", async () => {
    const world = await World.open({ workflows: [keyed("return")] })
    const [a, b] = await Promise.all([world.start("keyed", { order: "7" }), world.start("keyed", { order: "7" })])
    if (!a.ok || !b.ok) throw new Error("refused")
    expect([b.value.runId, b.value.replayed]).toEqual([a.value.runId, true])
    expect((await world.start("keyed", { order: "8" })).ok).toBe(true)
    await world.advance(60_000)
    expect(await world.start("keyed", { order: "7" })).toMatchObject({ ok: true, value: { replayed: false } })
    expect(world.store.runs.size).toBe(3)
  })

  test("with `reject` the second start is refused and names the first run", async () => {
    const world = await World.open({ workflows: [keyed("reject")] })
    const runId = await world.started("keyed", { order: "7" })
    expect(await world.start("keyed", { order: "7" })).toMatchObject({
      ok: false,
      rejection: { code: "idempotency_conflict", data: { runId } },
    })
  })
})

describe("commands to a run", () => {
  test("pause holds the next step back, resume lets it go", async () => {
    const world = await World.open({
      workflows: [work],
      agents: { steady: () => "hold", shaky: () => ({ output: {} }) },
    })
    const runId = await world.started("work")
    expect(await world.runs.pause(operator, runId, "lunch", null)).toMatchObject({
      ok: true,
      value: { status: "PAUSED" },
    })
    world.host.end(world.host.tasks[0]!, { output: { n: 1 } })
    await world.turn()
    expect([world.row(runId).status, world.host.tasks.length]).toEqual(["PAUSED", 1])
    expect(await world.runs.pause(operator, runId, null, null)).toMatchObject({
      ok: false,
      rejection: { code: "run_paused" },
    })
    expect((await world.runs.resume(operator, runId, null, null)).ok).toBe(true)
    await world.turn()
    expect(world.row(runId).status).toBe("COMPLETED")
  })

  test("commands to a run that does not exist say so, and viewers may give none", async () => {
    const world = await World.open({ workflows: [hear] })
    const runId = await world.started("hear")
    for (const verb of ["pause", "resume"] as const) {
      expect(await world.runs[verb](operator, "run_x", null, null)).toMatchObject({
        ok: false,
        rejection: { code: "run_not_found" },
      })
      expect(await world.runs[verb](viewer, runId, null, null)).toMatchObject({
        ok: false,
        rejection: { code: "forbidden" },
      })
    }
    expect(world.runtime.health().counters).toMatchObject({ runsInMemory: 1 })
  })

  test("a signal's id is taken once; the second answer is the first's", async () => {
    const world = await World.open({ workflows: [hear, keyed("return")] })
    const runId = await world.started("hear")
    await world.runs.pause(operator, runId, null, null)
    const signal = { name: "later", id: "s-1", data: { n: 1 } }
    expect(await world.runs.signal(operator, runId, signal, null)).toMatchObject({
      ok: true,
      value: { signalId: "s-1", replayed: false },
    })
    expect(await world.runs.signal(operator, runId, signal, null)).toMatchObject({
      ok: true,
      value: { signalId: "s-1", replayed: true },
    })
    expect(world.story(runId, /signal.received/)).toHaveLength(1)
  })

  test("a signal that was taken in is answered the same when it comes again after the end of the run", async () => {
    const world = await World.open({ workflows: [hear] })
    const runId = await world.started("hear")
    const send = (id: string) => world.runs.signal(operator, runId, { name: "go", id, data: 1 }, null)
    expect(await send("s1")).toMatchObject({ ok: true, value: { signalId: "s1", replayed: false } })
    await world.turn()
    expect(world.row(runId).status).toBe("COMPLETED")
    expect(await send("s1")).toMatchObject({ ok: true, value: { signalId: "s1", replayed: true } })
    expect(await send("s2")).toMatchObject({ ok: false, rejection: { code: "run_finished" } })
  })

  test("an approval needs its quorum of different people, and who comes too late learns who was first", async () => {
    const world = await World.open({ workflows: [ask] })
    const runId = await world.started("ask")
    const [row] = [...world.store.approvals.values()]
    const decision = { outcome: "approve", comment: null, form: null, contentHash: null }
    const decide = (who: string, more = {}) =>
      world.runs.decideApproval(
        { id: `user:${who}`, teams: [], role: "operator" },
        runId,
        row!.approvalId,
        { ...decision, ...more },
        null,
      )
    expect(await decide("ann")).toMatchObject({ ok: true, value: { state: "pending" } })
    expect(await decide("ann")).toMatchObject({ ok: true, value: { state: "pending" } })
    expect(world.story(runId, /voted/)).toHaveLength(1)
    expect(await decide("ann", { outcome: "reject" })).toMatchObject({ rejection: { code: "already_voted" } })
    expect(await decide("ben")).toMatchObject({ ok: true, value: { state: "approved", outcome: "approve" } })
    expect(world.row(runId).status).toBe("COMPLETED")
    // Whoever did not hear the answer asks again, and is told the same; who says something else is told who decided.
    expect(await decide("ben")).toMatchObject({ ok: true, value: { state: "approved", outcome: "approve" } })
    expect(await decide("ben", { comment: "but" })).toMatchObject({ rejection: { code: "approval_closed" } })
    expect(await decide("cara")).toMatchObject({
      ok: false,
      rejection: {
        code: "approval_closed",
        data: {
          state: "approved",
          decidedBy: ["user:ann", "user:ben"],
          decidedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        },
      },
    })
    expect(await world.runs.decideApproval(operator, runId, "appr_x", decision, null)).toMatchObject({
      ok: false,
      rejection: { code: "approval_not_found" },
    })
  })
})

describe("running a run again", () => {
  const again = { from: null, version: null, inputPatch: null, contextPatch: null, reason: "the service is back" }

  test("as it was: a new run with the same input, linked to the first, which is not altered", async () => {
    const { agents, mend } = shakyAgents()
    const world = await World.open({ workflows: [work], agents })
    const first = await world.started("work", { who: "Ada" })
    const before = world.store.runs.get(first)!.events.length
    mend()
    const answer = await world.runs.rerun(operator, first, { ...again, inputPatch: { who: "Bea" } }, null)
    await world.turn()
    if (!answer.ok) throw new Error(answer.rejection.message)
    expect(world.row(answer.value.runId)).toMatchObject({
      status: "COMPLETED",
      rerunOf: first,
      triggerKind: "rerun",
      correlationId: world.row(first).correlationId,
    })
    expect(world.host.tasks.at(-1)?.input).toEqual({ seen: 7, who: "Bea" })
    expect([world.row(first).status, world.store.runs.get(first)!.events.length]).toEqual(["FAILED", before])
  })

  test("from the step that failed: what was done before is not done again, its results are there", async () => {
    const { agents, mend } = shakyAgents()
    const world = await World.open({ workflows: [work], agents })
    const first = await world.started("work", { who: "Ada" })
    expect(world.row(first).status).toBe("FAILED")
    const plan = await world.runs.planRerun(operator, first, { ...again, from: "failed" })
    expect(plan).toMatchObject({
      ok: true,
      value: { from: "second", reused: ["plan", "first"], actsAgain: ["second"], versionNumber: 1 },
    })
    expect(world.store.runs.size).toBe(1)
    mend()
    const answer = await world.runs.rerun(
      operator,
      first,
      { ...again, from: "failed", contextPatch: { first: { n: 8 } } },
      null,
    )
    await world.turn()
    if (!answer.ok) throw new Error(answer.rejection.message)
    expect(world.row(answer.value.runId).status).toBe("COMPLETED")
    expect(world.host.tasks.map((task) => task.agent)).toEqual(["steady", "shaky", "shaky"])
    expect(world.host.tasks.at(-1)?.input).toEqual({ seen: 8, who: "Ada" })
  })

  test("from a state by its name", async () => {
    const { agents, mend } = shakyAgents()
    const world = await World.open({ workflows: [work], agents })
    const first = await world.started("work")
    mend()
    const answer = await world.runs.rerun(operator, first, { ...again, from: "first" }, null)
    await world.turn()
    if (!answer.ok) throw new Error(answer.rejection.message)
    expect(world.story(answer.value.runId, /state.entered/)).toEqual(["state.entered first", "state.entered second"])
  })

  test.each([
    [{ from: "nowhere" }, "state_not_found"],
    [{ reason: " " }, "reason_required"],
    [{ contextPatch: { a: 1 } }, "context_patch_without_from"],
    [{ from: "failed", inputPatch: { a: 1 } }, "input_patch_with_from"],
  ])("%j is refused as %s", async (change, code) => {
    const world = await World.open({ workflows: [work], agents: shakyAgents().agents })
    const first = await world.started("work")
    expect(await world.runs.planRerun(operator, first, { ...again, ...change })).toMatchObject({
      ok: false,
      rejection: { code },
    })
  })

  test("a run that has not ended, or in which nothing failed, is not run again from its failure", async () => {
    const world = await World.open({ workflows: [hear] })
    const runId = await world.started("hear")
    expect(await world.runs.rerun(operator, runId, again, null)).toMatchObject({
      ok: false,
      rejection: { code: "run_not_finished" },
    })
    await world.runs.signal(operator, runId, { name: "go", id: null, data: 1 }, null)
    expect(await world.runs.rerun(operator, runId, { ...again, from: "failed" }, null)).toMatchObject({
      ok: false,
      rejection: { code: "nothing_failed" },
    })
    expect(await world.runs.rerun(viewer, runId, again, null)).toMatchObject({
      ok: false,
      rejection: { code: "forbidden" },
    })
  })
})
