import { join } from "node:path"
import { describe, expect, test } from "vitest"
import type { TestModule } from "vitest/node"
import { ROOT } from "../setup/root.mjs"
import { count } from "./reporter.mjs"

/** What the reporter reads of vitest's own objects. */
function file(states: readonly string[], { state = "passed", errors = [] as string[] } = {}): TestModule {
  const tests = states.map((outcome, index) => ({ fullName: `test ${index + 1}`, result: () => ({ state: outcome }) }))
  return {
    moduleId: join(ROOT, "a.test.ts"),
    children: { allTests: () => tests },
    state: () => state,
    errors: () => errors.map((message) => ({ message })),
    diagnostic: () => ({ duration: 12 }),
  } as unknown as TestModule
}

describe("the last line of npm test", () => {
  test("counts what passed and what failed", () => {
    const report = count([file(["passed", "failed", "passed"], { state: "failed" })], [])
    expect([report.passed, report.failed]).toEqual([2, 1])
    expect(report.failures).toEqual(["a.test.ts › test 2"])
    expect(report.files).toEqual([{ file: "a.test.ts", tookMs: 12 }])
  })

  test("counts a skipped test as failed, because it proved nothing", () => {
    const report = count([file(["passed", "skipped"])], [])
    expect([report.passed, report.failed]).toEqual([1, 1])
    expect(report.failures).toEqual(["a.test.ts › test 2 (skipped)"])
  })

  test("leaves out what a name pattern left out", () => {
    const report = count([file(["passed", "skipped"])], [], ["-t", "test 1"])
    expect([report.passed, report.failed]).toEqual([1, 0])
  })

  test("counts a file that cannot be loaded, and one without a test, as failed", () => {
    const report = count([file([], { state: "failed", errors: ["no such module"] }), file([])], [])
    expect(report.failures).toEqual(["a.test.ts failed outside its tests: no such module", "a.test.ts holds no test"])
    expect(report.failed).toBe(2)
  })

  test("counts an error outside any test as failed", () => {
    const report = count([file(["passed"])], [{ message: "unhandled rejection" }])
    expect([report.passed, report.failed]).toEqual([1, 1])
  })
})
