/** What a run page and a workflow page ask, of a real server: real store and its threads, real agents, real HTTP. */
import type {
  Approval,
  ApprovalPage,
  CheckedInput,
  Lineage,
  Run,
  RunExport,
  Step,
  StepContext,
  Timeline,
  Why,
  WorkflowStats,
} from "@waybill/contract"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { RunningServer } from "./main.ts"
import { type AnswerCheck, answerCheck } from "./testing/answer-schemas.ts"
import { ask, place } from "./testing/real-server.ts"

const charge = `export default {
  run({ amount }, { attempt }) {
    if (amount < 0 || attempt < 2)
      throw Object.assign(new Error("the till is closed"), { class: "external_api", code: "http_503" })
    return { paid: amount }
  },
}
`
const orders = `id: orders
version: "1.0"
name: Orders
inputSchema:
  type: object
  properties:
    amounts: { type: array, items: { type: number }, description: What is to be paid }
    note: { type: string, default: none }
  required: [amounts]
states:
  - name: each
    type: foreach
    itemsPath: ctx.amounts
    itemName: amount
    iterator:
      states:
        - name: charge
          type: operation
          action: agent.run
          input: { agent: charge, variables: { amount: "{{ amount }}" } }
          retry: { maxAttempts: 2, backoffSeconds: 0 }
          resultPath: charged
    resultPath: charges
    next: gate
  - name: gate
    type: operation
    action: human.approval
    input: { message: "Ship it?", timeoutSeconds: 3600, onTimeout: { next: noted } }
    resultPath: gate
    next: noted
  - name: noted
    type: inject
    data: { note: changed }
`

const here = place()
let server: RunningServer
let fits: AnswerCheck
beforeAll(async () => {
  here.write("agents/charge.agent.mjs", charge)
  here.write("workflows/orders.workflow.yaml", orders)
  server = await here.start()
  fits = answerCheck(await (await fetch(`${server.url}/openapi.json`)).json())
})
afterAll(async () => {
  await server.close()
  here.remove()
})

async function call<T>(method: "GET" | "POST", path: string, body?: unknown): Promise<T> {
  const reply = await ask(server.url, method, path, body)
  expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(300)
  expect(fits(method, `/api/v1${path.split("?")[0]}`, reply.status, reply.body)).toEqual([])
  return reply.body
}
const get = <T>(path: string) => call<T>("GET", path)

async function started(amounts: readonly number[], until: string): Promise<string> {
  const { runId } = await call<Run>("POST", "/workflow-runs", { workflowId: "orders", input: { amounts } })
  for (;;) {
    const { status } = await get<Run>(`/workflow-runs/${runId}?wait=1`)
    if (status === until) return runId
    expect(["PENDING", "RUNNING"]).toContain(status)
  }
}

test("a waiting run says who must decide and what happens if nobody does; the inbox says the same", async () => {
  const runId = await started([5, 7], "WAITING_APPROVAL")
  const why = await get<Why>(`/workflow-runs/${runId}/why`)
  const { items, total } = await get<ApprovalPage>("/workflow-approvals?sort=dueAt")
  const approval = items.find((one) => one.runId === runId) as Approval
  expect(total).toMatchObject({ exact: true })
  expect(why).toMatchObject({
    status: "WAITING_APPROVAL",
    headline: "Waits for an operator to decide: Ship it?",
    waits: [{ kind: "approval", approvalId: approval.approvalId, until: approval.timeoutAt }],
    next: { action: "decide", allowed: true, approvalId: approval.approvalId },
  })
  expect(approval.ifNobodyDecides).toEqual({ at: approval.timeoutAt, otherwise: "Then the run goes on at noted." })
  expect(why.waits[0]!.otherwise).toBe("Then the run goes on at noted.")

  await call("POST", `/workflow-runs/${runId}/approvals/${approval.approvalId}/approve`)
  const run = await get<Run>(`/workflow-runs/${runId}?wait=20`)
  expect(run.status).toBe("COMPLETED")

  const timeline = await get<Timeline>(`/workflow-runs/${runId}/timeline`)
  expect(timeline).toMatchObject({ total: 5, nextCursor: null })
  const charged = timeline.lanes.filter(({ name }) => name === "charge")
  expect(charged).toMatchObject([
    { type: "agent.run", agent: "charge", attempts: 2, retries: 1, status: "SUCCEEDED", branchPath: "each[0]" },
    { branchPath: "each[1]", index: [1] },
  ])
  const kinds = timeline.segments
    .filter(({ lane }) => lane === charged[0]!.id)
    .map(({ kind, attempt }) => [kind, attempt])
  expect(kinds).toEqual([
    ["queued", 1],
    ["running", 1],
    ["backoff", 2],
    ["queued", 2],
    ["running", 2],
  ])
  const paged: string[] = []
  for (let cursor: string | null = "0"; cursor !== null; ) {
    const page: Timeline = await get<Timeline>(`/workflow-runs/${runId}/timeline?limit=2&cursor=${cursor}`)
    paged.push(...page.lanes.map(({ id }) => id))
    cursor = page.nextCursor
  }
  expect(paged).toEqual(timeline.lanes.map(({ id }) => id))

  const step = await get<Step>(`/workflow-runs/${runId}/steps/${charged[1]!.id}`)
  expect(step).toMatchObject({ name: "charge", input: { amount: 7 }, output: { paid: 7 }, attempts: [{}, {}] })
  const inItem = await get<StepContext>(`/workflow-runs/${runId}/steps/${charged[1]!.id}/context`)
  expect(inItem).toMatchObject({
    writes: [{ path: "charged", branchPath: "each[1]" }],
    changes: [{ pointer: "/charged", op: "added", to: { paid: 7 }, writer: null }],
  })
  const noted = timeline.lanes.at(-1)!
  expect(await get<StepContext>(`/workflow-runs/${runId}/steps/${noted.id}/context`)).toMatchObject({
    changes: [{ pointer: "/note", op: "changed", from: "none", to: "changed", writer: null }],
  })
})

