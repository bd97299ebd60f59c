import type { SearchAnswer } from "@waybill/contract"
import { afterAll, beforeAll, expect, test } from "vitest"
import { searchText } from "../show/search.ts"
import { styleFor } from "../show/style.ts"
import { type RecordingServer, recordingServer } from "../testing/recording-server.ts"

let server: RecordingServer
beforeAll(async () => {
  server = await recordingServer()
})
afterAll(() => server.close())

const answer: SearchAnswer = {
  behind: 0,
  archivedBehind: 500,
  cut: 0,
  hits: [
    { kind: "workflow", id: "pay", title: "Pay", state: "active", at: null, runId: null, places: [] },
    {
      kind: "run",
      id: "run_1",
      title: "Pay",
      state: "FAILED",
      at: "2026-03-01T11:59:00.000Z",
      runId: "run_1",
      places: [
        { part: "input", path: "customer.name", stepId: null, snippet: "Anna \u001b[31mMüller", marks: [[10, 16]] },
        { part: "run", path: "workflowName", stepId: null, snippet: "Pay", marks: [[0, 3]] },
      ],
    },
  ],
}

test("a hit shows what it is and where it was found, and no value steers the terminal", () => {
  const text = searchText(styleFor(false), answer, Date.parse("2026-03-01T12:00:00Z"))
  expect(text).toBe(
    "workflow pay  Pay  active\nrun run_1  Pay  FAILED  1 min ago\n  input.customer.name  Anna  [31mMüller\n  workflowName  Pay\n",
  )
  const coloured = searchText(styleFor(true), answer, 0)
  expect(coloured).toContain("\u001b[4mMüller\u001b[24m")
  expect(searchText(styleFor(false), { ...answer, hits: [] }, 0)).toBe("nothing found\n")
})

test("`search` asks the server and says when there is nothing", async () => {
  const none = await server.waybill(["search", "refund in.customer:42", "--limit", "5"])
  expect([none.err, none.code, none.out]).toEqual(["", 0, "nothing found\n"])
  expect((await server.waybill(["search", "x", "--limit", "0"])).code).toBe(2)
})
