import { expect, test } from "vitest"
import { isAlarming } from "./gather.ts"

test("a backfill's failures wake nobody, and its questions to people are told", () => {
  expect(isAlarming("run.failed", { origin: "live" })).toBe(true)
  expect(isAlarming("run.failed", { origin: "backfill" })).toBe(false)
  expect(isAlarming("step.failed", { origin: "replay" })).toBe(false)
  expect(isAlarming("run.waiting_human", { origin: "backfill" })).toBe(true)
})
