import { expect, test } from "vitest"
import type { EventPayloads } from "../run/events.ts"
import { type ApprovalRecord, approvalCourse } from "./approval-course.ts"
import type { StoredEventRow } from "./feed-event.ts"
import type { ApprovalRow } from "./rows.ts"

const asked = 1_000
const open = { state: "pending", requestedAt: asked, dueAt: null, timeoutAt: null, decidedAt: null } as ApprovalRow
const nothing: ApprovalRecord = { events: [], timers: [] }

function event<Type extends keyof EventPayloads>(type: Type, at: number, payload: EventPayloads[Type]): StoredEventRow {
  return { type, at, payload: JSON.stringify(payload) } as StoredEventRow
}

test("an approval without clocks has nothing to breach and nothing coming", () => {
  expect(approvalCourse(open, nothing, asked)).toEqual({
    nextReminderAt: null,
    remindersSent: 0,
    lastRemindedAt: null,
    nextEscalationAt: null,
    escalations: [],
    delegations: [],
    sla: null,
  })
})

test("it is fine until its warning, in danger until it is due, and breached from then on, decided or not", () => {
  const row = { ...open, dueAt: 5_000, timeoutAt: 9_000 }
  const record = { events: [], timers: [{ kind: "approval_warn", dueAt: 3_000 }] } as const
  const state = (now: number, more: Partial<ApprovalRow> = {}) =>
    approvalCourse({ ...row, ...more }, record, now).sla?.state
  expect([2_999, 3_000, 4_999, 5_000].map((now) => state(now))).toEqual(["ok", "warning", "warning", "breached"])
  expect(state(100_000, { state: "approved", decidedAt: 2_000 })).toBe("ok")
  expect(state(100_000, { state: "rejected", decidedAt: 5_001 })).toBe("breached")
  expect(state(100_000, { state: "timed_out", decidedAt: 4_000 })).toBe("breached")
})

test("the sooner of being due and of running out of time is what it is sorted by", () => {
  expect(approvalCourse({ ...open, timeoutAt: 7_000 }, nothing, asked).sla).toMatchObject({ breachAt: 7_000 })
  expect(approvalCourse({ ...open, dueAt: 5_000, timeoutAt: 7_000 }, nothing, asked).sla?.breachAt).toBe(5_000)
})

test("it says who was reminded how often, to whom it was handed, and what comes next", () => {
  const course = approvalCourse(
    open,
    {
      events: [
        event("approval.reminded", 2_000, { approval: "a", count: 1 }),
        event("approval.delegated", 2_500, { approval: "a", from: "user:bob", to: "user:eve", comment: "away" }),
        event("approval.reminded", 3_000, { approval: "a", count: 2 }),
        event("approval.escalated", 3_500, { approval: "a", to: ["team:leads"] }),
        { ...event("approval.warned", 3_600, { approval: "a", kind: "warn" }), payload: null },
      ],
      timers: [
        { kind: "approval_escalation", dueAt: 9_000 },
        { kind: "approval_escalation", dueAt: 6_000 },
        { kind: "approval_reminder", dueAt: 4_000 },
      ],
    },
    3_700,
  )
  expect(course).toEqual({
    nextReminderAt: 4_000,
    remindersSent: 2,
    lastRemindedAt: 3_000,
    nextEscalationAt: 6_000,
    escalations: [{ at: 3_500, to: ["team:leads"] }],
    delegations: [{ at: 2_500, from: "user:bob", to: "user:eve", comment: "away" }],
    sla: null,
  })
})
