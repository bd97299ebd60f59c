/** Whether the rows of a run say what its events say (I5), and whether it is owed what it waits for (I7, rule 14). */
import type { JsonObject } from "../json.ts"
import { owed } from "../run/owed.ts"
import type { RunState } from "../run/state.ts"
import type { Rows } from "../views/projection.ts"
import type { ApprovalRow, RunRow, SignalRow, StepRow, TimerRow } from "../views/rows.ts"
import type { Finding } from "./finding.ts"

/** The rows of one run as the store has them. Order does not matter. */
export interface StoredRows {
  readonly run: RunRow
  readonly steps: readonly StepRow[]
  readonly approvals: readonly ApprovalRow[]
  readonly signals: readonly SignalRow[]
  readonly timers: readonly TimerRow[]
}

export function auditRows(state: RunState, folded: Rows, stored: StoredRows): Finding[] {
  const found: Finding[] = []
  const find = (detail: string) => found.push({ invariant: "I5", runId: state.runId, seq: null, detail })
  compare("run", folded.run, stored.run, find)
  compareAll("step", folded.steps, stored.steps, (row) => row.stepId, find)
  compareAll("approval", folded.approvals, stored.approvals, (row) => row.approvalId, find)
  compareAll("signal", folded.signals, stored.signals, (row) => `${row.name} ${row.signalId}`, find)
  compareAll("timer", folded.timersSet, stored.timers, (row) => row.timerId, find)
  return [...found, ...auditOwed(state, stored.timers)]
}

function compareAll<Row extends object>(
  kind: string,
  folded: readonly Row[],
  stored: readonly Row[],
  key: (row: Row) => string,
  find: (detail: string) => void,
): void {
  const byKey = new Map(stored.map((row) => [key(row), row]))
  for (const row of folded) {
    const other = byKey.get(key(row))
    if (other === undefined) find(`the row of ${kind} ${key(row)} is missing`)
    else compare(`${kind} ${key(row)}`, row, other, find)
    byKey.delete(key(row))
  }
  for (const extra of byKey.keys()) find(`${kind} ${extra} has a row, but no event`)
}

function compare(what: string, folded: object, stored: object, find: (detail: string) => void): void {
  const expected = folded as JsonObject
  const actual = stored as JsonObject
  for (const field of Object.keys(expected)) {
    if (expected[field] === actual[field]) continue
    find(`${what}: ${field} is ${JSON.stringify(actual[field])}, but its events say ${JSON.stringify(expected[field])}`)
  }
}

/** Every timer that the state waits for is a row, and every active leaf waits for something that will come (rule 14). */
function auditOwed(state: RunState, timers: readonly TimerRow[]): Finding[] {
  const found: Finding[] = []
  const find = (detail: string) => found.push({ invariant: "I7", runId: state.runId, seq: state.seq, detail })
  const rows = new Set(timers.map((row) => row.timerId))
  for (const timer of state.timers.keys()) if (!rows.has(timer)) find(`timer ${timer} is set, but has no row`)
  if (state.terminal !== null) return found
  const debts = owed(state)
  if (debts.length === 0) find("the run is not over, and nothing is owed to it")
  const leaves = new Set<string>()
  for (const debt of debts) {
    if (debt.kind === "timer" && !rows.has(debt.timer))
      find(`${debt.stepId} waits for timer ${debt.timer}, which is not set`)
    if (!("stepId" in debt) || debt.stepId === null) continue
    if (leaves.has(debt.stepId)) find(`${debt.stepId} is owed two things`)
    leaves.add(debt.stepId)
  }
  return found
}
