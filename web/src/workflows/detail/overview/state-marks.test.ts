import type { WorkflowStats } from "@waybill/contract"
import { expect, test } from "vitest"
import { stateMarks } from "./state-marks.ts"

const definition = {
  states: [
    {
      name: "each",
      type: "foreach",
      itemsPath: "items",
      iterator: { states: [{ name: "charge", type: "operation", action: "agent.run", input: { agent: "x" } }] },
      next: "done",
    },
    { name: "done", type: "inject", data: {}, end: true },
  ],
}
const state = { name: "", type: "", entered: 0, failed: 0, retries: 0, p50Ms: null, p95Ms: null }
const stats = {
  states: [
    { ...state, path: "each", entered: 2, p95Ms: 1_200 },
    { ...state, path: "each/charge", entered: 1_500, failed: 3, p95Ms: 541 },
    { ...state, path: "done", entered: 2, p95Ms: 0 },
    { ...state, path: "gone", entered: 1 },
  ],
} as unknown as WorkflowStats

test("each state says how often it was entered, how it went and how long it took, where it took any time", () => {
  const marks = stateMarks(definition, stats)
  expect([...marks.keys()]).toEqual(["each", "each[]/charge", "done"])
  expect(marks.get("done")).toEqual({ words: "2×" })
  expect(marks.get("each")).toEqual({ words: "2× · p95 1.2 s" })
  expect(marks.get("each[]/charge")?.words).toBe("1,500× · 3 failed · p95 541 ms")
  expect(marks.get("each[]/charge")?.look?.tone).toBe("failed")
})
