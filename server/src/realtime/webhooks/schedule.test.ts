import { expect, test } from "vitest"
import { whatNext } from "./schedule.ts"

const plan = { delaysMs: [5_000, 60_000], retryAfterMaxMs: 3_600_000, disableAfterMs: 1_000_000 }
const healthy = { failingSince: null }
const answered = (status: number, retryAfterMs: number | null = null) => ({
  status,
  error: status < 300 ? null : `it answered ${status}`,
  answer: "",
  retryAfterMs,
})
const next = (
  tries: number,
  outcome = answered(500),
  chance = 0.5,
  endpoint: { failingSince: number | null } = healthy,
) => whatNext({ tries }, endpoint, outcome, plan, 10_000_000, chance)

test("a failed attempt is tried again later each time, a fifth sooner or later, and then no more", () => {
  expect(next(0)).toEqual({ state: "pending", dueAt: 10_005_000, disable: null })
  expect(next(0, answered(500), 0).dueAt).toBe(10_004_000)
  expect(next(1, answered(500), 0.999).dueAt).toBeGreaterThan(10_071_000)
  expect(next(2)).toEqual({ state: "dead", dueAt: null, disable: null })
})

test("a receiver that asks for patience gets it, up to a bound", () => {
  expect(next(0, answered(429, 30_000)).dueAt).toBe(10_030_000)
  expect(next(0, answered(503, 1_000)).dueAt).toBe(10_005_000)
  expect(next(0, answered(503, 1e9)).dueAt).toBe(13_600_000)
})

test("an endpoint that is gone, or has failed for days, is not asked any more", () => {
  expect(next(0, answered(410))).toMatchObject({ state: "dead", disable: expect.stringContaining("410") })
  expect(next(0, answered(500), 0.5, { failingSince: 9_500_000 }).disable).toBeNull()
  expect(next(0, answered(500), 0.5, { failingSince: 8_000_000 }).disable).toMatch(/has failed since 1970/)
  expect(next(0, answered(204))).toEqual({ state: "delivered", dueAt: null, disable: null })
})
