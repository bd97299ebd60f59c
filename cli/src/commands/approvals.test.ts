import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { AT, approvalRow } from "../../../server/src/testing/rows.ts"
import { type RecordingServer, recordingServer } from "../testing/recording-server.ts"

let server: RecordingServer
beforeAll(async () => {
  server = await recordingServer()
})
afterAll(() => server.close())
beforeEach(() => {
  server.engine.reset()
  server.engine.commit("run_1", "run.created", {})
  server.engine.commit("run_1", "approval.requested", { summary: { value: { pods: 3 } }, form: null })
  server.engine.approvals.set("appr_1", approvalRow({ requestedSeq: 2, timeoutAt: AT + 3_600_000 }))
})
const asked = (what: string) => server.engine.asked.find((one) => one.what === what)?.with

test("`approvals list` shows what waits, by whom and until when", async () => {
  const { code, out } = await server.waybill([
    "approvals",
    "list",
    "--assignee",
    "team:sre",
    "--workflow",
    "greet",
    "--env",
    "prod",
  ])
  expect(code).toBe(0)
  expect(out).toMatch(/appr_1 +greet +pending +59 s ago +in 59 min +team:sre +Go on\?/)
  expect(asked("approvals")).toMatchObject([
    { state: ["pending"], assignees: ["team:sre"], workflowId: "greet", environment: "prod" },
  ])
})

test("`approvals list --state all` asks for every state", async () => {
  await server.waybill(["approvals", "list", "--state", "all"])
  expect((asked("approvals")![0] as { state: string[] }).state).toHaveLength(7)
})

test("`approvals show` has the question, the evidence and what to do", async () => {
  const { out } = await server.waybill(["approvals", "show", "appr_1"])
  for (const words of [
    "Go on?",
    "team:sre",
    '{ "pods": 3 }',
    "waybill approvals approve appr_1",
    "due soon",
    "once, next",
    "team:leads",
  ])
    expect(out).toContain(words)
})

test.each(["approve", "reject", "revise"])("`approvals %s` decides so", async (outcome) => {
  const { code, out } = await server.waybill(["approvals", outcome, "appr_1", "--comment", "fine", "--form", '{"n":1}'])
  expect(code).toBe(0)
  expect(out).toContain("appr_1 is approved by user:local\nwaybill runs watch run_1\n")
  expect(asked("decideApproval")?.slice(1, 4)).toEqual([
    "run_1",
    "appr_1",
    { outcome, comment: "fine", form: { n: 1 }, contentHash: null },
  ])
})

test("an approval may be named by the run that waits for it", async () => {
  await server.waybill(["approvals", "approve", "run_1"])
  expect(asked("decideApproval")?.slice(1, 3)).toEqual(["run_1", "appr_1"])
})

test("a run that waits for none or for several is not decided by guessing", async () => {
  server.engine.approvals.set("appr_2", approvalRow({ approvalId: "appr_2", name: "second" }))
  const several = await server.waybill(["approvals", "approve", "run_1"])
  expect(several.code).toBe(1)
  expect(several.err).toContain("appr_1 (gate), appr_2 (second)")
  server.engine.approvals.clear()
  expect((await server.waybill(["approvals", "approve", "run_1"])).err).toContain("nothing_to_decide")
  expect(asked("decideApproval")).toBeUndefined()
})

test("a decision bound to its content needs the hash of what was seen (rule 34)", async () => {
  server.engine.approvals.set("appr_1", approvalRow({ bound: true, requestedSeq: 2 }))
  const without = await server.waybill(["approvals", "approve", "appr_1"])
  expect(without.code).toBe(2)
  expect(without.err).toContain("--content-hash")
  expect(asked("decideApproval")).toBeUndefined()

  await server.waybill(["approvals", "approve", "appr_1", "--content-hash", "cccccccc"])
  expect(asked("decideApproval")?.[3]).toMatchObject({ contentHash: "c".repeat(64) })
})

test("another hash, or too little of it, goes to the server as it is, which refuses it", async () => {
  for (const hash of ["dddddddd", "ccc"]) {
    server.engine.asked.length = 0
    await server.waybill(["approvals", "approve", "appr_1", "--content-hash", hash])
    expect(asked("decideApproval")?.[3]).toMatchObject({ contentHash: hash })
  }
})

test("`approvals delegate` hands over and says who may decide now", async () => {
  const { out } = await server.waybill(["approvals", "delegate", "appr_1", "--to", "user:bo", "--comment", "you know"])
  expect(out).toContain("appr_1 is still pending: 0 votes; may decide: user:bo")
  expect(asked("delegateApproval")?.slice(1, 5)).toEqual(["run_1", "appr_1", "user:bo", "you know"])
})
