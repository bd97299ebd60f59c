import type { RunSummary } from "@waybill/contract"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { AT, runRow } from "../../testing/rows.ts"
import { type TestServer, testServer } from "../../testing/test-server.ts"
import { csvCell } from "../shared/csv.ts"

let server: TestServer

beforeAll(async () => {
  server = await testServer()
  await server.app.ready()
})
beforeEach(() => server.engine.reset())
afterAll(() => server.app.close())

const get = (query: string) => server.app.inject({ method: "GET", url: `/api/v1/workflow-runs/export${query}` })

/** Pages of so many runs each, then no more. */
function pages(...sizes: readonly number[]): void {
  let number = 0
  const made = sizes.map((size) =>
    Array.from({ length: size }, () => {
      const row = runRow({ runId: `run_${++number}`, status: "COMPLETED", completedAt: AT + 5 })
      return { ...row, lastState: "hello", standing: server.engine.standingOf(row) }
    }),
  )
  server.engine.queries.runs = async (...args) => {
    server.engine.asked.push({ what: "runs", with: args })
    const at = args[2] === null ? 0 : Number(args[2])
    const nextCursor = at + 1 < made.length ? String(at + 1) : null
    return { ok: true, value: { items: made[at] ?? [], nextCursor, total: null }, position: 0 }
  }
}

describe("a file of runs", () => {
  test("is CSV with a head, a line a run, and a name to be saved under", async () => {
    pages(2, 1)
    const response = await get("?query=status:completed")
    expect(response.statusCode).toBe(200)
    expect(response.headers["content-type"]).toBe("text/csv; charset=utf-8")
    expect(response.headers["content-disposition"]).toMatch(
      /^attachment; filename="waybill-runs-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.csv"$/,
    )
    const [head, ...lines] = response.body.split("\r\n")
    expect(head).toMatch(/^runId,workflowId,.*,durationMs,hitl,tags,owner,resolution,actor,/)
    expect(lines.map((line) => line.split(",")[0])).toEqual(["run_1", "run_2", "run_3", ""])
    expect(lines[0]).toContain("2026-11-20T09:30:00.125Z")
    expect(server.engine.asked.map((one) => one.with[2])).toEqual([null, "1"])
  })

  test("is JSON, or a JSON document a line, over all pages and without any run", async () => {
    pages(1, 0, 2)
    const json = JSON.parse((await get("?format=json")).body) as RunSummary[]
    expect(json.map((run) => run.runId)).toEqual(["run_1", "run_2", "run_3"])
    expect(json[0]).not.toHaveProperty("actions")
    const lines = (await get("?format=ndjson")).body.trimEnd().split("\n")
    expect(lines.map((line) => (JSON.parse(line) as RunSummary).runId)).toEqual(["run_1", "run_2", "run_3"])
    pages(0)
    expect(JSON.parse((await get("?format=json")).body)).toEqual([])
    expect((await get("?format=ndjson")).body).toBe("")
    expect((await get("")).body.split("\r\n")).toHaveLength(2)
  })

  test("holds the runs that are named; one that does not exist is told before anything is sent", async () => {
    for (const runId of ["run_a", "run_b"]) server.engine.rows.set(runId, runRow({ runId }))
    pages(1)
    expect((await get("?runIds=run_b,run_a")).statusCode).toBe(200)
    const any = ["run_b", "run_a"].map((text) => ({ kind: "is", text }))
    expect(server.engine.asked[0]?.with[0]).toMatchObject({
      terms: [{ negated: false, test: { kind: "text", field: "runId", any } }],
    })
    const missing = await get("?runIds=run_b,run_x")
    expect([missing.statusCode, missing.json().code]).toEqual([404, "run_not_found"])
    expect(missing.headers["content-disposition"]).toBeUndefined()
  })

  test("is refused as a problem when the query is not understood", async () => {
    expect((await get("?query=status:faild")).json()).toMatchObject({ code: "invalid_query" })
    expect((await get("?format=xml")).statusCode).toBe(400)
  })

  test("reads a page only when the one before was taken", async () => {
    pages(...Array.from({ length: 200 }, () => 50))
    const url = "/api/v1/workflow-runs/export?format=ndjson"
    const response = await server.app.inject({ method: "GET", url, payloadAsStream: true })
    // The client takes nothing: what is on its way fills up, and then nobody reads on.
    for (let turn = 0; turn < 1_000; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(server.engine.asked.length).toBeLessThan(10)
    let text = ""
    for await (const chunk of response.stream()) text += String(chunk)
    expect(text.trimEnd().split("\n")).toHaveLength(10_000)
  })
})

describe("a cell of CSV", () => {
  test.each([
    ["plain", "plain"],
    ["=1+1", "'=1+1"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@x", "'@x"],
    ["\tx", "'\tx"],
    ["\r=1", '"\'\r=1"'],
    ['say "hi"', '"say ""hi"""'],
    ["a,b", '"a,b"'],
    ["two\nlines", '"two\nlines"'],
    ["a=b", "a=b"],
    ["", ""],
  ])("%j is written so that it is read back and never acts", (value, cell) => {
    // An apostrophe in front always stands in quotes, so that none is taken for a quote of another kind.
    expect(csvCell(value)).toBe(cell.startsWith("'") ? `"${cell}"` : cell)
  })

  test("numbers are numbers, and what is not there is empty", () => {
    expect([csvCell(0), csvCell(1.5), csvCell(null)]).toEqual(["0", "1.5", ""])
  })
})
