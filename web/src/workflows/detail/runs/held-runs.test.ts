import type { RunSummary } from "@waybill/contract"
import { expect, test } from "vitest"
import { heldRuns } from "./held-runs.ts"

const run = (runId: string, status: RunSummary["status"] = "RUNNING") => ({ runId, status }) as RunSummary

test("while somebody points at a row, rows keep their place, change in place, and new ones are counted", () => {
  const held = [run("b"), run("a")]
  const now = [run("d"), run("c"), run("b", "COMPLETED")]
  expect(heldRuns(held, now)).toEqual({ rows: [run("b", "COMPLETED"), run("a")], news: 2 })
  expect(heldRuns(null, now)).toEqual({ rows: now, news: 0 })
})
