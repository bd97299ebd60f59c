import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { RemarkAsked } from "../../core/remarks/decide-remark.ts"
import { remarkLimits } from "../../core/remarks/remark.ts"
import type { Remarked, Said } from "../../door.ts"
import { agentStep, EngineWorld, operator, viewer, workflow } from "../../testing/world/engine-world.ts"

const origin = { door: "api", address: "127.0.0.1" } as const
const workflows = [
  workflow("works", [{ ...agentStep("pay", "payer"), end: true }], { start: "pay" }),
  workflow("waits", [{ name: "first", type: "listen", signal: "go", end: true }], { start: "first" }),
]
const all = { kinds: [], stepId: null, before: null, limit: 100 }

let world: EngineWorld
let isBroken: boolean
beforeEach(async () => {
  isBroken = true
  const payer = () => (isBroken ? { error: {} } : { output: { paid: true } })
  world = await EngineWorld.open({ workflows, agents: { payer } })
})
afterEach(() => world.engine.drain(0))

async function say(runId: string, asked: RemarkAsked, header: Parameters<typeof world.engine.remarks.say>[4] = null) {
  const answer = await world.engine.remarks.say(operator, runId, asked, origin, header)
  return answer.ok ? answer.value : answer.rejection.code
}

function rerun(runId: string) {
  const request = { from: null, version: null, inputPatch: null, contextPatch: null, reason: "it is back" }
  return world.engine.runs.rerun(operator, runId, request, null)
}

