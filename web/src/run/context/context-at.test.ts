import { expect, test } from "vitest"
import { clampSeq, nextChange, pathOfPointer, rootWriters } from "./context-at.ts"

test("changes are stepped over in both directions, from wherever one stands", () => {
  const changes = [4, 9, 20]
  expect([nextChange(changes, 1, 1), nextChange(changes, 4, 1), nextChange(changes, 20, 1)]).toEqual([4, 9, undefined])
  expect([nextChange(changes, 25, -1), nextChange(changes, 9, -1), nextChange(changes, 4, -1)]).toEqual([
    20,
    4,
    undefined,
  ])
})

test("an event that the run does not have is the nearest that it has", () => {
  expect([clampSeq(0, 30), clampSeq(12, 30), clampSeq(99, 30)]).toEqual([1, 12, 30])
})

test("a value is told by the step that wrote its path; what branches wrote is no part of the run's own context", () => {
  const writers = rootWriters({ "steps.check": "step_A", "step_B/branch:cold:packed": "step_C" })
  expect(writers.get(pathOfPointer("/steps/check"))).toBe("step_A")
  expect(writers.size).toBe(1)
  expect(pathOfPointer("/a~1b/0/c~0d")).toBe("a/b.0.c~d")
})
