/** The sources' two doors on a whole server: a real store with a history in it, real agents, real sockets. */
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import type {
  Execution,
  ExecutionItem,
  ExecutionMessage,
  ExecutionMetrics,
  ExecutionPage,
  ExecutionTimeline,
  Run,
  RunRecord,
  RunRecordPage,
  StepRecordPage,
} from "@waybill/contract"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { WebSocket } from "ws"
import { seedStore } from "./compose/seed-history.ts"
import type { RunningServer } from "./main.ts"
import { type AnswerCheck, answerCheck } from "./testing/answer-schemas.ts"
import { ask, type Place, place } from "./testing/real-server.ts"
import { shapeDiffers } from "./testing/shape.ts"

const until = Date.UTC(2026, 10, 20, 12)
const from = until - 10 * 86_400_000
const seeded = 150

const counter = `export default {
  name: "counter",
  description: "Counts, and fails when asked to.",
  inputSchema: { type: "object" },
  async run({ fails }) {
    if (fails) throw Object.assign(new Error("Timeout exceeded"), { class: "policy_denied" })
    return { records: 100 }
  },
}`
const counting = `id: counting
version: "1.0"
name: Counting
start: initialize
states:
  - { name: initialize, type: inject, data: { ready: true }, next: count }
  - name: count
    type: operation
    action: agent.run
    input: { agent: counter, task: count, variables: { fails: "{{ ctx.fails ?? false }}" } }
    resultPath: steps.count
    next: finalize
  - { name: finalize, type: inject, data: { done: true }, end: true }
`

let at: Place
let server: RunningServer
let fits: AnswerCheck

beforeAll(async () => {
  at = place()
  at.write("agents/counter.agent.mjs", counter)
  at.write("workflows/counting.workflow.yaml", counting)
  const dataDir = join(at.folder, "data")
  await seedStore({ dataDir, runs: seeded, seed: 3, from, until }, () => {})
  server = await at.start({ dataDir })
  fits = answerCheck(await (await fetch(`${server.url}/openapi.json`)).json())
})
afterAll(async () => {
  await server.close()
  at.remove()
})

/** Every answer is held against the schema that the server documents for it. */
async function get<T>(path: string): Promise<T> {
  const answer = await fetch(`${server.url}${path}`)
  const body = (await answer.json()) as T
  expect(answer.status, `${path}: ${JSON.stringify(body)}`).toBe(200)
  expect(fits("GET", path.split("?")[0]!, 200, body)).toEqual([])
  return body
}

const golden = (file: string): unknown => JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8"))
const free = [
  ...["inputs_summary", "outputs_summary", "parameters_redacted", "input_redacted", "output_redacted"],
  ...["input_summary", "output_summary", "input_variables", "results", "output_data", "output"],
]

async function all(query: string): Promise<RunRecord[]> {
  const found: RunRecord[] = []
  for (let token = ""; ; ) {
    const page = await get<RunRecordPage>(`/runs?limit=60&${query}${token === "" ? "" : `&next_token=${token}`}`)
    found.push(...page.items)
    if (page.next_token === null) return found
    token = page.next_token
  }
}

