import type { RunSummary } from "@waybill/contract"
import { expect, test } from "vitest"
import { derivedWords, runTable } from "./run-list.ts"
import { styleFor } from "./style.ts"

const run = (derived: RunSummary["derived"], reason: string | null): RunSummary =>
  ({
    runId: "run_a",
    workflowId: "billing",
    workflowVersion: "1.0",
    versionNumber: 3,
    status: "RUNNING",
    reason,
    error: null,
    blockedOn: [],
    blockedCount: 0,
    createdAt: "2026-01-01T00:00:00.000Z",
    startedAt: null,
    durationMs: null,
    derived,
  }) as unknown as RunSummary

test("a list says beside the status what is seen of a run: in part, stalled, late", () => {
  const all = { partial: true, stalled: true, late: true }
  expect(derivedWords({ derived: all })).toEqual(["in part", "stalled", "late"])
  const now = Date.parse("2026-01-01T00:01:00.000Z")
  const [, late] = runTable(
    styleFor(false),
    [run({ partial: false, stalled: false, late: true }, "retrying")],
    now,
  ).split("\n")
  expect(late).toMatch(/RUNNING\s+retrying, late\s+1 min ago/)
  const [, quiet] = runTable(styleFor(false), [run({ partial: false, stalled: false, late: false }, null)], now).split(
    "\n",
  )
  expect(quiet).toMatch(/RUNNING\s+1 min ago/)
})
