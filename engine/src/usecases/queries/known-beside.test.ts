import { expect, test } from "vitest"
import { parseRunQuery, withQuery } from "../../core/views/run-language/index.ts"
import { noFilter } from "../../core/views/run-query.ts"
import { EngineWorld } from "../../testing/world/engine-world.ts"

const workflow = `id: slow
version: "1"
name: slow
start: work
states:
  - name: work
    type: operation
    action: agent.run
    heartbeatSeconds: 10
    input: { agent: worker }
    end: true
`

test("a run that is not heard of is found as stalled, in lists, counts and bulk actions alike; one that ends is not", async () => {
  const world = await EngineWorld.open({ workflows: [workflow], agents: { worker: () => "hold" } })
  const [silent, heard] = [await world.started("slow"), await world.started("slow")]
  const { queries, bulk } = world.engine
  const found = async (query: string) => {
    const filter = withQuery(noFilter, parseRunQuery(query))
    const listed = await queries.runs(filter, "startedAt", null, 10)
    const ids = listed.ok ? listed.value.items.map(({ runId }) => runId) : []
    expect((await queries.countRuns(filter)).total).toBe(ids.length)
    return ids
  }
  expect(await found("is:stalled")).toEqual([])
  await world.advance(15_000)
  world.host.say({ kind: "heartbeat", key: world.host.tasks[1]!.key })
  await world.advance(6_000)
  expect(await found("is:stalled")).toEqual([silent])
  expect(await found("-is:stalled")).toEqual([heard])
  expect([queries.isStalled(silent), queries.isStalled(heard)]).toEqual([true, false])
  const filter = withQuery(noFilter, parseRunQuery("is:stalled status:running"))
  const actor = { id: "user:ann", teams: [], role: "operator" as const }
  const preview = await bulk.preview(actor, {
    action: "cancel",
    cohort: { filter },
    query: "is:stalled status:running",
    reason: "hung",
    from: null,
    change: null,
  })
  expect(preview).toMatchObject({ ok: true, value: { total: 1 } })
  world.host.say({ kind: "heartbeat", key: world.host.tasks[0]!.key })
  await world.advance(1_000)
  expect(await found("is:stalled")).toEqual([])
})

test("`is:` asks for one thing, so that two are not taken for either", () => {
  expect(parseRunQuery("is:stalled,archived").problems).toMatchObject([{ code: "query_value_unreadable" }])
  expect(parseRunQuery("is:stalld").problems).toMatchObject([{ hint: "Did you mean `stalled`?" }])
})
