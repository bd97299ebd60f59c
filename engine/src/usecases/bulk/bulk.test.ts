import { describe, expect, it } from "vitest"
import { parseRunQuery, withQuery } from "../../core/views/run-language/index.ts"
import { noFilter } from "../../core/views/run-query.ts"
import type { BulkRequest, BulkView } from "../../door.ts"
import { EngineWorld, workflow } from "../../testing/world/engine-world.ts"
import { operator } from "../../testing/world/world.ts"

const workflows = [
  workflow("ends", [{ name: "first", type: "inject", data: { done: true }, end: true }], { start: "first" }),
  workflow("waits", [{ name: "first", type: "listen", signal: "go", end: true }], { start: "first" }),
]
const viewer = { id: "user:vera", teams: [], role: "viewer" as const }

async function world(ends: number, waits: number) {
  const opened = await EngineWorld.open({ workflows })
  const ids: string[] = []
  for (let index = 0; index < ends; index += 1) ids.push(await opened.started("ends"))
  for (let index = 0; index < waits; index += 1) ids.push(await opened.started("waits"))
  return { world: opened, bulk: opened.engine.bulk, ids }
}

function all(query: string, part: Partial<BulkRequest> = {}): BulkRequest {
  const cohort = { filter: withQuery(noFilter, parseRunQuery(query)) }
  return { action: "rerun", cohort, query, reason: "the service is back", from: null, change: null, ...part }
}

function named(runIds: readonly string[], part: Partial<BulkRequest> = {}): BulkRequest {
  return { ...all("", part), cohort: { runIds }, query: null, ...part }
}

function value<T>(answer: { readonly ok: boolean; readonly value?: T; readonly rejection?: unknown }): T {
  if (!answer.ok) throw new Error(JSON.stringify(answer.rejection))
  return answer.value!
}

async function done(opened: EngineWorld, bulkId: string | null): Promise<BulkView> {
  await opened.advance(60_000)
  const found = await opened.engine.bulk.find(bulkId!)
  expect(found?.state).toBe("done")
  return found!
}

