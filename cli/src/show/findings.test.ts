import { expect, test } from "vitest"
import { countOf, findings, placeOf } from "./findings.ts"
import { styleFor } from "./style.ts"

const plain = styleFor(false)
const text = "id: demo\nstart: frist\nstates: []\n"

test("a finding stands at its place, with the line and a mark under the word", () => {
  const one = {
    code: "unknown_target",
    severity: "error",
    message: "there is no state `frist` to start with",
    file: "demo.workflow.yaml",
    line: 2,
    column: 8,
    hint: "Did you mean `first`?",
  } as const
  expect(findings(plain, [one], text)).toBe(
    [
      "demo.workflow.yaml:2:8 error unknown_target",
      "  there is no state `frist` to start with",
      "    │",
      "  2 │ start: frist",
      "    │        ^^^^^",
      "  hint Did you mean `first`?",
      "",
    ].join("\n"),
  )
})

test("the mark stays in the window of a very long line, and a tab is one column wide", () => {
  const long = `${"x".repeat(300)}\tbad`
  const shown = findings(plain, [{ code: "c", message: "m", line: 1, column: 302 }], long).split("\n")
  const [line, mark] = [shown[3]!, shown[4]!]
  expect(line.length).toBeLessThan(130)
  expect(line.slice(mark.indexOf("^"), mark.lastIndexOf("^") + 1)).toBe("bad")
})

test("a finding without a line is named by its pointer, and shows what was expected", () => {
  const one = { code: "wrong_type", message: "m", pointer: "/states", expected: "array", actual: 7 }
  expect(placeOf(one)).toBe("/states")
  expect(findings(plain, [one], null)).toContain("expected array, found 7")
})

test("words to choose from are listed whole, a very long list says how many more there are", () => {
  const types = [
    "operation",
    "switch",
    "parallel",
    "inject",
    "foreach",
    "wait",
    "listen",
    "emit",
    "run",
    "try",
    "loop",
    "raise",
  ]
  const one = { code: "unknown_type", message: "m", expected: types, actual: "oper" }
  expect(findings(plain, [one], null)).toContain(`expected one of ${types.join(", ")}, found oper\n`)
  const many = Array.from({ length: 50 }, (_, i) => `a${i}`)
  expect(findings(plain, [{ ...one, expected: many }], null)).toMatch(/one of a0, .*, a19 and 30 more, found oper\n/)
})

test("a place beyond the text is no crash", () => {
  expect(findings(plain, [{ code: "c", message: "m", line: 99, column: 1 }], text)).toContain("99:1 error c")
})

test("findings are counted by how bad they are", () => {
  const of = (severity?: "error" | "warning") => ({ code: "c", message: "m", ...(severity && { severity }) })
  expect(countOf([of(), of("error"), of("warning")])).toBe("2 errors, 1 warning")
  expect(countOf([])).toBe("no problems")
})
