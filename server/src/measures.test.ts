/** A whole server: what ran is counted within a moment, and the numbers are what happened. */
import type {
  BusinessEvent,
  Comparison,
  Issue,
  IssuePage,
  IssueRunPage,
  Metrics,
  Run,
  RunPage,
  ServiceLevels,
  Slo,
  SloPage,
  StepsMetrics,
  Why,
} from "@waybill/contract"
import { afterAll, beforeAll, expect, test } from "vitest"
import type { RunningServer } from "./main.ts"
import { ask, type Place, place } from "./testing/real-server.ts"

const hourMs = 3_600_000

const pay = (version: string, amount: number) => `id: pay
version: "${version}"
name: Pay
start: check
states:
  - name: check
    type: operation
    action: agent.run
    input: { agent: teller, variables: { amount: "{{ ctx.amount }}", limit: ${amount} } }
    end: true
`

const teller = `export default {
  run({ amount, limit }) {
    if (amount > limit)
      throw Object.assign(new Error("too much: " + amount), { class: "external_api", code: "over_limit" })
    return { paid: amount }
  },
}
`

/** As detectors know them; nobody has this one. */
const card = "4111111111111111"

let at: Place
let server: RunningServer

const get = async <T>(path: string): Promise<T> => {
  const reply = await ask(server.url, "GET", path)
  if (reply.status !== 200) throw new Error(JSON.stringify(reply.body))
  return reply.body as T
}

const run = async (amount: number, more: object = {}): Promise<Run> =>
  (await ask(server.url, "POST", "/workflow-runs?wait=10", { workflowId: "pay", input: { amount }, ...more })).body