describe("the same thing done to many runs", () => {
  it("is looked at first: how many, and which would be refused and why; nothing is kept", async () => {
    const { bulk, ids } = await world(3, 2)
    const preview = value(await bulk.preview(operator, named([...ids, "run_none", ids[0]!])))
    expect(preview).toMatchObject({ bulkId: null, state: "preview", total: 6, refused: 3, query: null })
    expect(preview.refusals).toEqual([
      { code: "run_not_finished", message: "the run has not ended", count: 2, runIds: ids.slice(3) },
      { code: "run_not_found", message: "there is no run run_none", count: 1, runIds: ["run_none"] },
    ])
    expect(await bulk.list(null, 10)).toEqual([])
    const cancel = value(await bulk.preview(operator, all("", { action: "cancel" })))
    expect(cancel).toMatchObject({ total: 5, refused: 3, refusals: [{ code: "run_finished", count: 3 }] })
  })

  it("runs again every run of its cohort once, in the name of who asked, and tells which run became which", async () => {
    const { world: opened, bulk, ids } = await world(20, 2)
    const started = value(await bulk.start(operator, all("-status:paused"), null))
    expect(started).toMatchObject({ state: "running", total: 22, done: 0, actor: operator.id, query: "-status:paused" })
    expect(await done(opened, started.bulkId)).toMatchObject({ total: 22, done: 20, refused: 2 })
    const items = await bulk.items(started.bulkId!, null, 0, 50)
    expect(items.map((item) => item.runId)).toEqual(ids)
    for (const { runId, newRunId, state } of items.slice(0, 20)) {
      expect(state).toBe("done")
      expect(await opened.row(newRunId!)).toMatchObject({
        rerunOf: runId,
        actor: operator.id,
        status: "COMPLETED",
        origin: "replay",
      })
    }
    expect(items.slice(20).map((item) => item.code)).toEqual(["run_not_finished", "run_not_finished"])
  })

  it("tags, assigns and resolves every run of its cohort, and tells which could not be", async () => {
    const { world: opened, bulk, ids } = await world(2, 1)
    await opened.engine.runs.cancel(operator, ids[2]!, { reason: null, force: false }, null)
    const later = await opened.started("waits")
    const parts: readonly Partial<BulkRequest>[] = [
      { action: "tag", change: { kind: "tag", add: ["q1"], remove: [] } },
      { action: "assign", change: { kind: "assign", owner: "user:ann" } },
      { action: "resolve", change: { kind: "resolve", state: "wont_fix", reason: null } },
    ]
    const preview = value(await bulk.preview(operator, all("", parts[2])))
    expect(preview.refusals?.map(({ code, count }) => [code, count])).toEqual([
      ["nothing_to_resolve", 2],
      ["run_not_finished", 1],
    ])
    for (const part of parts) {
      const { bulkId } = value(await bulk.start(operator, all("", part), null))
      const ended = await done(opened, bulkId)
      expect([ended.total, ended.done, ended.change]).toEqual([4, part.action === "resolve" ? 1 : 4, part.change])
    }
    const standing = await opened.engine.queries.standing(ids[2]!)
    expect(standing).toMatchObject({ tags: ["q1"], owner: "user:ann", number: 3 })
    expect(standing?.resolution).toMatchObject({ state: "wont_fix", reason: "the service is back", by: operator.id })
    expect(await opened.engine.queries.standing(later)).toMatchObject({ tags: ["q1"], resolution: null })
    const page = { kinds: [], stepId: null, before: null, limit: 9 }
    const [newest] = await opened.engine.remarks.list(ids[2]!, page)
    expect(newest).toMatchObject({ origin: { door: "bulk", address: expect.stringMatching(/^bulk_/) } })
    expect(value(await bulk.preview(operator, all("owner:user:ann tag:q1"))).total).toBe(4)
  })

  it("touches no run that came after its cohort was frozen", async () => {
    const { world: opened, bulk } = await world(1, 1)
    const started = value(await bulk.start(operator, all("wf:waits", { action: "cancel" }), null))
    const later = await opened.started("waits")
    await done(opened, started.bulkId)
    expect((await opened.row(later)).status).toBe("WAITING_SIGNAL")
    const [item] = await bulk.items(started.bulkId!, "done", 0, 9)
    expect(await opened.row(item!.runId)).toMatchObject({ status: "CANCELLED" })
  })

  it("is paused, resumed and aborted, and says where it stands when that cannot be", async () => {
    const { world: opened, bulk } = await world(40, 0)
    const { bulkId } = value(await bulk.start(operator, all(""), null))
    await opened.turn()
    const paused = value(await bulk.pause(operator, bulkId!))
    expect([paused.state, paused.done]).toEqual(["paused", 16])
    await opened.advance(60_000)
    expect((await bulk.find(bulkId!))?.done).toBe(16)
    expect(value(await bulk.pause(operator, bulkId!)).state).toBe("paused")
    value(await bulk.resume(operator, bulkId!))
    await opened.advance(10)
    expect(value(await bulk.abort(operator, bulkId!))).toMatchObject({ state: "aborted", done: 32 })
    expect(value(await bulk.abort(operator, bulkId!)).state).toBe("aborted")
    expect(await bulk.resume(operator, bulkId!)).toMatchObject({
      ok: false,
      rejection: { code: "bulk_finished", data: { state: "aborted" } },
    })
    expect(await bulk.pause(operator, "bulk_none")).toMatchObject({ rejection: { code: "bulk_not_found" } })
    expect((await opened.engine.queries.countRuns(noFilter)).total).toBe(72)
  })

  it("is one action however often the same request comes", async () => {
    const { bulk } = await world(2, 0)
    const header = { scope: "s", key: "k", bodyHash: "h" }
    const first = value(await bulk.start(operator, all(""), header))
    expect(value(await bulk.start(operator, all(""), header)).bulkId).toBe(first.bulkId)
    expect(await bulk.start(operator, all(""), { ...header, bodyHash: "x" })).toMatchObject({
      rejection: { code: "idempotency_key_reused" },
    })
  })

  it("needs somebody who may, a reason, and a run", async () => {
    const { bulk } = await world(1, 0)
    const header = { scope: "s", key: "k", bodyHash: "h" }
    expect(await bulk.start(viewer, all(""), null)).toMatchObject({ rejection: { code: "forbidden" } })
    expect(await bulk.abort(viewer, "bulk_1")).toMatchObject({ rejection: { code: "forbidden" } })
    expect(await bulk.start(operator, all("", { reason: " " }), null)).toMatchObject({
      rejection: { code: "reason_required" },
    })
    expect(await bulk.start(operator, all("wf:none"), header)).toMatchObject({ rejection: { code: "bulk_empty" } })
    // What was refused leaves nothing behind: the key is free, and nothing is listed.
    expect(value(await bulk.start(operator, all(""), header)).total).toBe(1)
    expect(await bulk.list(null, 9)).toHaveLength(1)
  })
})
