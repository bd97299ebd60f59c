import type { Approval } from "@waybill/contract"
import { expect, test } from "vitest"
import { pendingQuery } from "../data/queries.ts"
import { askedApprovals, inOrder } from "./asked.ts"

const one = (approvalId: string, more: Partial<Approval> = {}) =>
  ({
    approvalId,
    environment: "default",
    state: "pending",
    requestedAt: "2026-11-21T10:00:00Z",
    dueAt: null,
    timeoutAt: null,
    decidedAt: null,
    ...more,
  }) as Approval

test("what is open stands first, by time to breach; what is decided follows, the latest on top", () => {
  const items = [
    one("old", { state: "approved", decidedAt: "2026-11-21T10:05:00Z" }),
    one("for ever"),
    one("late", { state: "rejected", decidedAt: "2026-11-21T10:09:00Z" }),
    one("later", { timeoutAt: "2026-11-21T12:00:00Z" }),
    one("soon", { dueAt: "2026-11-21T10:30:00Z", timeoutAt: "2026-11-22T10:00:00Z" }),
  ]
  expect(inOrder(items).map(({ approvalId }) => approvalId)).toEqual(["soon", "later", "for ever", "late", "old"])
})

test("without a filter the inbox asks what the counter beside its name asks", () => {
  expect(askedApprovals({}, "prod").queryKey).toEqual(pendingQuery("prod").queryKey)
  const decided = askedApprovals({ state: "decided", assignee: "me" }, "prod")
  expect(decided.queryKey[1]).toMatchObject({ assignee: "me", env: "prod" })
})
