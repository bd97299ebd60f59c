import { describe, expect, test } from "vitest"
import { match } from "./match.ts"

describe("a line of the palette fits", () => {
  test.each([
    ["Runs", "runs", 1],
    ["Go to runs", "run", 0.8],
    ["incident-triage", "triage", 0.8],
    ["reruns and runs", "runs", 0.8],
    ["reruns", "runs", 0.5],
    ["Send a signal to the run", "run signal", 0.8],
    ["anything", "  ", 1],
  ])("%s for %o: %d", (line, typed, fit) => {
    expect(match(line, typed)).toBe(fit)
  })

  test("not when a word is missing, whatever letters stand in it", () => {
    expect(match("Insights", "sgt")).toBe(0)
    expect(match("Go to runs", "runs approvals")).toBe(0)
  })
})
