import { expect, test } from "vitest"
import { courseOf, nextOf, ordinal } from "./approval-course.ts"

const quiet = { delegations: [], escalations: [], lastRemindedAt: null, remindersSent: 0 }

test("of a question that nobody touched there is nothing to tell", () => {
  expect(courseOf(quiet)).toEqual([])
  expect(nextOf({ nextReminderAt: null, nextEscalationAt: null })).toEqual([])
})

test("reminders, escalations and hand-overs stand in the order in which they happened", () => {
  const told = courseOf({
    delegations: [{ at: "2026-11-21T10:20:00.000Z", from: "user:ann", to: "user:bo", comment: "you know them" }],
    escalations: [{ at: "2026-11-21T10:30:00.000Z", to: ["team:leads", "user:cy"] }],
    lastRemindedAt: "2026-11-21T10:10:00.000Z",
    remindersSent: 2,
  })
  expect(told).toEqual([
    { at: "2026-11-21T10:10:00.000Z", words: "the 2nd reminder went out", comment: null },
    { at: "2026-11-21T10:20:00.000Z", words: "user:ann handed it on to user:bo", comment: "you know them" },
    { at: "2026-11-21T10:30:00.000Z", words: "team:leads, user:cy were asked as well", comment: null },
  ])
  const once = courseOf({ ...quiet, lastRemindedAt: "2026-11-21T10:10:00.000Z", remindersSent: 1 })
  expect(once.map(({ words }) => words)).toEqual(["a reminder went out"])
})

test("what comes next is told soonest first", () => {
  const next = { nextReminderAt: "2026-11-21T11:00:00.000Z", nextEscalationAt: "2026-11-21T10:45:00.000Z" }
  expect(nextOf(next).map(({ words }) => words)).toEqual(["others are asked as well", "a reminder goes out"])
})

test.each([
  [1, "1st"],
  [2, "2nd"],
  [3, "3rd"],
  [4, "4th"],
  [11, "11th"],
  [21, "21st"],
  [112, "112th"],
])("%i is the %s", (count, words) => {
  expect(ordinal(count)).toBe(words)
})
