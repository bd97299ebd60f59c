import { QueryClient, QueryObserver } from "@tanstack/react-query"
import type { FeedMessage } from "@waybill/contract"
import { ProblemError, UnreachableError } from "@waybill/sdk"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { Refresher } from "./refresher.ts"

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const message = (runId: string, type = "state.entered") => ({ runId, type, workflowId: "wf" }) as FeedMessage
const batch = (...messages: FeedMessage[]) => ({ messages, everything: false })

function scene() {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 60_000 } } })
  const refresher = new Refresher(queries, { now: () => Date.now(), setTimer: (run, ms) => setTimeout(run, ms) })
  /** A query that somebody looks at; each answer is how often it was asked. */
  const look = (key: string, live: readonly string[], takesMs = 0) => {
    const asked = { times: 0 }
    const queryFn = async () => {
      asked.times++
      const answer = asked.times
      if (takesMs > 0) await new Promise((resolve) => setTimeout(resolve, takesMs))
      return answer
    }
    const observer = new QueryObserver(queries, { queryKey: [key], queryFn, meta: { live } })
    const stop = observer.subscribe(() => {})
    return { asked, stop, data: () => queries.getQueryData([key]) }
  }
  return { queries, refresher, look }
}

test("only what depends on what moved is asked again", async () => {
  const { refresher, look } = scene()
  const one = look("one", ["run:run_1"])
  const other = look("other", ["run:run_2"])
  const approvals = look("approvals", ["approvals"])
  await pass(0)
  refresher.take(batch(message("run_1")))
  await pass(0)
  expect([one.asked.times, other.asked.times, approvals.asked.times]).toEqual([2, 1, 1])
  refresher.take(batch(message("run_2", "approval.requested")))
  await pass(0)
  expect([one.asked.times, other.asked.times, approvals.asked.times]).toEqual([2, 2, 2])
})

test("two hundred runs that move all the time cost one question a second", async () => {
  const { refresher, look } = scene()
  const list = look("list", ["runs"])
  await pass(0)
  for (let tenths = 0; tenths < 50; tenths++) {
    refresher.take(batch(...Array.from({ length: 200 }, (_, index) => message(`run_${index}`))))
    await pass(100)
  }
  expect(list.asked.times).toBeLessThanOrEqual(7)
  expect(list.asked.times).toBeGreaterThanOrEqual(5)
})

test("what moves while the answer is on its way is asked for once more", async () => {
  const { refresher, look } = scene()
  const slow = look("slow", ["runs"], 400)
  await pass(400)
  refresher.take(batch(message("run_1")))
  await pass(100)
  refresher.take(batch(message("run_1")))
  await pass(5_000)
  expect(slow.asked.times).toBe(3)
  expect(slow.data()).toBe(3)
})

test("what nobody looks at is not asked for, but is old when somebody comes", async () => {
  const { queries, refresher, look } = scene()
  const one = look("one", ["runs"])
  await pass(0)
  one.stop()
  refresher.take(batch(message("run_1")))
  await pass(5_000)
  expect(one.asked.times).toBe(1)
  expect(queries.getQueryState(["one"])?.isInvalidated).toBe(true)
})

test("polling asks for all that is looked at, and says whether the server answered", async () => {
  const { queries, refresher, look } = scene()
  const one = look("one", ["runs"])
  await pass(0)
  expect(await refresher.askAll()).toBe(true)
  expect(one.asked.times).toBe(2)
  const broken = new QueryObserver(queries, {
    queryKey: ["broken"],
    queryFn: () => Promise.reject(new Error("unreachable")),
    meta: { live: ["runs"] },
  })
  broken.subscribe(() => {})
  await pass(0)
  expect(await refresher.askAll()).toBe(false)
})

test("what could not be answered while the server was away is asked for when it is back, even if nothing moved", async () => {
  const { queries, refresher } = scene()
  const server = { isThere: false, refusals: 0 }
  const look = (key: string, queryFn: () => Promise<string>) =>
    new QueryObserver(queries, { queryKey: [key], queryFn, meta: { live: ["run:run_1"] } }).subscribe(() => {})
  look("events", async () => {
    if (server.isThere) return "eleven events"
    throw new UnreachableError("http://127.0.0.1:7420", new TypeError("Failed to fetch"))
  })
  look("refused", async () => {
    server.refusals++
    throw new ProblemError({ ...problem, status: 404 })
  })
  await pass(0)
  server.isThere = true
  refresher.askFailed()
  await pass(0)
  expect(queries.getQueryData(["events"])).toBe("eleven events")
  expect(server.refusals).toBe(1)
})

const problem = {
  type: "urn:waybill:problem:run_not_found",
  title: "There is no such run",
  code: "run_not_found",
  detail: "there is no run run_1",
  instance: "/api/v1/workflow-runs/run_1",
  requestId: "req_17",
}
