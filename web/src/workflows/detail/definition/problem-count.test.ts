import { expect, test } from "vitest"
import { problemCount } from "./problem-count.ts"

const of = (...severities: readonly ("error" | "warning" | "hint" | undefined)[]) =>
  problemCount(severities.map((severity) => ({ code: "x", message: "x", ...(severity && { severity }) })))

test("problems are counted by how bad they are; one without a word is an error", () => {
  expect(of("error", "warning", undefined)).toEqual({ errors: 2, words: "2 errors, 1 warning" })
  expect(of("hint")).toEqual({ errors: 0, words: "1 hint" })
  expect(of()).toEqual({ errors: 0, words: "No problems" })
})