describe("what people say beside a run", () => {
  it("is kept with who, when, from where and what, and changes nothing of the run", async () => {
    const runId = await world.started("works", {}, { tags: ["given"] })
    const before = JSON.stringify(await world.engine.queries.run(runId))
    const events = await world.engine.queries.events(runId, { after: 0, types: [], limit: 99 })
    const step = await world.step(runId, "pay")
    await say(runId, { kind: "annotate", note: "The card was refused.", stepId: step.stepId })
    await say(runId, { kind: "tag", add: ["vip", "vip"], remove: ["given", "never"] })
    await say(runId, { kind: "assign", owner: "user:ann" })
    await say(runId, { kind: "resolve", state: "acknowledged", reason: null })
    const trail = await world.engine.remarks.list(runId, all)
    expect(trail.map(({ number, body }) => ({ number, ...body }))).toEqual([
      { number: 4, kind: "resolution.set", state: "acknowledged", reason: null, runId: null },
      { number: 3, kind: "owner.set", owner: "user:ann" },
      { number: 2, kind: "tags.changed", add: ["vip"], remove: ["given"] },
      { number: 1, kind: "note.added", note: "The card was refused.", stepId: step.stepId },
    ])
    expect(trail[0]).toMatchObject({ actor: operator.id, at: world.clock.now(), origin })
    expect(JSON.stringify(await world.engine.queries.run(runId))).toBe(before)
    expect(await world.engine.queries.events(runId, { after: 0, types: [], limit: 99 })).toEqual(events)
    expect(await world.engine.queries.standing(runId)).toMatchObject({ tags: ["vip"], owner: "user:ann", notes: 1 })
    expect((await world.engine.admin.fsck()).findings).toEqual([])
    expect((await world.engine.admin.verify({ runId: null, head: null })).findings).toEqual([])
  })

  it("is refused with a word on why", async () => {
    const runId = await world.started("waits")
    const none: RemarkAsked = { kind: "assign", owner: "user:ann" }
    expect(await world.engine.remarks.say(viewer, runId, none, origin, null)).toMatchObject({
      rejection: { code: "forbidden" },
    })
    const long = "x".repeat(remarkLimits.note + 1)
    for (const [asked, code] of [
      [{ kind: "annotate", note: " ", stepId: null }, "invalid_request"],
      [{ kind: "annotate", note: long, stepId: null }, "invalid_request"],
      [{ kind: "annotate", note: "x", stepId: "step_none" }, "step_not_found"],
      [{ kind: "withdraw", remarkId: "rmk_none" }, "annotation_not_found"],
      [{ kind: "tag", add: ["x".repeat(129)], remove: [] }, "invalid_request"],
      [{ kind: "tag", add: ["a"], remove: ["a"] }, "invalid_request"],
      [{ kind: "assign", owner: "" }, "invalid_request"],
      [{ kind: "resolve", state: "resolved", reason: "x" }, "run_not_finished"],
    ] as const)
      expect([asked.kind, await say(runId, asked)]).toEqual([asked.kind, code])
    expect(await say("run_none", none)).toBe("run_not_found")
    isBroken = false
    expect(await say(await world.started("works"), { kind: "resolve", state: "resolved", reason: "x" })).toBe(
      "nothing_to_resolve",
    )
    isBroken = true
    expect(await say(await world.started("works"), { kind: "resolve", state: "wont_fix", reason: null })).toBe(
      "reason_required",
    )
    expect(await world.engine.remarks.list(runId, all)).toEqual([])
  })

  it("has bounds: so many tags on a run", async () => {
    const runId = await world.started("waits")
    const tags = (from: number) => Array.from({ length: 50 }, (_, index) => `tag-${from + index}`)
    for (const from of [0, 50]) await say(runId, { kind: "tag", add: tags(from), remove: [] })
    expect(await say(runId, { kind: "tag", add: ["one-more"], remove: [] })).toBe("too_many_tags")
    expect(await say(runId, { kind: "tag", add: ["one-more"], remove: ["tag-0"] })).toMatchObject({
      standing: { number: 3 },
    })
  })

  it("is withdrawn and undone by saying so: what was said stays in the trail", async () => {
    const runId = await world.started("works")
    const { remark } = (await say(runId, { kind: "annotate", note: "wrong run", stepId: null })) as Said
    const other = await world.started("works")
    expect(await say(other, { kind: "withdraw", remarkId: remark!.remarkId })).toBe("annotation_not_found")
    await say(runId, { kind: "withdraw", remarkId: remark!.remarkId })
    // A second time it is so already.
    expect(await say(runId, { kind: "withdraw", remarkId: remark!.remarkId })).toMatchObject({ remark: null })
    await say(runId, { kind: "resolve", state: "resolved", reason: "by hand" })
    expect(await say(runId, { kind: "reopen" })).toMatchObject({ standing: { resolution: null, notes: 0 } })
    const [note] = await world.engine.remarks.list(runId, { ...all, kinds: ["note.added"] })
    expect(note).toMatchObject({ body: { note: "wrong run" }, withdrawn: { actor: operator.id } })
    expect(await world.engine.remarks.list(runId, all)).toHaveLength(4)
  })

  it("happens once however often the same request comes, and each of many at once", async () => {
    const runId = await world.started("works")
    const header = { scope: "s", key: "k", bodyHash: "h" }
    const note: RemarkAsked = { kind: "annotate", note: "once", stepId: null }
    const [first, second] = await Promise.all([say(runId, note, header), say(runId, note, header)])
    expect(second).toEqual(first)
    expect(await say(runId, note, { ...header, bodyHash: "x" })).toBe("idempotency_key_reused")
    const kept = { ...header, key: "nothing new" }
    const untag: RemarkAsked = { kind: "tag", add: [], remove: ["late"] }
    expect(await say(runId, untag, kept)).toMatchObject({ remark: null })
    await say(runId, { kind: "tag", add: ["late"], remove: [] })
    // It was answered before: what came since is not touched.
    await say(runId, untag, kept)
    expect((await world.engine.queries.standing(runId))?.tags).toEqual(["late"])
    await Promise.all(Array.from({ length: 20 }, (_, n) => say(runId, { ...note, note: `note ${n}` })))
    expect(await world.engine.queries.standing(runId)).toMatchObject({ notes: 21, number: 22 })
  })

  it("supersedes a failed run when its re-run completes; undone, it stays undone", async () => {
    const runId = await world.started("works")
    const told: Remarked[] = []
    world.engine.remarks.subscribe((remarked) => told.push(...remarked))
    await rerun(runId)
    await world.turn()
    expect(await world.engine.queries.standing(runId)).toMatchObject({ resolution: null })
    isBroken = false
    const again = await rerun(runId)
    await world.turn()
    const newRunId = again.ok ? again.value.runId : ""
    expect(await world.row(newRunId)).toMatchObject({ status: "COMPLETED" })
    expect((await world.engine.queries.standing(runId))?.resolution).toMatchObject({
      state: "superseded",
      by: "system",
      runId: newRunId,
    })
    expect(told.map(({ remark }) => [remark.runId, remark.actor, remark.origin.door])).toEqual([
      [runId, "system", "engine"],
    ])
    await say(runId, { kind: "reopen" })
    await world.advance(600_000)
    expect((await world.engine.queries.standing(runId))?.resolution).toBeNull()
    expect((await world.engine.admin.fsck()).findings).toEqual([])
  })

  it("is offered with the run, each with a reason where it cannot be", async () => {
    const open = await world.row(await world.started("waits"))
    const said = (row: typeof open, actor = operator) =>
      world.engine.queries.actions(row, actor).filter(({ name }) => /annotate|tag|assign|resolve/.test(name))
    expect(said(open).map(({ name, allowed }) => [name, allowed])).toEqual([
      ["annotate", true],
      ["tag", true],
      ["assign", true],
      ["resolve", false],
    ])
    expect(said(open)[3]).toMatchObject({ reason: "the run has not ended" })
    const failed = await world.row(await world.started("works"))
    expect(said(failed).every(({ allowed }) => allowed)).toBe(true)
    expect(said(failed, viewer).every(({ allowed, reason }) => !allowed && reason?.includes("operator"))).toBe(true)
  })
})
