import type { Approval } from "@waybill/contract"
import { expect, test } from "vitest"
import { nextOf, successorOf } from "./approval-query.ts"

const asked = (approvalId: string, round: number, minute: number, name = "gate") => ({
  approvalId,
  name,
  round,
  requestedAt: `2026-11-21T09:${String(minute).padStart(2, "0")}:00.000Z`,
})

test("a question that was superseded leads to the next round of the same state, and to no other", () => {
  const first = asked("appr_1", 1, 0)
  const all = [asked("appr_4", 3, 9), asked("appr_3", 2, 5, "release"), asked("appr_2", 2, 5), first]
  expect(successorOf(first, all)?.approvalId).toBe("appr_2")
  expect(successorOf(asked("appr_2", 2, 5), all)?.approvalId).toBe("appr_4")
  expect(successorOf(asked("appr_4", 3, 9), all)).toBeUndefined()
})

test("in a loop that comes to the state anew, the rounds of one visit do not follow those of another", () => {
  const earlier = [asked("appr_1", 1, 0), asked("appr_2", 2, 2)]
  const again = asked("appr_3", 1, 30)
  for (const one of [again, earlier[1]!]) expect(successorOf(one, [...earlier, again])).toBeUndefined()
})

test("the next decision is the most urgent that this person may take, and not only hand on", () => {
  const pending = (approvalId: string, timeoutAt: string | null, ...names: string[]) =>
    ({
      ...asked(approvalId, 1, 0),
      timeoutAt,
      dueAt: null,
      actions: ["approve", "delegate"].map((name) => ({ name, allowed: names.includes(name) })),
    }) as unknown as Approval
  const all = [
    pending("appr_1", "2026-11-21T10:00:00.000Z", "approve"),
    pending("appr_2", "2026-11-21T10:05:00.000Z", "delegate"),
    pending("appr_3", null, "approve"),
    pending("appr_4", "2026-11-21T10:10:00.000Z", "approve"),
  ]
  expect(nextOf(all, { approvalId: "appr_1" })?.approvalId).toBe("appr_4")
  expect(nextOf(all.slice(0, 2), { approvalId: "appr_1" })).toBeUndefined()
})
