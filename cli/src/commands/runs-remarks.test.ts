import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { type RecordingServer, recordingServer } from "../testing/recording-server.ts"

let server: RecordingServer
beforeAll(async () => {
  server = await recordingServer()
})
afterAll(() => server.close())
beforeEach(() => {
  server.engine.reset()
  server.engine.commit("run_1", "run.created", { input: { value: {} }, trigger: { kind: "api" } })
  const error = { code: "boom", detail: "it broke" }
  server.engine.commit("run_1", "run.failed", { error }, { status: "FAILED", errorCode: "boom", completedAt: 1 })
  const resolution = { state: "wont_fix", reason: "a test run", by: "user:ann", at: 1, runId: null } as const
  server.engine.standings.set("run_1", { number: 1, tags: ["vip"], owner: "user:ann", resolution, notes: 2 })
})

const said = () => server.engine.asked.find((one) => one.what === "say")?.with.slice(1, 3)
const line = "run_1 · tags vip · owner user:ann · wont_fix by user:ann: a test run\n"

test.each([
  [["tag", "run_1", "--add", "a", "--add", "b", "--remove", "c"], { kind: "tag", add: ["a", "b"], remove: ["c"] }],
  [["assign", "run_1", "user:bob"], { kind: "assign", owner: "user:bob" }],
  [["assign", "run_1", "--nobody"], { kind: "assign", owner: null }],
  [["resolve", "run_1", "--reason", "paid"], { kind: "resolve", state: "resolved", reason: "paid" }],
  [["resolve", "run_1", "--state", "acknowledged"], { kind: "resolve", state: "acknowledged", reason: null }],
  [["resolve", "run_1", "--undo"], { kind: "reopen" }],
  [["annotate", "run_1", "--withdraw", "rmk_1"], { kind: "withdraw", remarkId: "rmk_1" }],
])("`runs %j` says it beside the run and shows where it stands", async (args, asked) => {
  const { code, out, err } = await server.waybill(["runs", ...args])
  expect([code, out, err]).toEqual([0, line, ""])
  expect(said()).toEqual(["run_1", asked])
})

test("`runs annotate` writes a note beside a run or a step of it", async () => {
  const { code, out } = await server.waybill(["runs", "annotate", "run_1", "The card was refused.", "--step", "step_1"])
  expect([code, out]).toEqual([0, "run_1 has the note rmk_1\n"])
  expect(said()).toEqual(["run_1", { kind: "annotate", note: "The card was refused.", stepId: "step_1" }])
})

test("`runs show` and `runs list` know owner, resolution and notes", async () => {
  const shown = await server.waybill(["runs", "show", "run_1"])
  expect(shown.out).toMatch(/owner +user:ann\n.*resolution +wont_fix by user:ann: a test run\n.*notes +2\n/s)
  await server.waybill(["runs", "list", "--owner", "user:ann", "--resolution", "open"])
  expect(server.engine.asked.at(-1)?.with[0]).toMatchObject({ owner: ["user:ann"], resolution: ["open"] })
})

test.each([
  [["tag", "run_1"]],
  [["assign", "run_1"]],
  [["assign", "run_1", "user:bob", "--nobody"]],
  [["annotate", "run_1"]],
  [["annotate", "run_1", "x", "--withdraw", "y"]],
  [["resolve", "run_1", "--state", "done"]],
])("`runs %j` is wrong use", async (args) => {
  expect((await server.waybill(["runs", ...args])).code).toBe(2)
  expect(said()).toBeUndefined()
})
