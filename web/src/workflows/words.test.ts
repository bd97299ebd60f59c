import { expect, test } from "vitest"
import { workflowSyncs } from "../paths.ts"
import { asOnDisk, needsCare, percent, syncWords } from "./words.ts"

const stands = (syncState: (typeof workflowSyncs)[number], count = 0) => ({
  syncState,
  source: "file" as const,
  file: "workflows/x.workflow.yaml",
  version: "1.2",
  problems: Array.from({ length: count }, () => ({ code: "x", message: "x" })),
})

test("whoever should do something about a workflow is told what", () => {
  const caring = workflowSyncs.filter((state) => needsCare(stands(state)))
  expect(caring).toEqual(["file_changed", "diverged", "file_missing", "invalid"])
  expect(syncWords(stands("invalid", 3))).toMatchObject({
    word: "Its file has 3 problems",
    advice: "Version 1.2 goes on serving until the file is mended.",
  })
  expect(syncWords(stands("invalid", 1)).word).toBe("Its file has a problem")
})

test.each([
  [1, "100 %"],
  [0.9996, "99.9 %"],
  [0.914, "91 %"],
  [0.0004, "<1 %"],
  [0, "0 %"],
])("%d is said as %s: hardly ever is not never", (rate, words) => expect(percent(rate)).toBe(words))

test("what was saved into the file since the last sync is seen", () => {
  const error = { code: "x", message: "x", severity: "error" } as const
  const stateOf = (file: Parameters<typeof asOnDisk>[1], state = stands("synced")) => asOnDisk(state, file).syncState
  expect(stateOf({ text: "a", serves: true, problems: [] })).toBe("synced")
  expect(stateOf({ text: "b", serves: false, problems: [] })).toBe("file_changed")
  expect(stateOf({ text: "b", serves: false, problems: [error] })).toBe("invalid")
  expect(stateOf({ text: null, serves: false, problems: [] })).toBe("file_missing")
  expect(stateOf({ text: "b", serves: false, problems: [] }, stands("diverged"))).toBe("diverged")
})