/** Until all that has happened is counted. */
async function counted(): Promise<void> {
  for (let tries = 0; ; tries++) {
    const { behind } = await get<Metrics>("/insights/metrics")
    if (behind === 0) return
    if (tries > 200) throw new Error(`${behind} events are not counted`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

beforeAll(async () => {
  at = place()
  at.write("agents/teller.agent.ts", teller)
  at.write("workflows/pay.workflow.yaml", pay("1.0", 10))
  server = await at.start()
  for (const amount of [1, 2, 3, 50]) await run(amount)
  await run(60, { businessEventId: "order-1" })
  await run(4, { businessEventId: "order-1" })
  await ask(server.url, "PUT", "/workflows/pay", pay("2.0", 100))
  for (const amount of [1, 50]) await run(amount)
  await counted()
}, 60_000)

afterAll(async () => {
  await server?.close()
  at.remove()
})

test("metrics of a workflow by version are what its runs did, exact from what was counted", async () => {
  const metrics = await get<Metrics>("/insights/metrics?workflowId=pay&groupBy=version")
  expect(metrics).toMatchObject({ exact: true, scanned: null, behind: 0, groupsLeftOut: 0 })
  expect(metrics.total).toMatchObject({
    runs: 8,
    completed: 6,
    failed: 2,
    successRate: 0.75,
    firstPassSuccessRate: 0.75,
  })
  expect(metrics.groups.map(({ versionNumber, version, total }) => [versionNumber, version, total.runs])).toEqual([
    [1, "1.0", 6],
    [2, "2.0", 2],
  ])
  expect(metrics.total.duration.count).toBe(8)
  expect(metrics.total.duration.p99Ms).toBeGreaterThanOrEqual(metrics.total.duration.p50Ms!)
})

test("a time that is no whole hour, or a query, is answered run by run, and the answer says so", async () => {
  const from = new Date(Date.now() - hourMs + 1).toISOString()
  const odd = await get<Metrics>(`/insights/metrics?workflowId=pay&from=${from}`)
  expect(odd).toMatchObject({ exact: false, scanned: { runs: 8, complete: true }, total: { runs: 8 } })
  const asked = await get<Metrics>("/insights/metrics?query=code:over_limit")
  expect(asked).toMatchObject({ exact: false, scanned: { runs: 2, complete: true }, total: { failed: 2 } })
})

test("steps are told by their names, with what they waited for an agent", async () => {
  const { steps, exact } = await get<StepsMetrics>("/insights/steps?workflowId=pay&bucket=day")
  expect(exact).toBe(true)
  expect(steps).toMatchObject([{ step: "check", total: { steps: 8, succeeded: 6, failed: 2, attempts: 8 } }])
  expect(steps[0]!.total.queue.count).toBe(8)
})

test("a workflow that nobody knows has no numbers but a name that is near; a quiet one has zeros", async () => {
  for (const path of ["metrics?workflowId=pya", "metrics?workflowId=pya&env=default", "steps?workflowId=pya"])
    expect(await ask(server.url, "GET", `/insights/${path}`), path).toMatchObject({
      status: 404,
      body: { code: "workflow_not_found", hint: "Did you mean pay?" },
    })
  const quiet = await get<Metrics>("/insights/metrics?workflowId=pay&from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z")
  expect(quiet.total.runs).toBe(0)
})

test("a target counts the last run of a business event, and says what is left of its budget", async () => {
  const body = { workflowId: "pay", objective: "success_rate", target: 0.8, windowDays: 7 }
  const put = await ask(server.url, "PUT", "/slos/pay-succeeds", body)
  expect(put.status).toBe(200)
  // Eight ended; the first of order-1 is stood for by the second.
  expect(put.body as Slo).toMatchObject({ state: "met", runs: 7, bad: 1, environment: "default" })
  expect((put.body as Slo).budget.left).toBeCloseTo(1 - 1 / 1.4, 9)
  const quick = { workflowId: "pay", objective: "duration", target: 0.95, limitMs: 60_000 }
  expect((await ask(server.url, "PUT", "/slos/pay-quick", quick)).body).toMatchObject({ state: "met", bad: 0 })
  expect((await get<SloPage>("/slos")).items.map(({ sloId }) => sloId)).toEqual(["pay-quick", "pay-succeeds"])
  expect((await ask(server.url, "DELETE", "/slos/pay-quick")).status).toBe(204)
  expect((await ask(server.url, "DELETE", "/slos/pay-quick")).body).toMatchObject({ code: "slo_not_found" })
  expect((await ask(server.url, "PUT", "/slos/x", { ...quick, limitMs: undefined })).status).toBe(400)
})

test("a run that took longer than a target allows is late, in lists and by itself, as long as there is the target", async () => {
  const quick = { workflowId: "pay", objective: "duration", target: 0.95, limitMs: 1 }
  const late = async () => (await get<RunPage>("/workflow-runs?workflowId=pay")).items.filter((run) => run.derived.late)
  expect(await late()).toEqual([])
  expect((await ask(server.url, "PUT", "/slos/pay-at-once", quick)).status).toBe(200)
  const found = await late()
  expect(found.length).toBeGreaterThan(0)
  for (const { status, durationMs } of found) expect([status, durationMs! > 1]).toEqual(["COMPLETED", true])
  expect((await get<Run>(`/workflow-runs/${found[0]!.runId}`)).derived.late).toBe(true)
  const asked = async (query: string) => (await get<RunPage>(`/workflow-runs?query=wf:pay ${query}`)).items
  expect(await asked("is:late")).toEqual(found)
  expect((await asked("-is:late")).map((run) => run.derived.late)).not.toContain(true)
  const measured = async (query: string) => (await get<Metrics>(`/insights/metrics?query=wf:pay ${query}`)).total.runs
  expect(await measured("is:late")).toBe(found.length)
  expect(await measured("-is:late")).toBe((await measured("")) - found.length)
  expect((await ask(server.url, "DELETE", "/slos/pay-at-once")).status).toBe(204)
  expect(await late()).toEqual([])
})

test("two versions with few runs are compared, and the answer is that nothing can be said", async () => {
  const compared = await get<Comparison>("/insights/compare?workflowId=pay&versionA=1&versionB=2")
  expect(compared.before.metrics.runs).toBe(6)
  expect(compared.measures.map(({ verdict, why }) => `${verdict} ${why}`)).toEqual(
    Array(6).fill("inconclusive too_few"),
  )
  const dared = await get<Comparison>("/insights/compare?workflowId=pay&versionA=1&versionB=2&leastRuns=2")
  expect(dared.measures.find(({ measure }) => measure === "successRate")).toMatchObject({
    verdict: "inconclusive",
    why: "interval",
    before: { count: 6 },
    after: { count: 2, value: 1 },
  })
})

test("what is not there is not compared: a workflow, a version, an environment", async () => {
  const refused = async (query: string) => (await ask(server.url, "GET", `/insights/compare?${query}`)).body
  expect(await refused("workflowId=pya&versionA=1&versionB=2")).toMatchObject({
    code: "workflow_not_found",
    detail: "the environment default has no workflow pya",
    hint: "Did you mean pay?",
  })
  expect(await refused("workflowId=pay&versionA=1&versionB=2&env=prod")).toMatchObject({
    code: "workflow_not_found",
    hint: "It is in default: say so with `env`.",
  })
  expect(await refused("workflowId=pay&versionA=1&versionB=77")).toMatchObject({
    code: "version_not_found",
    detail: "the workflow pay has no version 77 in default",
  })
})

test("a version is looked at over a year, so that one that nobody runs any more can be compared", async () => {
  const { before, after } = await get<Comparison>(
    "/insights/compare?workflowId=pay&versionA=1&toB=2026-11-01T00:00:00Z",
  )
  expect((Date.parse(before.to) - Date.parse(before.from)) / 86_400_000).toBe(365)
  expect((Date.parse(after.to) - Date.parse(after.from)) / 86_400_000).toBe(7)
})

test("a failure that was resolved has a time to repair", async () => {
  const [failed] = (await get<{ items: Run[] }>("/workflow-runs?query=code:over_limit")).items
  await ask(server.url, "POST", `/workflow-runs/${failed!.runId}/resolve`, {
    state: "resolved",
    reason: "paid by hand",
  })
  const { total } = await get<Metrics>("/insights/metrics?workflowId=pay")
  expect(total.mttr.count).toBe(1)
  expect(total.mttr.meanMs).toBeGreaterThan(0)
  // A query narrows repairs as it narrows runs.
  const asked = async (query: string) =>
    (await get<Metrics>(`/insights/metrics?query=${encodeURIComponent(query)}`)).total.mttr
  expect(await asked(`id:${failed!.runId}`)).toEqual(total.mttr)
  expect(await asked("code:over_limit resolution:resolved")).toEqual(total.mttr)
  for (const other of [`-id:${failed!.runId}`, "wf:nothing", "-code:over_limit", "nowhere-in-any-value"])
    expect(await asked(other)).toEqual({ count: 0, meanMs: null })
})

const fails = { step: "check", errorCode: "over_limit", errorClass: "external_api", message: "too much: <n>" }

test("runs that fail alike are one issue, with when and in which version it was seen", async () => {
  const { items } = await get<IssuePage>("/issues?workflowId=pay")
  expect(items).toMatchObject([{ ...fails, count: 2, state: "open", firstSeen: { versionNumber: 1 }, regressed: null }])
  const [issue] = items
  expect(issue!.trend.last24h).toBe(2)
  expect(issue!.frame).toMatch(/teller\.agent\.ts/)
  const runs = await get<IssueRunPage>(`/issues/${issue!.issueId}/runs?limit=1`)
  expect(runs.items).toMatchObject([{ runId: issue!.lastSeen.runId, message: "too much: 60", status: "FAILED" }])
  const older = await get<IssueRunPage>(`/issues/${issue!.issueId}/runs?cursor=${runs.nextCursor}`)
  expect([older.items.map((one) => one.message), older.nextCursor]).toEqual([["too much: 50"], null])
  expect((await get<Issue>(`/workflow-runs/${issue!.firstSeen.runId}/issue`)).issueId).toBe(issue!.issueId)
})

test("why says how many failed alike as the issue counts them, and its query finds exactly these, here and live", async () => {
  const [issue] = (await get<IssuePage>("/issues?workflowId=pay")).items
  const { issueId, count, lastSeen, firstSeen } = issue!
  const { alike } = await get<Why>(`/workflow-runs/${lastSeen.runId}/why`)
  expect(alike).toEqual({
    issueId,
    total: { value: count, exact: true },
    since: firstSeen.at,
    query: `issue:${issueId}`,
  })
  const query = encodeURIComponent(alike!.query)
  const named = (await get<IssueRunPage>(`/issues/${issueId}/runs`)).items.map(({ runId }) => runId)
  const listed = (await get<{ items: Run[] }>(`/workflow-runs?query=${query}`)).items.map(({ runId }) => runId)
  expect(listed).toEqual(named)
  expect(await get(`/workflow-runs/counts?query=${query}`)).toMatchObject({ byStatus: { FAILED: count } })
  expect((await get<{ items: Run[] }>(`/workflow-runs?query=-${query}&status=FAILED`)).items).toEqual([])
  const live = await fetch(`${server.url}/api/v1/workflow-runs/stream?query=${query}`)
  const reader = live.body!.pipeThrough(new TextDecoderStream()).getReader()
  const failed = await run(70, { version: 1 })
  await run(700)
  let seen = ""
  while (!seen.includes("run.failed")) seen += (await reader.read()).value ?? ""
  await reader.cancel()
  expect(seen).toContain(failed.runId)
  await counted()
})

test("an issue is assigned and resolved, and comes back in the version in which it fails again", async () => {
  const [issue] = (await get<IssuePage>("/issues?workflowId=pay")).items
  const at = `/issues/${issue!.issueId}`
  expect((await ask(server.url, "POST", `${at}/assign`, { owner: "team:tills" })).body).toMatchObject({
    owner: "team:tills",
  })
  expect(await ask(server.url, "POST", `${at}/resolve`, { versionNumber: 9 })).toMatchObject({
    status: 404,
    body: { code: "version_not_found", hint: "The newest first, there are: 2 (2.0), 1 (1.0)." },
  })
  expect((await get<Issue>(at)).state).toBe("open")
  // The next one to be saved may be what mends it.
  expect((await ask(server.url, "POST", `${at}/resolve`, { versionNumber: 3 })).status).toBe(200)
  expect((await ask(server.url, "POST", `${at}/reopen`)).status).toBe(200)
  const resolved = await ask(server.url, "POST", `${at}/resolve`, { reason: "the limit is raised", versionNumber: 2 })
  expect(resolved.body).toMatchObject({ state: "resolved", resolved: { by: "user:local", versionNumber: 2 } })
  expect((await get<IssuePage>("/issues?workflowId=pay")).items).toEqual([])
  await run(70, { version: 1 })
  await counted()
  expect(await get<Issue>(at)).toMatchObject({ state: "resolved", count: 5, regressed: null })
  await run(700)
  await counted()
  expect(await get<Issue>(at)).toMatchObject({
    state: "open",
    count: 6,
    owner: "team:tills",
    regressed: { versionNumber: 2, times: 1 },
  })
  expect((await ask(server.url, "POST", `${at}/ignore`, { failures: 1 })).body).toMatchObject({
    state: "ignored",
    ignoredUntil: { at: null, count: 7 },
  })
  expect((await ask(server.url, "POST", `${at}/reopen`)).body).toMatchObject({ state: "open", ignoredUntil: null })
  expect((await ask(server.url, "POST", "/issues/iss_none/reopen")).body).toMatchObject({ code: "issue_not_found" })
})

test("a business event has all its runs, the last one standing for them, and what was said of it", async () => {
  const event = await get<BusinessEvent>("/outcomes/order-1")
  expect(event.workflows).toMatchObject([{ workflowId: "pay", status: "COMPLETED", duplicates: 1 }])
  expect(event.runs.map((one) => [one.status, one.isFolded])).toEqual([
    ["COMPLETED", false],
    ["FAILED", true],
  ])
  expect(event).toMatchObject({ timeToFeatureMs: null, outcomes: [], told: { count: 0, accuracy: null } })
  const occurredAt = new Date(Date.parse(event.runs[0]!.completedAt!) - 60_000).toISOString()
  const said = await ask(server.url, "POST", "/outcomes/order-1", { occurredAt, customerExperienceIndex: 8 })
  expect([said.status, said.body]).toMatchObject([201, { customerExperienceIndex: 8, by: "user:local" }])
  await ask(server.url, "POST", "/outcomes/order-1", {
    customerExperienceIndex: 6,
    staffMinutesSaved: 12,
    note: `rang ${card}`,
  })
  const after = await get<BusinessEvent>("/outcomes/order-1")
  expect(after).toMatchObject({ timeToFeatureMs: 60_000, told: { customerExperienceIndex: 6, staffMinutesSaved: 12 } })
  expect(after.outcomes.map((one) => one.customerExperienceIndex)).toEqual([6, 8])
  expect(after.outcomes[0]!.note).toMatch(/^rang ./)
  expect(JSON.stringify(after)).not.toContain(card)
  const { total } = await get<Metrics>("/insights/metrics?workflowId=pay")
  expect(total).toMatchObject({
    timeToFeature: { count: 1, meanMs: 60_000 },
    customerExperienceIndex: { count: 2, mean: 7 },
    staffMinutesSaved: { count: 1, sum: 12 },
  })
  const asked = async (query: string) => (await get<Metrics>(`/insights/metrics?${query}`)).total
  expect(await asked("query=event:order-1")).toMatchObject({ timeToFeature: { count: 1, meanMs: 60_000 } })
  expect(await asked("workflowId=pay&version=1")).toMatchObject({ customerExperienceIndex: { count: 2 } })
  for (const other of ["query=-event:order-1", "workflowId=pay&version=2", "origin=backfill"])
    expect(await asked(other)).toMatchObject({
      timeToFeature: { count: 0, meanMs: null },
      customerExperienceIndex: { count: 0, mean: null },
      staffMinutesSaved: { count: 0, sum: 0 },
    })
  await ask(server.url, "POST", "/outcomes/order-1", { occurredAt: "2099-01-01T00:00:00Z" })
  expect(await get<BusinessEvent>("/outcomes/order-1"), "no time below nothing").toMatchObject({
    timeToFeatureMs: null,
  })
  expect(await asked("workflowId=pay")).toMatchObject({ timeToFeature: { count: 1, meanMs: 60_000 } })
  expect((await ask(server.url, "GET", "/outcomes/order-2")).body).toMatchObject({ code: "outcome_not_found" })
  expect((await ask(server.url, "POST", "/outcomes/order-1", {})).status).toBe(400)
})

test("how well events are told and evidence is kept is measured itself, against what is promised", async () => {
  const levels = await get<ServiceLevels>("/insights/service")
  expect(levels.evidence).toMatchObject({ target: 0.999, state: "met", share: 1, missing: 0, expired: 0, exact: true })
  expect(levels.evidence.runs).toBeGreaterThanOrEqual(8)
  expect(levels.delivery).toMatchObject({ target: 0.99, state: "no_data", share: null, withinMs: 5_000, owed: 0 })
})

test("a rebuild lets all runs be counted anew, and the numbers are the same", async () => {
  const before = await get<Metrics>("/insights/metrics?workflowId=pay&groupBy=version,environment&bucket=hour")
  expect((await ask(server.url, "POST", "/admin/rebuild", {})).body).toMatchObject({ changed: 0, recounted: true })
  await expect
    .poll(() => get<Metrics>("/insights/metrics?workflowId=pay&groupBy=version,environment&bucket=hour"), {
      timeout: 10_000,
    })
    .toEqual(before)
})

test("how far counting is behind stands in the metrics of the server", async () => {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  expect(text).toMatch(/^waybill_measures_behind 0$/m)
})
