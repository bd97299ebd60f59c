import type { RunLogQuestion as Asked, RunLogLine } from "@waybill/engine"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { type RecordingServer, recordingServer } from "../testing/recording-server.ts"

const line = (number: number, given: Partial<RunLogLine> = {}): RunLogLine => ({
  number,
  at: Date.UTC(2026, 10, 21, 9, 30, 0, number),
  stepId: "step_0123456789ABCDEF",
  attempt: 1,
  level: "info",
  message: `line ${number}`,
  fields: null,
  ...given,
})

let kept: RunLogLine[] = []
let asked: Asked[] = []
/** Called after each look: what happens meanwhile. */
let meanwhile = (_looks: number): void => {}
let server: RecordingServer

beforeAll(async () => {
  server = await recordingServer({
    logs: {
      async page(_runId, page) {
        asked.push(page)
        const found = kept.filter(({ number }) => number > page.after)
        const lines = found.slice(0, page.limit)
        meanwhile(asked.length)
        return { lines, to: found.length > lines.length ? lines.at(-1)!.number : null }
      },
    },
  })
})
afterAll(() => server.close())
beforeEach(() => {
  server.engine.reset()
  server.engine.commit("run_1", "run.created", { input: { value: {} }, trigger: { kind: "api" } })
  kept = []
  asked = []
  meanwhile = () => {}
})

test("`runs logs` shows number, time, level, step and what was given beside the message", async () => {
  kept = [line(1, { fields: '{"order":7}' }), line(2, { level: "error", attempt: 2 })]
  const { code, out } = await server.waybill(["runs", "logs", "run_1", "--level", "info", "--step", "step_0"])
  expect([code, out]).toEqual([
    0,
    `1      09:30:00.001  info   step_01234567#1  line 1 {"order":7}\n2      09:30:00.002  error  step_01234567#2  line 2\n`,
  ])
  expect(asked).toEqual([{ after: 0, level: "info", stepId: "step_0", attempt: null, limit: 200 }])
})

test("a message cannot pretend to be a line of its own, nor steer the terminal", async () => {
  kept = [line(1, { message: "one\r\n2      09:30:00.002  error  fake\u001b[2J\u0007" })]
  const { out } = await server.waybill(["runs", "logs", "run_1"])
  expect(out).toBe(
    "1      09:30:00.001  info   step_01234567#1  one\n      2      09:30:00.002  error  fake\\x1b[2J\\x07\n",
  )
})

test("a page that is not the last says how to go on", async () => {
  kept = [line(1), line(2), line(3)]
  const { err } = await server.waybill(["runs", "logs", "run_1", "--limit", "2"])
  expect(err).toContain("more: --after 2")
})

test("`--follow` goes on until the run has ended and nothing more has come, each line once", async () => {
  kept = [line(1), line(2), line(3)]
  meanwhile = (looks) => {
    if (looks !== 2) return
    server.engine.commit("run_1", "run.completed", {}, { status: "COMPLETED", completedAt: 5 })
    // What was logged last is stored behind the run's end.
    kept.push(line(4))
  }
  const { code, out } = await server.waybill(["runs", "logs", "run_1", "--follow", "--limit", "2", "--json"])
  const numbers = out
    .trim()
    .split("\n")
    .map((text) => (JSON.parse(text) as RunLogLine).number)
  expect([code, numbers]).toEqual([0, [1, 2, 3, 4]])
})
