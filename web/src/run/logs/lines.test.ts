import type { RunLogLine } from "@waybill/contract"
import { describe, expect, test } from "vitest"
import { grown, matchingLines, nothingYet } from "./lines.ts"

const line = (number: number, given: Partial<RunLogLine> = {}): RunLogLine => ({
  number,
  at: "2026-11-21T09:30:00.000Z",
  stepId: "step_1",
  attempt: 1,
  level: "info",
  message: `line ${number}`,
  fields: null,
  ...given,
})

describe("a log that grows", () => {
  test("goes on behind its last line, and behind what a page looked at in vain", () => {
    const first = grown(nothingYet, { items: [line(1), line(2)], nextCursor: "2" })
    expect([first.after, first.hasMore]).toEqual([2, true])
    const looked = grown(first, { items: [], nextCursor: "5000" })
    expect([looked.items.length, looked.after, looked.hasMore]).toEqual([2, 5000, true])
    const last = grown(looked, { items: [line(5001)], nextCursor: null })
    expect([last.items.map(({ number }) => number), last.after, last.hasMore]).toEqual([[1, 2, 5001], 5001, false])
  })

  test("is the same when nothing has come", () => {
    const before = grown(nothingYet, { items: [line(1)], nextCursor: null })
    expect(grown(before, { items: [], nextCursor: null })).toBe(before)
  })
})

test("lines are found by message, step and what was given beside it", () => {
  const lines = [line(1), line(2, { stepId: "step_2" }), line(3, { fields: { order: "A-7" } })]
  const nameOf = (stepId: string) => (stepId === "step_2" ? "charge card" : undefined)
  const found = (words: string) => matchingLines(lines, words, nameOf).map(({ number }) => number)
  expect([found(""), found("CHARGE line"), found("a-7"), found("step_1"), found("nowhere")]).toEqual([
    [1, 2, 3],
    [2],
    [3],
    [1, 3],
    [],
  ])
})