describe("/runs over a history", () => {
  let runs: RunRecord[]
  beforeAll(async () => {
    runs = await all("")
  })

  test("lists every run once, newest first, each as 000 prints one", () => {
    expect(runs.length).toBe(seeded)
    expect(new Set(runs.map(({ id }) => id)).size).toBe(seeded)
    const starts = runs.map((run) => Date.parse(run.started_at!))
    expect(starts).toEqual([...starts].sort((a, b) => b - a))
    const example = golden("./http/runs/golden/run.json")
    for (const run of runs) expect(shapeDiffers(example, run, free)).toEqual([])
  })

  test.each([
    ["status=completed", (run: RunRecord) => run.status === "completed"],
    ["status=failed,canceled", (run: RunRecord) => run.status === "failed" || run.status === "canceled"],
    ["status=TIMED_OUT", (run: RunRecord) => run.diagnostics.error_code === "timed_out"],
    ["env=stage,dev", (run: RunRecord) => run.environment !== "prod"],
    [
      "workflow=support_triage,Invoice%20extraction",
      (run: RunRecord) => ["support_triage", "invoice_extraction"].includes(run.workflow_name),
    ],
    ["tag=region:eu", (run: RunRecord) => run.tags.includes("region:eu")],
    [
      "tag=/^region:(eu%7Cus)$/,mail",
      (run: RunRecord) => run.tags.some((tag) => ["region:eu", "region:us", "mail"].includes(tag)),
    ],
    [
      "from=2026-11-15T00:00:00Z&to=2026-11-16",
      (run: RunRecord) =>
        Date.parse(run.started_at!) < Date.UTC(2026, 10, 16) &&
        Date.parse(run.completed_at ?? "2030-01-01") >= Date.UTC(2026, 10, 15),
    ],
  ] as const)("%s finds exactly those", async (query, holds) => {
    const found = (await all(query)).map(({ id }) => id)
    expect(found).toEqual(runs.filter(holds).map(({ id }) => id))
  })

  test("sorts by status and by duration, and pages by number come to the same", async () => {
    const byDuration = (await all("sort=-duration&status=completed")).map(({ duration_ms }) => duration_ms!)
    expect(byDuration).toEqual([...byDuration].sort((a, b) => b - a))
    const statuses = (await all("sort=status")).map(({ status }) => status)
    expect(statuses.filter((status, index) => status !== statuses[index - 1]).length).toBe(new Set(statuses).size)
    const third = await get<RunRecordPage>("/runs?limit=20&page=3")
    expect(third.items.map(({ id }) => id)).toEqual(runs.slice(40, 60).map(({ id }) => id))
  })

  test("a token is good for its own query only", async () => {
    const { next_token } = await get<RunRecordPage>("/runs?limit=5&status=completed")
    const answer = await fetch(`${server.url}/runs?limit=5&status=failed&next_token=${next_token}`)
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, "cursor_mismatch"])
  })

  test("a run's steps are 000's, with retries, usage and what went wrong", async () => {
    const failed = runs.find(
      ({ status, diagnostics }) => status === "failed" && diagnostics.error_code !== "timed_out",
    )!
    const { items } = await get<StepRecordPage>(`/runs/${failed.id}/steps`)
    const example = golden("./http/runs/golden/step.json") as object
    for (const step of items) {
      // What a step names of its kind, and what a check says, differ by what there is to say.
      const { details, validation } = step
      expect(shapeDiffers({ ...example, details, validation }, step, free)).toEqual([])
    }
    expect(items.some(({ diagnostics }) => diagnostics.error_code === failed.diagnostics.error_code)).toBe(true)
    expect(await get<RunRecord>(`/runs/${failed.id}`)).toEqual(failed)
  })

  test("a step whose agent asked a model is 000's example, details and all", async () => {
    const { id } = runs.find((run) => run.workflow_name === "invoice_extraction" && run.status === "completed")!
    const { items } = await get<StepRecordPage>(`/runs/${id}/steps`)
    const asked = items.find(({ name }) => name === "extract_fields")!
    expect(shapeDiffers(golden("./http/runs/golden/step.json"), asked, free)).toEqual([])
    expect(asked.details).toEqual({ model: "gpt-4o-mini", parameters_redacted: { temperature: 0 } })
  })

  test("a note and a tag are in the document, and the chain of the run is what it was", async () => {
    const { id, tags } = runs[0]!
    const post = async (path: string, body: unknown) =>
      (await fetch(`${server.url}/runs/${id}/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }).then((answer) => answer.json())) as RunRecord
    const head = async () => ((await ask(server.url, "GET", `/workflow-runs/${id}`)).body as Run).headHash
    const before = await head()
    expect((await post("annotate", { note: "Valid totals." })).annotations).toMatchObject([{ note: "Valid totals." }])
    const tagged = await post("tags", { add: ["seen"] })
    expect(tagged.tags).toEqual([...tags, "seen"])
    expect((await all("tag=seen")).map((run) => run.id)).toEqual([id])
    expect(await head()).toBe(before)
  })
})

describe("/api/workflows over a history", () => {
  const base = "/api/workflows/invoice_extraction"

  test("the metrics are those of all executions together", async () => {
    const { items, total } = await get<ExecutionPage>(`${base}/executions?limit=100`)
    expect(items.length).toBe(total)
    const metrics = await get<ExecutionMetrics>(`${base}/metrics`)
    expect(shapeDiffers(golden("./http/executions/golden/metrics.json"), metrics)).toEqual([])
    const completed = items.filter(({ status }) => status === "completed").length
    const failed = items.filter(({ status }) => status === "failed" || status === "timeout").length
    const seconds = items.flatMap(({ duration }) => (duration === null ? [] : [duration]))
    const sum = seconds.reduce((all, one) => all + one, 0)
    expect(metrics).toMatchObject({
      total_executions: total,
      successful_executions: completed,
      failed_executions: failed,
    })
    expect(metrics.success_rate).toBeCloseTo((completed / (completed + failed)) * 100, 9)
    expect(metrics.total_duration_seconds).toBeCloseTo(sum, 2)
    expect(metrics.average_duration_seconds).toBeCloseTo(sum / seconds.length, 2)
    expect([metrics.min_duration_seconds, metrics.max_duration_seconds]).toEqual([
      Math.min(...seconds),
      Math.max(...seconds),
    ])
    const stage = await get<ExecutionMetrics>(`${base}/metrics?env=stage`)
    expect(stage.total_executions).toBeLessThan(metrics.total_executions)
  })

  test("skip and limit walk through them, a status chooses", async () => {
    const whole = await get<ExecutionPage>(`${base}/executions?limit=100`)
    const walked: ExecutionItem[] = []
    for (let skip = 0; skip < whole.total; skip += 7)
      walked.push(...(await get<ExecutionPage>(`${base}/executions?skip=${skip}&limit=7`)).items)
    expect(walked).toEqual(whole.items)
    const failed = await get<ExecutionPage>(`${base}/executions?limit=100&status=failed`)
    expect(failed.items).toEqual(whole.items.filter(({ status }) => status === "failed"))
    expect(failed.total).toBe(failed.items.length)
  })

  test("a timeline has every state of the definition, and an execution's steps those that were entered", async () => {
    const { items } = await get<ExecutionPage>(`${base}/executions?limit=20`)
    for (const { id } of items) {
      const timeline = await get<ExecutionTimeline>(`/api/workflows/executions/${id}/timeline`)
      expect(shapeDiffers(golden("./http/executions/golden/timeline.json"), timeline, free)).toEqual([])
      expect(timeline.step_timeline.map(({ step_id, step_order }) => [step_order, step_id])).toEqual([
        [1, "read_document"],
        [2, "extract_fields"],
        [3, "check_confidence"],
        [4, "review"],
        [5, "post_to_erp"],
      ])
      const execution = await get<Execution>(`/api/workflows/executions/${id}`)
      expect(shapeDiffers(golden("./http/executions/golden/execution.json"), execution, free)).toEqual([])
      const reached = timeline.step_timeline.filter(({ started_at }) => started_at !== null)
      expect(execution.step_executions.map(({ step_id }) => step_id)).toEqual(reached.map(({ step_id }) => step_id))
    }
  })
})

describe("the sockets, while something runs", () => {
  async function watch(path: string) {
    const socket = new WebSocket(`${server.url.replace("http", "ws")}${path}`)
    const messages: ExecutionMessage[] = []
    socket.on("message", (data) => messages.push(JSON.parse(String(data)) as ExecutionMessage))
    await once(socket, "open")
    const until = async (last: string) => {
      while (messages.at(-1)?.event !== last) await once(socket, "message")
      socket.close()
      return messages
    }
    return { until }
  }
  const start = (input: unknown) => ask(server.url, "POST", "/workflow-runs?wait=20", { workflowId: "counting", input })

  test("an execution is told from its start to its end, as its timeline tells it afterwards", async () => {
    const [workflow, step] = [await watch("/ws/workflows/counting"), await watch("/ws/workflows/counting/step/count")]
    const { runId } = (await start({})).body as Run
    const messages = await workflow.until("workflow_completed")
    expect(messages.map(({ event, data }) => ["step_name" in data ? data.step_name : "", event])).toEqual([
      ["", "workflow_started"],
      ["initialize", "step_started"],
      ["initialize", "step_completed"],
      ["count", "step_started"],
      ["count", "step_completed"],
      ["finalize", "step_started"],
      ["finalize", "step_completed"],
      ["", "workflow_completed"],
    ])
    const examples = golden("./realtime/websocket/golden/messages.json") as ExecutionMessage[]
    for (const message of messages)
      expect(
        shapeDiffers(
          examples.find(({ event }) => event === message.event),
          message,
          free,
        ),
      ).toEqual([])
    const timeline = await get<ExecutionTimeline>(`/api/workflows/executions/${runId}/timeline`)
    for (const { data, event } of messages) {
      const entry = timeline.step_timeline.find(({ step_name }) => "step_name" in data && step_name === data.step_name)
      if (event === "step_started") expect(data.timestamp).toBe(entry?.started_at)
      if (event === "step_completed") expect(data.timestamp).toBe(entry?.completed_at)
    }
    expect((await step.until("step_completed")).map(({ event }) => event)).toEqual(["step_started", "step_completed"])
  })

  test("a step that fails, and the execution with it", async () => {
    const workflow = await watch("/ws/workflows/counting")
    await start({ fails: true })
    const messages = await workflow.until("workflow_failed")
    expect(messages.slice(-2)).toMatchObject([
      { event: "step_failed", data: { step_id: "count", error: "Timeout exceeded", retry_count: 0 } },
      { event: "workflow_failed", data: { error: "Timeout exceeded" } },
    ])
  })
})

test("a page to a browser, a document to a program, at the same address", async () => {
  const run = (await all("status=completed"))[0]!
  for (const path of ["/runs", `/runs/${run.id}`]) {
    const page = await fetch(`${server.url}${path}`, { headers: { accept: "text/html" } })
    expect([page.headers.get("content-type"), page.headers.get("vary")]).toEqual(["text/html; charset=utf-8", "accept"])
    const document = await fetch(`${server.url}${path}`, { headers: { accept: "application/json" } })
    expect(document.headers.get("vary")).toBe("accept")
    expect(document.headers.get("content-type")).toContain("application/json")
  }
})
