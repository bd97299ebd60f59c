import { describe, expect, test } from "vitest"
import { BAD_DEFINITIONS, withoutMark } from "./bad-definitions.fixture.ts"
import { DEFINITION_PROBLEMS, parseDefinition } from "./index.ts"

describe("a definition with a mistake", () => {
  test.each(BAD_DEFINITIONS.map((bad) => [bad.title, bad] as const))(
    "%s is told where it stands and how to mend it",
    (_title, bad) => {
      const { text, line, column } = withoutMark(bad.text)
      const { definition, problems } = parseDefinition(text, {
        file: "t.workflow.yaml",
        format: text.startsWith("{") ? "json" : "yaml",
      })
      const { code, severity } = bad
      const found = problems.filter((problem) => problem.code === code && problem.severity === severity)
      const summary = problems.map(
        (problem) =>
          `${problem.line}:${problem.column} ${problem.severity} ${problem.code} ${problem.message} (${problem.hint})`,
      )
      const match = found.find((problem) => problem.line === line && problem.column === column)
      expect(match, `expected ${severity} ${code} at ${line}:${column}, found\n${summary.join("\n")}`).toBeDefined()
      if (bad.hint !== null) expect(match?.hint).toContain(bad.hint)
      expect(match?.file).toBe("t.workflow.yaml")
      expect(definition === null).toBe(problems.some((problem) => problem.severity === "error"))
    },
  )

  test("every code is described, and every description is of a code that is used", () => {
    const used = new Set(BAD_DEFINITIONS.map((bad) => bad.code))
    expect([...used].filter((code) => !(code in DEFINITION_PROBLEMS))).toEqual([])
    // Those that need a catalogue, a compiler or a flood are told in their own tests.
    const elsewhere = ["too_large", "too_deep", "unknown_agent", "invalid_schema", "too_many_problems"]
    expect(Object.keys(DEFINITION_PROBLEMS).filter((code) => !used.has(code) && !elsewhere.includes(code))).toEqual([])
  })
})
