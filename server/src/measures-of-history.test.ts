/** A made-up history behind a whole server: its numbers are what its runs say, one by one. */
import { join } from "node:path"
import type { Comparison, Metrics, RunPage, Slo } from "@waybill/contract"
import { afterAll, beforeAll, expect, test } from "vitest"
import { seedStore } from "./compose/seed-history.ts"
import type { RunningServer } from "./main.ts"
import { ask, type Place, place } from "./testing/real-server.ts"

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const now = Math.floor(Date.now() / hourMs) * hourMs
/** A history of whole weeks goes the same way whenever it is: what is compared does not hang on the day of the test. */
const week = Math.floor(now / (7 * dayMs)) * 7 * dayMs

let at: Place
let server: RunningServer
let ended: RunPage["items"]

const get = async <T>(path: string): Promise<T> => {
  const reply = await ask(server.url, "GET", path)
  if (reply.status !== 200) throw new Error(JSON.stringify(reply.body))
  return reply.body as T
}

beforeAll(async () => {
  at = place()
  const dataDir = join(at.folder, ".waybill")
  await seedStore({ dataDir, runs: 1_500, seed: 1, from: week - 21 * dayMs, until: week }, () => {})
  await seedStore({ dataDir, runs: 80, seed: 2, from: now - dayMs, until: now }, () => {})
  server = await at.start()
  for (const late = Date.now() + 30_000; (await get<Metrics>("/insights/metrics")).behind > 0; ) {
    if (Date.now() > late) throw new Error("the history is not counted")
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const found: RunPage["items"][number][] = []
  for (let cursor: string | null = ""; cursor !== null; ) {
    const more: string = cursor === "" ? "" : `&cursor=${cursor}`
    const page: RunPage = await get(`/workflow-runs?env=prod&origin=live&limit=200${more}`)
    found.push(...page.items)
    cursor = page.nextCursor
  }
  ended = found.filter(({ completedAt }) => completedAt !== null)
}, 120_000)

afterAll(async () => {
  await server?.close()
  at.remove()
})

test.each([
  ["invoice_extraction", 1, 3, "better"],
  ["order_fulfilment", 1, 2, "worse"],
] as const)(
  "a manager who compares the versions of %s sees an effect with its interval",
  async (workflowId, a, b, verdict) => {
    const [from, to] = [new Date(week - 21 * dayMs).toISOString(), new Date(week).toISOString()]
    const versions = `versionA=${a}&fromA=${from}&toA=${to}&versionB=${b}&fromB=${from}&toB=${to}`
    const found = await get<Comparison>(`/insights/compare?workflowId=${workflowId}&env=prod&${versions}`)
    const success = found.measures.find(({ measure }) => measure === "successRate")!
    expect(success, JSON.stringify(success)).toMatchObject({ verdict, why: "interval" })
    const { low, high } = success.effect!
    expect(Math.sign(low), "the interval does not hold 0").toBe(Math.sign(high))
  },
)

test("a target's budget and its burn are what the runs of its window are, counted one by one", async () => {
  const body = { workflowId: "invoice_extraction", environment: "prod", objective: "success_rate", target: 0.9 }
  const { body: set } = await ask(server.url, "PUT", "/slos/invoices", { ...body, windowDays: 14 })
  const slo = set as Slo
  const { bad, runs: judged } = counted(slo.from, slo.to)
  expect(judged).toBeGreaterThan(100)
  expect(slo).toMatchObject({ runs: judged, bad })
  expect(slo.budget.allowed).toBeCloseTo(judged * 0.1, 6)
  expect(slo.budget.left).toBeCloseTo(1 - bad / (judged * 0.1), 6)
  expect(slo.burnRate.map(({ hours }) => hours)).toEqual([1, 6, 24])
  for (const { hours, rate } of slo.burnRate) {
    const inHours = counted(new Date(Date.parse(slo.to) - (hours + 1) * hourMs).toISOString(), slo.to)
    if (hours === 24) expect(inHours.runs).toBeGreaterThan(5)
    if (inHours.runs === 0) expect(rate).toBeNull()
    else expect(rate, `${hours} h`).toBeCloseTo(inHours.bad / inHours.runs / 0.1, 6)
  }
})

test("a target for how long they take judges those that completed or ran out of time", async () => {
  const body = { workflowId: "order_fulfilment", environment: "prod", objective: "duration", target: 0.95 }
  const { body: set } = await ask(server.url, "PUT", "/slos/orders-quick", { ...body, limitMs: 6_000, windowDays: 14 })
  const slo = set as Slo
  const judged = of("order_fulfilment", slo.from, slo.to).filter(({ status }) => /COMPLETED|TIMED_OUT/.test(status))
  expect(slo.runs).toBe(judged.length)
  // Durations are kept to 0.8 %.
  expect(slo.bad).toBeGreaterThanOrEqual(judged.filter(({ durationMs }) => durationMs! > 6_000 * 1.01).length)
  expect(slo.bad).toBeLessThanOrEqual(judged.filter(({ durationMs }) => durationMs! > 6_000 * 0.99).length)
  expect(slo.budget.allowed).toBeCloseTo(judged.length * 0.05, 6)
})

function counted(from: string, to: string): { readonly runs: number; readonly bad: number } {
  const inTime = of("invoice_extraction", from, to).filter(({ status }) => status !== "CANCELLED")
  return { runs: inTime.length, bad: inTime.filter(({ status }) => status !== "COMPLETED").length }
}

/** Of one business event the run that was made last stands for the others. */
function of(workflowId: string, from: string, to: string): RunPage["items"] {
  const inTime = ended.filter(
    (run) => run.workflowId === workflowId && run.completedAt! >= from && run.completedAt! < to,
  )
  const standing = new Map(inTime.toReversed().map((run) => [run.businessEventId ?? run.runId, run]))
  return [...standing.values()]
}
