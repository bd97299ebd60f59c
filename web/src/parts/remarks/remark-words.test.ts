import type { Remark } from "@waybill/contract"
import { expect, test } from "vitest"
import { aboutWhat, remarkWords, sameNote, withdrawnIn } from "./remark-words.ts"

test.each([
  ["note.added", { note: "x", stepId: null }, "wrote a note"],
  ["note.withdrawn", { remarkId: "rmk_1" }, "took a note back"],
  ["tags.changed", { add: ["vip", "q1"], remove: ["new"] }, "added the tags vip, q1 and removed the tag new"],
  ["tags.changed", { add: [], remove: ["new"] }, "removed the tag new"],
  ["owner.set", { owner: "user:ann" }, "assigned it to user:ann"],
  ["owner.set", { owner: null }, "took the owner away"],
  ["resolution.set", { state: "wont_fix", reason: "a test", runId: null }, "marked it as won’t fix: a test"],
  ["resolution.set", { state: "acknowledged", reason: null, runId: null }, "marked it as acknowledged"],
  [
    "resolution.set",
    { state: "superseded", reason: null, runId: "run_2" },
    "marked it as superseded by a re-run that completed",
  ],
  ["resolution.undone", {}, "took the resolution back"],
] as const)("%s %j is told in words", (kind, details, words) => {
  expect(remarkWords({ kind, details })).toBe(words)
})

test("a note that was taken back is written anew about what it was about: the run, a step, a line of the log", () => {
  expect(sameNote({ details: { note: "x", stepId: null } })).toEqual({ note: "x" })
  expect(sameNote({ details: { note: "x", stepId: "step_1" } })).toEqual({ note: "x", stepId: "step_1" })
  const line = { note: "x", stepId: "step_1", logLine: 42 }
  expect(sameNote({ details: line })).toEqual(line)
})

test("a note says what of the run it is about, and leads there", () => {
  expect(aboutWhat({ details: { note: "x", stepId: null } })).toBeNull()
  expect(aboutWhat({ details: { note: "x", stepId: "step_1" } })).toEqual({
    words: "About a step",
    search: { step: "step_1" },
  })
  expect(aboutWhat({ details: { note: "x", stepId: "step_1", logLine: 42 } })).toEqual({
    words: "About line 42 of the log",
    search: { tab: "logs", line: 42 },
  })
})

test("a note that was taken back is known as such", () => {
  const trail = [
    { kind: "note.withdrawn", details: { remarkId: "rmk_1" } },
    { kind: "note.added", remarkId: "rmk_1", details: { note: "x" } },
  ] as unknown as readonly Remark[]
  expect([...withdrawnIn(trail)]).toEqual(["rmk_1"])
})
