import { expect, test } from "vitest"
import type { RunRow } from "../../core/views/rows.ts"
import type { SloRow } from "../../ports/measure-store.ts"
import { newRow } from "../../testing/builders/run-history.ts"
import { DurationTargets } from "./duration-targets.ts"

const target = (given: Partial<SloRow>): SloRow => ({
  workspaceId: "default",
  sloId: "quick",
  workflowId: "w",
  environment: "prod",
  objective: "duration",
  target: 0.95,
  limitMs: 1_000,
  windowDays: 30,
  description: "",
  changedAt: 0,
  changedBy: "user:ann",
  ...given,
})
const run = (given: Partial<RunRow>): RunRow => ({
  ...newRow("run_1", 0),
  workspaceId: "default",
  workflowId: "w",
  environment: "prod",
  status: "RUNNING",
  origin: "live",
  createdAt: 0,
  startedAt: 500,
  completedAt: null,
  ...given,
})
const opened = (...rows: SloRow[]) =>
  DurationTargets.open({
    everySlo: async () => rows,
    slos: async (workspaceId) => rows.filter((row) => row.workspaceId === workspaceId),
  })

test("a run is late from the moment it takes longer than the strictest target of its workflow allows", async () => {
  const targets = await opened(target({}), target({ sloId: "quicker", limitMs: 800 }))
  expect([1_300, 1_301].map((now) => targets.isLate(run({}), now))).toEqual([false, true])
  const ended = (completedAt: number, status: RunRow["status"] = "COMPLETED") => run({ status, completedAt })
  expect(targets.isLate(ended(1_300), 9_999_999)).toBe(false)
  expect(targets.isLate(ended(1_301), 9_999_999)).toBe(true)
  expect(targets.isLate(ended(1_301, "TIMED_OUT"), 9_999_999)).toBe(true)
})

test.each<[string, Partial<RunRow>]>([
  ["failed", { status: "FAILED", completedAt: 90_000 }],
  ["was cancelled", { status: "CANCELLED", completedAt: 90_000 }],
  ["is of a backfill", { origin: "backfill" }],
  ["is of another workflow", { workflowId: "other" }],
  ["is of another environment", { environment: "dev" }],
  ["is of another workspace", { workspaceId: "shop" }],
])("no target judges what %s", async (_what, given) => {
  expect(
    (await opened(target({}), target({ objective: "success_rate", limitMs: null }))).isLate(run(given), 90_000),
  ).toBe(false)
})

test("a target that is changed or taken away holds at once", async () => {
  const rows = [target({})]
  const targets = await DurationTargets.open({ everySlo: async () => rows, slos: async () => rows })
  rows[0] = target({ limitMs: 10_000 })
  await targets.renew("default")
  expect(targets.isLate(run({}), 5_000)).toBe(false)
  rows.pop()
  await targets.renew("default")
  expect(targets.isLate(run({}), 5_000_000)).toBe(false)
})
