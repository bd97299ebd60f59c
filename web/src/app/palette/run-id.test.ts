import { expect, test } from "vitest"
import { runIdIn } from "./run-id.ts"

test("a run's id is found alone, in an address, and in a line of a log", () => {
  const id = "run_01KADPYR8W2Z3T4V5X6Y7Z8A9B"
  expect(runIdIn(id)).toBe(id)
  expect(runIdIn(` http://127.0.0.1:7420/runs/${id}?tab=io`)).toBe(id)
  expect(runIdIn(`level=error runId=${id} msg="step failed"`)).toBe(id)
  expect(runIdIn("run_1")).toBe(null)
  expect(runIdIn("running late")).toBe(null)
})
