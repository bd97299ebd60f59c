import { expect, test } from "vitest"
import { byBreach, nearnessOf } from "./deadline.ts"

const at = (minutes: number) => new Date(Date.parse("2026-11-21T10:00:00Z") + minutes * 60_000).toISOString()
const times = (due: number | null, end: number | null, asked = 0) => ({
  requestedAt: at(asked),
  dueAt: due === null ? null : at(due),
  timeoutAt: end === null ? null : at(end),
})
const after = (minutes: number) => Date.parse(at(minutes))

test("what is due first is told, quietly while there is time and louder when it presses", () => {
  expect(nearnessOf(times(30, 60), after(5))).toEqual({ words: "due in 25 min", tone: "quiet" })
  expect(nearnessOf(times(30, 60), after(26))).toEqual({ words: "due in 4 min 00 s", tone: "waiting" })
  expect(nearnessOf(times(null, 60), after(50))).toEqual({ words: "ends in 10 min", tone: "waiting" })
  expect(nearnessOf(times(null, 600), after(50))).toEqual({ words: "ends in 9 h 10 min", tone: "quiet" })
})

test("what is overdue says by how much, and when it is over for good", () => {
  expect(nearnessOf(times(30, 60), after(42))).toEqual({
    words: "overdue by 12 min, ends in 18 min",
    tone: "failed",
  })
  expect(nearnessOf(times(30, null), after(42))).toEqual({ words: "overdue by 12 min", tone: "failed" })
  expect(nearnessOf(times(null, 60), after(60))).toEqual({ words: "time is up", tone: "failed" })
})

test("what has no deadline says so and comes last, the longest waiting first", () => {
  expect(nearnessOf(times(null, null), after(5)).words).toBe("no deadline")
  const [soon, late, old, young] = [times(10, 90), times(null, 60), times(null, null), times(null, null, 5)]
  expect([young, late, old, soon].sort(byBreach)).toEqual([soon, late, old, young])
})
