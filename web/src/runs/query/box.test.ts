import { expect, test } from "vitest"
import { parseRunQuery, queryFields } from "../../../../engine/src/core/views/run-language/index.ts"
import { type AtCaret, atCaret, completed, fieldChoices, type QueryField, valueChoices } from "./complete.ts"
import { marksOf, mended, problemsToSay } from "./mark.ts"

/** As the server answers them. */
const fields = queryFields.map(({ name, aliases, takes, about, example }) => {
  const kind = takes.kind === "status" || takes.kind === "present" || takes.kind === "is" ? "words" : takes.kind
  return { name, aliases: [...aliases], kind, words: "words" in takes ? [...takes.words] : [], about, example }
}) as QueryField[]

function problemsOf(query: string) {
  return parseRunQuery(query).problems.map(({ hint, ...rest }) => {
    return { ...rest, column: rest.from + 1, ...(hint !== null && { hint }) }
  })
}

const offered = (query: string, caret = query.length) => {
  const here = atCaret(query, caret)
  if (here.kind === "field") return fieldChoices(fields, here.prefix).map(({ value }) => value)
  const field = fields.find(({ name, aliases }) => [name, ...aliases].includes(here.field))!
  return valueChoices(field, here, field.name === "tag" ? [{ value: "two words", count: 1_200 }] : []).map(
    ({ value }) => value,
  )
}

test("a term that begins is offered the fields, by all their names", () => {
  expect(offered("")).toHaveLength(fields.length)
  expect(offered("st")).toEqual(["status:", "started:", "step:", "steps:"])
  expect(offered("wf")).toEqual(["workflow:"])
  expect(offered("status:failed -ta")).toEqual(["tag:"])
  expect(offered("st tag:x", 2)).toEqual(["status:", "started:", "step:", "steps:"])
  expect(offered("invoice")).toEqual([])
})

test("behind a field's colon stand its values: its words, what occurs, or how such a thing is written", () => {
  expect(offered("status:fa")).toEqual(["failed"])
  expect(offered("status:failed,time")).toEqual(["timed_out"])
  expect(offered("status:failed,")).not.toContain("failed")
  expect(offered("tag:")).toEqual(['"two words"'])
  expect(offered("dur:>5")).toEqual([">5m"])
  expect(offered("has:", 4)).toContain("error")
})

test("a choice takes the place of what was typed, and only of that", () => {
  const put = (query: string, choice: string, caret = query.length) =>
    completed(query, atCaret(query, caret) as AtCaret, choice)
  expect(put("st", "status:")).toEqual({ text: "status:", caret: 7 })
  expect(put("-st x", "status:", 3)).toEqual({ text: "-status: x", caret: 8 })
  expect(put("status:fa", "failed")).toEqual({ text: "status:failed ", caret: 14 })
  expect(put("status:fa,paused x", "failed", 9)).toEqual({ text: "status:failed,paused x", caret: 13 })
  expect(put("status:", "failed")).toEqual({ text: "status:failed ", caret: 14 })
})

test("the pieces of the colouring are the text, whole and in order", () => {
  const query = ' -status:failed "order 7"  colour:red dur>30s - '
  const marks = marksOf(query, problemsOf(query))
  expect(marks.map(({ from, to }) => query.slice(from, to)).join("")).toBe(query)
  expect(marks.filter(({ wrong }) => wrong).map(({ from, to }) => query.slice(from, to))).toEqual(["colour:", "red"])
  expect(marks.filter(({ kind }) => kind === "field").map(({ from, to }) => query.slice(from, to))).toEqual([
    "status:",
    "colour:",
    "dur",
  ])
})

test("what is wrong is told when the term has been left, not while it is typed", () => {
  const query = "colour:red status:"
  const problems = problemsOf(query)
  expect(problems).toHaveLength(2)
  expect(problemsToSay(problems, query, query.length).map(({ code }) => code)).toEqual(["query_unknown_field"])
  expect(problemsToSay(problems, query, 3).map(({ code }) => code)).toEqual(["query_value_missing"])
  expect(problemsToSay(problems, query, null)).toHaveLength(2)
})

test("what was probably meant can be put in its place by one press", () => {
  const meant = (query: string) => mended(query, problemsOf(query)[0]!)?.text ?? null
  expect(meant("x -statsu:failed y")).toBe("x -status:failed y")
  expect(meant("status:faild,paused")).toBe("status:failed,paused")
  expect(meant("colour:red")).toBe(null)
  expect(meant("dur:30")).toBe(null)
})
