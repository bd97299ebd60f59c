/** The first of the two commands, as a newcomer sees it: real processes, the printed lines used as they are printed. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { run } from "../../scripts/setup/run.mjs"
import { npmStart, type Started } from "./started.ts"

const MINUTE_MS = 60_000
const APPROVE_BY_CURL = /^ {4}(curl -X POST .*\/approve)$/m

describe("npm start", () => {
  let data: string
  const started: Started[] = []

  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), "waybill-start-"))
  })
  afterEach(async () => {
    await Promise.all(started.splice(0).map((one) => one.stop()))
    rmSync(data, { recursive: true, force: true })
  })

  const start = (...flags: string[]) => {
    const one = npmStart(["--port", "0", "--data", data, ...flags])
    started.push(one)
    return one
  }
  const percentages = (text: string) => {
    const [, before, now] = /errors before ([\d.]+) %, now ([\d.]+) %/.exec(text) ?? []
    return { before: Number(before), now: Number(now) }
  }

  test("runs the main job on a service that fails, and the error rate is lower afterwards", {
    timeout: 3 * MINUTE_MS,
  }, async () => {
    const first = start("--approve", "--once")
    expect(await first.ended, first.output()).toBe(0)
    const { before, now } = percentages(first.output())
    expect(before).toBeGreaterThan(5)
    expect(now).toBeLessThan(before)

    const story = first.output().split("\n")
    const order = [
      "created, execution 1",
      "check_pods",
      "goes on at request_approval",
      "Error rate high",
      "approved by",
      "mitigate",
      "notify",
      "completed",
      "is COMPLETED",
    ]
    const places = order.map((text) => story.findIndex((line) => line.includes(text)))
    expect(places, first.output()).not.toContain(-1)
    expect([...places].sort((a, b) => a - b)).toEqual(places)
    for (const id of ["basic_sequence", "parallel_processing", "conditional_workflow", "data_pipeline"]) {
      expect(first.output()).toMatch(new RegExp(`ran +${id}: COMPLETED`))
    }
  })

  test("stopped while it waits for a person, it goes on with the same run and takes the decision as printed", {
    timeout: 3 * MINUTE_MS,
  }, async () => {
    const first = start()
    const [, runId] = await first.said(/^run +(run_\w+): incident-triage/m)
    await first.said(/waits for a decision/)
    expect(await first.stop("SIGINT")).toBe(0)

    const second = start("--once")
    await second.said(new RegExp(`${runId}, started .* is still WAITING_APPROVAL`))
    const [, command = ""] = await second.said(/^ {4}(.*npx waybill approvals approve appr_\w+)$/m)
    const approved = await run("bash", ["-c", command])
    expect(approved.code, approved.output).toBe(0)
    expect(await second.ended, second.output()).toBe(0)
    expect(second.output()).toContain(`${runId} is COMPLETED`)
    expect(second.output()).not.toMatch(/^ran /m)
  })

  test("a second one on the same data is refused with who holds it; killed with signal 9, the next one finishes the same run by the printed curl line", {
    timeout: 3 * MINUTE_MS,
  }, async () => {
    const first = start()
    const [, url, pid] = await first.said(/^waybill +(http:\S+), process (\d+),/m)
    const [, runId] = await first.said(/^run +(run_\w+): incident-triage/m)
    const refused = start()
    expect(await refused.ended).toBe(1)
    expect(refused.output()).toMatch(/process \d+ has started Waybill here already/)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)

    await first.said(/waits for a decision/)
    process.kill(Number(pid), "SIGKILL")
    expect(await first.ended).toBe(1)
    expect(first.output()).toContain("the server was ended by SIGKILL. npm start goes on where it was")

    const next = start("--once")
    const [, command = ""] = await next.said(APPROVE_BY_CURL)
    const approved = await run("bash", ["-c", `${command} --silent --show-error --fail`])
    expect(approved.code, approved.output).toBe(0)
    expect(await next.ended, next.output()).toBe(0)
    expect(next.output()).toContain(`${runId} is COMPLETED`)
  })
})
