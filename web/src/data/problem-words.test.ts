import { ProblemError, UnreachableError } from "@waybill/sdk"
import { expect, test } from "vitest"
import { needsKey, problemWords } from "./problem-words.ts"

const problem = (status: number, code: string) =>
  new ProblemError({
    type: `urn:waybill:problem:${code}`,
    title: "There is no such run",
    status,
    code,
    detail: "there is no run run_1",
    instance: "/api/v1/workflow-runs/run_1",
    requestId: "req_17",
    hint: "Look at the id.",
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

test("only a missing or unknown key asks for one", () => {
  expect(needsKey(problem(401, "unauthenticated"))).toBe(true)
  expect(needsKey(problem(403, "forbidden"))).toBe(false)
})
