/** The request log stays within its bound, and agents read across the seam between its two files. */
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import type { Pod } from "../environments/default/agents/lib/cluster.ts"
import { errorRate, errorsByPod, requestsSince } from "../environments/default/agents/lib/request-log.ts"
import { openRequestLog } from "./request-log.mjs"

let directory: string
let pod: Pod
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "waybill-log-"))
  const logFile = join(directory, "p.log")
  pod = { name: "p", service: "s", pid: 1, url: null, restarts: 0, logFile }
})
afterEach(() => rmSync(directory, { recursive: true }))

const entry = (at: number, status: number) => ({ ts: new Date(at).toISOString(), status, ms: at % 7 })

test("a log never takes more than two files of its size, whoever opens it again", () => {
  for (let round = 0; round < 3; round++) {
    const log = openRequestLog(pod.logFile, 2_000)
    for (let index = 0; index < 200; index++) log.write(entry(index, 200))
  }
  const files = readdirSync(directory)
  expect(files.sort()).toEqual(["p.log", "p.log.1"])
  for (const file of files) expect(statSync(join(directory, file)).size).toBeLessThanOrEqual(2_000)
})

test("requests on both sides of the seam are counted once, in order of time", async () => {
  const log = openRequestLog(pod.logFile, 2_000)
  for (let index = 0; index < 50; index++) log.write(entry(index, index % 5 === 0 ? 500 : 200))
  expect(statSync(`${pod.logFile}.1`).size).toBeGreaterThan(0)
  const requests = await requestsSince([pod], 30)
  expect(requests.map((request) => request.at)).toEqual(Array.from({ length: 20 }, (_, index) => 30 + index))
  expect(errorRate(requests)).toBe(0.2)
  expect(errorsByPod(requests)).toEqual([{ pod: "p", requests: 20, errors: 4, error_rate: 0.2, latency_p95_ms: 6 }])
})

test("a line that is still being written, and one that is not ours, are left out", async () => {
  writeFileSync(pod.logFile, `${JSON.stringify(entry(1, 200))}\nhello\n{"ts":"soon","status":500}\n`)
  appendFileSync(pod.logFile, JSON.stringify(entry(2, 500)).slice(0, 20))
  expect(await requestsSince([pod], 0)).toEqual([{ pod: "p", at: 1, status: 200, ms: 1, error: null }])
})

test("a customer's mistake is no error of the service", () => {
  const request = { pod: "p", at: 0, ms: 0, error: null }
  expect(
    errorRate([
      { ...request, status: 400 },
      { ...request, status: 503 },
    ]),
  ).toBe(0.5)
})
