import type { Approval, RunSummary } from "@waybill/contract"
import { expect, test } from "vitest"
import { firstThing } from "./first-thing.ts"

const approval = (approvalId: string, timeoutAt: string | null) =>
  ({ approvalId, workflowId: "deploy", message: "Deploy?", dueAt: null, timeoutAt }) as Approval
const failed = { runId: "run_1", workflowName: "Nightly", error: { detail: "no file" } } as unknown as RunSummary
const nameOf = (id: string) => (id === "deploy" ? "Deployment" : id)

test("a decision comes before a failure, and the one that is over first before the others", () => {
  const first = firstThing([approval("a", null), approval("b", "2026-11-21T10:00:00Z")], [failed], nameOf)
  expect(first).toMatchObject({ to: "/approvals/b", label: "Decide" })
  expect(first?.what).toBe("Deployment waits for a decision, the most urgent of 2 decisions: Deploy?")
})

test("without a decision the newest failure is to be looked at, and without either there is nothing to do", () => {
  expect(firstThing([], [failed], nameOf)).toEqual({
    what: "Nightly failed: no file",
    label: "See why",
    to: "/runs/run_1",
  })
  expect(firstThing([], [], nameOf)).toBeNull()
})
