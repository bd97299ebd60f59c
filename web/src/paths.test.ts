import { expect, test } from "vitest"
import { paths, withSearch } from "./paths.ts"

test("an address says only what differs from the default", () => {
  expect(paths.runs()).toBe("/runs")
  expect(paths.runs({ q: "", status: [], from: undefined })).toBe("/runs")
  expect(paths.runs({ q: "status:failed wf:invoice_*", status: ["FAILED", "TIMED_OUT"] })).toBe(
    "/runs?q=status:failed+wf:invoice_*&status=FAILED,TIMED_OUT",
  )
})

test("ids with slashes, spaces and signs stay one part of the path", () => {
  expect(paths.workflow("a/b c?d#e")).toBe("/workflows/a%2Fb%20c%3Fd%23e")
  expect(paths.run("run_1", { step: "a/b", attempt: 2, tab: "io" })).toBe("/runs/run_1?step=a%2Fb&attempt=2&tab=io")
})

test("nought and false are values, and are kept", () => {
  expect(withSearch("/x", { at: 0, fold: false, none: null })).toBe("/x?at=0&fold=false")
})
