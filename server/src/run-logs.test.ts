/** What agents log is kept with the run, redacted, bounded, read in pages without gap, and seen by its workspace only. */
import type { Annotation, Run, RunLogPage } from "@waybill/contract"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import type { RunningServer } from "./main.ts"
import { ask, type Place, place } from "./testing/real-server.ts"

const talker = `export default {
  name: "talker",
  description: "Says what it is told to.",
  inputSchema: { type: "object" },
  outputSchema: { type: "object" },
  async run({ lines = 3, card }, ctx) {
    ctx.log.debug("begins")
    for (let i = 0; i < lines; i++) ctx.log("line " + i, { at: i })
    ctx.log.warn("pays with " + card, { card, long: "x".repeat(lines === 7 ? 9000 : 1) })
    console.error("printed\\r\\nfake=line")
    ctx.log.error("y".repeat(lines === 7 ? 10000 : 3))
    return {}
  },
}`
const talk = `id: talk
version: "1.0"
states:
  - { name: first, type: operation, action: agent.run, input: { agent: talker, variables: { lines: "{{ ctx.lines ?? 3 }}", card: "{{ ctx.card ?? 'none' }}" } }, next: second }
  - { name: second, type: operation, action: agent.run, input: { agent: talker, variables: { lines: 1, card: none } }, end: true }
`
const card = "4242424242424242"

describe("the log of a run", () => {
  let at: Place
  let server: RunningServer
  const call = (path: string, headers = {}) => ask(server.url, "GET", path, undefined, headers)
  const start = async (input: object) =>
    (await ask(server.url, "POST", "/workflow-runs?wait=20", { workflowId: "talk", input })).body as Run
  const page = async (run: Run, query = "") =>
    (await call(`/workflow-runs/${run.runId}/logs${query}`)).body as RunLogPage
  /** Lines are stored a moment behind the run. */
  const whole = (run: Run, count: number) =>
    vi.waitFor(
      async () => {
        const { items } = await page(run, "?limit=1000")
        expect(items).toHaveLength(count)
        return items
      },
      { timeout: 10_000, interval: 50 },
    )

  beforeAll(async () => {
    at = place()
    at.write("agents/talker.agent.ts", talker)
    at.write("workflows/talk.workflow.yaml", talk)
    server = await at.start()
  })
  afterAll(async () => {
    await server.close()
    at.remove()
  })

  test("has every line of its agents with step, attempt, level and fields, in order, and none of what may not be kept", async () => {
    const run = await start({ card })
    const lines = await whole(run, 8 + 6)
    expect(lines.map(({ number }) => number)).toEqual(lines.map((_, index) => index + 1))
    expect(lines.slice(0, 4).map(({ level, message, fields }) => [level, message, fields])).toEqual([
      ["debug", "begins", null],
      ["info", "line 0", { at: 0 }],
      ["info", "line 1", { at: 1 }],
      ["info", "line 2", { at: 2 }],
    ])
    expect(lines[4]).toMatchObject({ level: "warn", attempt: 1, stepId: expect.stringMatching(/^step_/) })
    expect(lines[4]!.message).toMatch(/^pays with \[token:card:/)
    expect(JSON.stringify(lines)).not.toContain(card)
    expect(new Set(lines.map(({ stepId }) => stepId)).size).toBe(2)
  })

  test("is read by level, by step and in pages that go on where the last one ended", async () => {
    const run = await start({ lines: 5 })
    const lines = await whole(run, 10 + 6)
    const graver = await page(run, "?level=warn")
    expect(graver.items.every(({ level }) => level === "warn" || level === "error")).toBe(true)
    expect(graver.items).toHaveLength(8)
    const second = lines.at(-1)!.stepId
    expect((await page(run, `?stepId=${second}&attempt=1`)).items).toHaveLength(6)
    expect((await page(run, `?stepId=${second}&attempt=2`)).items).toEqual([])
    const read: number[] = []
    for (let after = 0; ; ) {
      const { items, nextCursor } = await page(run, `?limit=4&after=${after}`)
      read.push(...items.map(({ number }) => number))
      if (nextCursor === null) break
      after = Number(nextCursor)
    }
    expect(read).toEqual(lines.map(({ number }) => number))
    expect((await page(run, `?after=${lines.length}`)).items).toEqual([])
  })

  test("has notes about single lines, which are their step's, and none about what is not there", async () => {
    const run = await start({ lines: 5 })
    const lines = await whole(run, 10 + 6)
    const line = lines.at(-1)!
    const notes = `/workflow-runs/${run.runId}/annotations`
    const say = async (body: object): Promise<Annotation> => (await ask(server.url, "POST", notes, body)).body
    const told = await say({ note: "this one", logLine: line.number })
    expect(told).toMatchObject({ note: "this one", logLine: line.number, stepId: line.stepId })
    const noted = await ask(server.url, "GET", `${notes}?stepId=${line.stepId}`)
    expect(noted.body).toMatchObject({ items: [{ annotationId: told.annotationId, logLine: line.number }] })
    expect(await say({ note: "the run", stepId: line.stepId })).toMatchObject({ logLine: null })
    const other = lines[0]!.stepId
    expect(other).not.toBe(line.stepId)
    for (const asked of [{ logLine: lines.length + 1 }, { logLine: line.number, stepId: other }])
      expect(await say({ note: "x", ...asked })).toMatchObject({ status: 404, code: "log_line_not_found" })
  })

  test("cuts what is long, says how much, and keeps a thousand lines of an attempt", async () => {
    const long = await whole(await start({ lines: 7 }), 12 + 6)
    expect(long[8]!.fields).toEqual({ cut: expect.any(Number) })
    expect(long[11]!.message).toMatch(/^y{8192}… \(\d+ more characters\)$/)
    const many = await start({ lines: 1_500 })
    const items = await vi.waitFor(
      async () => {
        const first = await page(many, "?limit=1000")
        const rest = await page(many, `?limit=1000&after=${first.nextCursor}`)
        expect(rest.items).toHaveLength(1 + 6)
        return rest.items
      },
      { timeout: 10_000, interval: 50 },
    )
    expect(items[0]).toMatchObject({ level: "warn", message: expect.stringContaining("more than 1000 lines") })
  })

  test("is nobody's where there is no such run, and a level that is none is refused", async () => {
    expect((await call("/workflow-runs/run_nobody/logs")).status).toBe(404)
    const run = await start({})
    const refused = await call(`/workflow-runs/${run.runId}/logs?level=wran`)
    expect([refused.status, refused.body]).toMatchObject([
      400,
      {
        errors: [
          { pointer: "/level", message: expect.stringMatching(/^must be one of .*warn/), hint: 'Did you mean "warn"?' },
        ],
      },
    ])
    expect((refused.body as { errors: unknown[] }).errors).toHaveLength(1)
  })

  test("has what was said in the last moment before the server went down", async () => {
    const run = await start({})
    await server.close()
    server = await at.start()
    // What waited when the server went down was stored first.
    expect((await page(run)).items).toHaveLength(14)
  })
})