test("a failed run names its deepest step, what changed since the last good one, who else, and what to do", async () => {
  const runId = await started([5, -1], "FAILED")
  const why = await get<Why>(`/workflow-runs/${runId}/why`)
  expect(why).toMatchObject({
    headline: "charge in each[1] failed after 2 attempts: the till is closed",
    cause: {
      step: { name: "charge", branchPath: "each[1]" },
      path: [{ name: "each" }, { name: "charge" }],
      error: { code: "http_503", class: "external_api" },
      attempts: 2,
      attemptsMax: 2,
      agent: "charge",
    },
    changed: { version: null, input: [{ pointer: "/amounts/1", op: "changed", from: 7, to: -1 }], agents: [] },
    alike: { total: { value: 1, exact: true } },
    next: { action: "rerun", from: "failed", allowed: true, label: "Run it again from each" },
  })
  const again = await call<Run>("POST", `/workflow-runs/${runId}/rerun`, { from: "failed", reason: "the till is open" })
  await get<Run>(`/workflow-runs/${again.runId}?wait=20`)
  const alike = (await get<Why>(`/workflow-runs/${again.runId}/why`)).alike!
  expect(alike.total.value).toBe(2)
  const listed = () => get<{ items: Run[] }>(`/workflow-runs?query=${encodeURIComponent(alike.query)}`)
  // Issues are counted a moment behind.
  await expect
    .poll(async () => (await listed()).items.map((run) => run.runId), { timeout: 10_000 })
    .toEqual([again.runId, runId])

  const lineage = await get<Lineage>(`/workflow-runs/${runId}/lineage`)
  expect(lineage.relatives).toMatchObject([{ runId: again.runId, relation: "rerun", via: runId, status: "FAILED" }])

  const whole = await get<RunExport>(`/workflow-runs/${runId}/export`)
  expect(whole.events.map(({ seq }) => seq)).toEqual(whole.events.map((_, index) => index + 1))
  expect(whole).toMatchObject({
    run: { runId, status: "FAILED" },
    definition: { format: "yaml", text: orders },
    heads: { run: { seq: whole.events.length, hash: whole.events.at(-1)!.hash }, workspace: { number: 2 } },
  })
  expect(whole.steps.map(({ name }) => name)).toEqual(["each", "charge", "charge"])
})

test("a workflow tells how its runs went, and what a start would make of an input", async () => {
  const stats = await get<WorkflowStats>("/workflows/orders/stats")
  expect(stats).toMatchObject({
    runs: { total: { value: 3, exact: true }, byStatus: { COMPLETED: 1, FAILED: 2 } },
    successRate: 1 / 3,
    sampledRuns: 3,
  })
  expect(stats.states.find(({ path }) => path === "each/charge")).toMatchObject({ name: "charge", failed: 2 })
  expect(await call<CheckedInput>("POST", "/workflows/orders/check-input", { input: { amount: 1 } })).toMatchObject({
    valid: false,
    problems: [{ code: "missing_field", pointer: "/amounts", hint: "What is to be paid" }],
    input: { amount: 1, note: "none" },
  })
  expect(await call<CheckedInput>("POST", "/workflows/orders/check-input", { input: { amounts: [] } })).toMatchObject({
    valid: true,
    input: { amounts: [], note: "none" },
  })
})
