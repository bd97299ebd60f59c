import { PROBLEMS } from "@waybill/contract"
import { ProblemError, UnreachableError } from "@waybill/sdk"
import { expect, test } from "vitest"
import { needsKey, problemWords } from "./problem-words.ts"

const problem = (status: number, code: string, hint = "Look at the id.") =>
  new ProblemError({
    type: `urn:waybill:problem:${code}`,
    title: "There is no such run",
    status,
    code,
    detail: "there is no run run_1",
    instance: "/api/v1/workflow-runs/run_1",
    requestId: "req_17",
    hint,
  })

test("a refusal is told in the server's words, with its request id", () => {
  expect(problemWords(problem(404, "run_not_found"))).toEqual({
    title: "There is no such run",
    detail: "there is no run run_1",
    hint: "Look at the id.",
    code: "run_not_found",
    requestId: "req_17",
    findings: [],
    canRetry: false,
  })
})

test("what the server could not do now may be asked again", () => {
  expect(problemWords(problem(503, "overloaded")).canRetry).toBe(true)
  expect(problemWords(new UnreachableError("http://x", new TypeError("fetch failed")))).toMatchObject({
    title: "The server does not answer",
    canRetry: true,
  })
})

test("a part of an older build that is gone is no bug, but a reason to load the page anew", () => {
  const error = new TypeError("Failed to fetch dynamically imported module: http://x/assets/run-1.js")
  expect(problemWords(error).title).toBe("A part of these pages could not be loaded")
  expect(problemWords(new TypeError("x is not a function")).title).toBe("This page broke")
})

test("a style sheet of a page that could not be fetched is told like its code", () => {
  expect(problemWords(new Error("Unable to preload CSS for /assets/Canvas-1.css")).title).toBe(
    "A part of these pages could not be loaded",
  )
})

test("advice for programs is not shown to people, and advice for people is", () => {
  const { invalid_query, run_not_found, workflow_disabled } = PROBLEMS
  const shown = (code: string, hint: string) => problemWords(problem(400, code, hint)).hint
  expect(shown("invalid_query", invalid_query.todo)).toBeNull()
  expect(shown("run_not_found", run_not_found.todo)).toBeNull()
  expect(shown("workflow_disabled", workflow_disabled.todo)).toBe(workflow_disabled.todo)
})

test("only a missing or unknown key asks for one", () => {
  expect(needsKey(problem(401, "unauthenticated"))).toBe(true)
  expect(needsKey(problem(403, "forbidden"))).toBe(false)
})
