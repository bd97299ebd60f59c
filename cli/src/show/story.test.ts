import type { Event } from "@waybill/contract"
import { expect, test } from "vitest"
import { eventTypes } from "../../../engine/src/core/run/decode-event.ts"
import { createProgress } from "./progress.ts"
import { createStory } from "./story.ts"
import { styleFor } from "./style.ts"

const plain = styleFor(false)
const start = Date.UTC(2026, 10, 20, 9)
let seq = 0
const event = (type: string, payload: object | null, stepId: string | null = null, afterMs = 0): Event => ({
  seq: ++seq,
  type,
  at: new Date(start + afterMs).toISOString(),
  actor: "user:local",
  stepId,
  payload: payload as Event["payload"],
  hash: "",
})
const told = (events: readonly Event[], columns = 120) => {
  const story = createStory(plain, columns)
  return events.map(story).filter((line) => line !== null)
}

const entered = event("state.entered", { name: "check", branchPath: "pods/items[3]", visit: 2 }, "step_1")

test("a run reads as when, where and what", () => {
  const lines = told([
    event("run.created", { workflowId: "w", workflowVersion: "1.0", versionNumber: 7, executionNumber: 3 }),
    entered,
    event("step.started", { attempt: 1, delivery: 1 }, "step_1", 12),
    event("step.failed", { error: { code: "boom", detail: "it broke" } }, "step_1", 1_500),
    event("step.retry_scheduled", { attempt: 1, delayMs: 2_000 }, "step_1", 1_500),
    event("step.started", { attempt: 2, delivery: 3 }, "step_1", 3_500),
    event("step.succeeded", { output: { value: { count: 2, ok: true, rate: 0.123456, list: [] } } }, "step_1", 3_600),
    event("run.completed", {}, null, 3_600),
  ])
  expect(lines).toEqual([
    "    0.000  ●                                    created: w 1.0 (#7), execution 3",
    "    0.012  ▸ pods/items[3]/check#2              started",
    "    1.500  ✗ pods/items[3]/check#2              failed: boom: it broke",
    "    1.500  ↻ pods/items[3]/check#2              tries again in 2.0 s",
    "    3.500  ▸ pods/items[3]/check#2              handed out again, attempt 2 started",
    "    3.600  ✓ pods/items[3]/check#2              succeeded: count 2, ok true, rate 0.1235",
    "    3.600  ●                                    completed",
  ])
})

test("an approval is told with the command that shows it", () => {
  const [line] = told([event("approval.requested", { approval: "appr_1", message: "Go on?" }, "step_1")])
  expect(line).toContain("? ")
  expect(line!.split("\n")[1]!.trim()).toBe("waybill approvals show appr_1")
})

test("a line is as wide as the terminal at most", () => {
  const long = event("run.failed", { error: { code: "c", detail: "x".repeat(500) } })
  expect(told([long], 120)[0]!.length).toBeLessThanOrEqual(120)
})

test("every kind of event there is, erased or with fields it does not know, is told or left out, never a crash", () => {
  const story = createStory(plain, 100)
  for (const type of eventTypes) {
    for (const payload of [null, {}, { unknown: { deep: [1] }, error: null, cause: 3, output: "text" }])
      expect(() => story(event(type, payload, "step_1"))).not.toThrow()
  }
})

test("the progress line says what runs and what is waited for, and never wraps", () => {
  const progress = createProgress(plain)
  progress.take(event("run.created", {}))
  progress.take(entered)
  progress.take(event("step.started", {}, "step_1"))
  expect(progress.line(start + 2_000, 100)).toMatch(/^. 2\.0 s · 0 done · running pods\/items\[3\]\/check#2$/)
  progress.take(event("step.failed", {}, "step_1"))
  progress.take(event("step.retry_scheduled", {}, "step_1"))
  expect(progress.line(start + 2_000, 100)).toContain("waiting for retry of pods/items[3]/check#2")
  expect(progress.line(start + 2_000, 30).length).toBeLessThan(30)
  progress.take(event("state.exited", {}, "step_1"))
  expect(progress.line(start + 2_000, 100)).toContain("1 done")
})
