/** What the page of all runs asks, on a whole server with real runs: list, counts, histogram and facets agree. */
import type { Run, RunCounts, RunFacets, RunHistogram, RunPage } from "@waybill/contract"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { RunningServer } from "./main.ts"
import { type AnswerCheck, answerCheck } from "./testing/answer-schemas.ts"
import { ask, type Place, place } from "./testing/real-server.ts"

const workflow = (id: string, state: string) =>
  `id: ${id}\nversion: "1.0"\nname: ${id}\nstart: first\nstates:\n  - name: first\n${state}`
const ends = "    type: inject\n    data: { done: true }\n    end: true\n"
const fails = "    type: switch\n    conditions: [{ if: ctx.missing.field == 1, next: first }]\n"
const waits = "    type: listen\n    signal: go\n    end: true\n"

describe("the page of all runs", () => {
  let at: Place
  let server: RunningServer
  let fits: AnswerCheck
  const get = async <T>(path: string, query?: string): Promise<T> => {
    const url = `/workflow-runs${path}${query === undefined ? "" : `?query=${encodeURIComponent(query)}`}`
    const reply = await ask(server.url, "GET", url)
    expect(fits("GET", `/api/v1${url.split("?")[0]}`, reply.status, reply.body)).toEqual([])
    return reply.body as T
  }
  const ids = async (query: string) =>
    (await get<RunPage>("", query)).items.map(({ workflowId, tags }) => [workflowId, ...tags].join(" ")).sort()

  beforeAll(async () => {
    at = place()
    at.write("workflows/invoice_send.workflow.yaml", workflow("invoice_send", ends))
    at.write("workflows/invoice_check.workflow.yaml", workflow("invoice_check", fails))
    at.write("workflows/order_wait.workflow.yaml", workflow("order_wait", waits))
    server = await at.start()
    fits = answerCheck(await (await fetch(`${server.url}/openapi.json`)).json())
    for (const [workflowId, tags] of [
      ["invoice_send", ["q1"]],
      ["invoice_send", ["q5"]],
      ["invoice_check", ["q2", "test"]],
      ["order_wait", []],
    ] as const) {
      const wait = workflowId === "order_wait" ? "" : "?wait=20"
      const reply = await ask(server.url, "POST", `/workflow-runs${wait}`, { workflowId, tags })
      expect(reply.status).toBe(201)
    }
  })
  afterAll(async () => {
    await server.close()
    at.remove()
  })

  test.each([
    ["wf:invoice_*", ["invoice_check q2 test", "invoice_send q1", "invoice_send q5"]],
    ["tag:/^q[1-4]$/ -tag:test", ["invoice_send q1"]],
    ["status:failed", ["invoice_check q2 test"]],
    ["has:error started:>-1h", ["invoice_check q2 test"]],
    ["status:open", ["order_wait"]],
    ["-wf:invoice_* dur:<1h", ["order_wait"]],
    ["started:<-1h", []],
    ["INVOICE -status:failed", ["invoice_send q1", "invoice_send q5"]],
  ])("finds by %s", async (query, expected) => {
    expect(await ids(query)).toEqual(expected)
    const counts = await get<RunCounts>("/counts", query)
    expect(counts.total).toEqual({ value: expected.length, exact: true })
  })

  test("a pasted id finds its run and no other", async () => {
    const { items } = await get<RunPage>("", "wf:order_wait")
    expect((await get<RunPage>("", items[0]!.runId)).items.map((run) => run.runId)).toEqual([items[0]!.runId])
  })

  test("counts, histogram and facets tell of the same runs", async () => {
    expect((await get<RunCounts>("/counts")).byStatus).toEqual({ COMPLETED: 2, FAILED: 1, WAITING_SIGNAL: 1 })
    const histogram = await get<RunHistogram>("/histogram", "wf:invoice_*")
    expect(histogram.buckets.length).toBeLessThanOrEqual(60)
    const sums: { [status: string]: number } = {}
    for (const { byStatus } of histogram.buckets)
      for (const [status, count] of Object.entries(byStatus)) sums[status] = (sums[status] ?? 0) + (count as number)
    expect(sums).toEqual({ COMPLETED: 2, FAILED: 1 })
    const { facets, exact } = await get<RunFacets>("/facets", "wf:invoice_*")
    expect(exact).toBe(true)
    expect(facets.find(({ name }) => name === "workflowId")?.values).toEqual([
      { value: "invoice_send", count: 2 },
      { value: "invoice_check", count: 1 },
    ])
    expect(facets.find(({ name }) => name === "tag")?.values.map(({ value }) => value)).toEqual([
      "q1",
      "q2",
      "q5",
      "test",
    ])
  })

  test("pages of a relative time fit together", async () => {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const more: string = cursor === null ? "" : `&cursor=${cursor}`
      const page = (await ask(server.url, "GET", `/workflow-runs?query=started:%3E-1h&limit=1${more}`))
        .body as unknown as RunPage
      seen.push(...page.items.map((run) => run.runId))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(new Set(seen).size).toBe(4)
    expect(seen).toHaveLength(4)
  })

  test("a folded list shows what stands for others, how many stand under it, and hides no failure behind a run that it does not show", async () => {
    const start = async (workflowId: string, more: object) =>
      (await ask(server.url, "POST", "/workflow-runs?wait=20", { workflowId, tags: ["folds"], ...more })).body as Run
    const order = { businessEventId: "order-7" }
    const [first, second] = [await start("invoice_send", order), await start("invoice_send", order)]
    const last = await start("invoice_send", order)
    const other = await start("invoice_check", order)
    const child = await start("invoice_check", { parentRunId: last.runId })
    const list = async (more: string) => {
      const { status, body } = await ask(server.url, "GET", `/workflow-runs?tag=folds&sort=createdAt&${more}`)
      expect(fits("GET", "/api/v1/workflow-runs", status, body)).toEqual([])
      return { body: body as RunPage, rows: (body as RunPage).items.map(({ runId, folded }) => [runId, folded]) }
    }
    const folded = await list("fold=duplicates,children")
    expect(folded.rows).toEqual([
      [last.runId, { duplicates: 2, children: 1 }],
      [other.runId, { duplicates: 0, children: 0 }],
    ])
    expect(folded.body.total).toEqual({ value: 2, exact: true })
    expect((await list("fold=duplicates")).rows.map(([runId]) => runId)).toEqual([last.runId, other.runId, child.runId])
    expect((await list("fold=children&status=FAILED")).rows.map(([runId]) => runId)).toEqual([other.runId, child.runId])
    expect((await list(`fold=duplicates&to=${last.createdAt}&query=-id:${last.runId}`)).rows).toEqual([
      [second.runId, { duplicates: 1, children: 0 }],
    ])
    expect((await list("limit=1")).body.items[0]).not.toHaveProperty("folded")
    expect((await list(`businessEventId=order-7&workflowId=invoice_send`)).rows.map(([runId]) => runId)).toEqual([
      first.runId,
      second.runId,
      last.runId,
    ])
    const wrong = await ask(server.url, "GET", "/workflow-runs?fold=duplicate")
    expect([wrong.status, wrong.body]).toMatchObject([
      400,
      { errors: [{ pointer: "/fold", hint: "Did you mean duplicates?" }] },
    ])
  })
})
