/**
 * Chooses how a run list is read. A field with few matches is read whole and sorted; otherwise the index that has both
 * the rarest field and the order is walked. The choice is ours, not the planner's: it must not change with statistics.
 */
import type { RunFilter } from "../../../core/views/run-query.ts"
import type { Cell } from "../rows.ts"
import { all, type Condition, equal } from "./condition.ts"
import { rangeCondition } from "./match-sql.ts"
import { type Order, type Segment, sameOrderAsTime } from "./run-order.ts"
import { coveredBy, type Driver, keysWith, type Predicate, rest } from "./run-predicate.ts"
import type { Scan } from "./scan.ts"
import type { Statements } from "./statements.ts"

/** Runs that began at most so long before the asked time are looked through; longer ones are found by their length. */
const longRunMs = 600_000

export interface Plan {
  /** Few enough to be read whole; then it serves every order. */
  readonly whole: Scan | null
  readonly driver: Driver | null
}

export interface Asked {
  readonly workspaceId: string
  /** Resolved at `now`. */
  readonly filter: RunFilter
  readonly now: number
  readonly predicate: Predicate
  /** `q` is the id of some run. */
  readonly exactId: boolean
  /** Runs with a higher key came after the first page. */
  readonly asOf: number
}

export function planRuns(statements: Statements, asked: Asked, sortedRows: number): Plan {
  const { predicate } = asked
  const newest = asOf(asked)
  const residual = everythingAsked(asked)
  const byKeys = (keys: Condition | null): Plan => {
    const range = keys === null ? newest : all([newest, { sql: `r.run_key IN (${keys.sql})`, values: keys.values }])
    return { whole: wholeScan(null, range, residual), driver: null }
  }
  if (asked.exactId) return byKeys(null)
  const named = predicate.runIds[0]
  if (named !== undefined) return byKeys(keysWith("workflow_run_keys", "run_id", named))
  for (const keys of predicate.keys) {
    if (capped(statements, keys.sql, keys.values, sortedRows) <= sortedRows) return byKeys(keys)
  }
  for (const { index, condition } of predicate.sparse) {
    const having = `SELECT 1 FROM workflow_runs r INDEXED BY ${index} WHERE ${condition.sql}`
    if (capped(statements, having, condition.values, sortedRows) <= sortedRows)
      return { whole: wholeScan(index, all([newest, condition]), residual), driver: null }
  }
  const rarest = rarestOf(statements, predicate.drivers, sortedRows)
  if (rarest === null) return { whole: null, driver: null }
  if (rarest.count > sortedRows) return { whole: null, driver: rarest.driver }
  const range = all([newest, rarest.driver.any])
  return { whole: wholeScan(rarest.driver.index, range, residual), driver: rarest.driver }
}

/** All that a filter says of a run, however it is found. */
export function everythingAsked({ predicate, filter }: Asked): Condition {
  return all([rest(predicate, null), ...predicate.times, ...overlap(filter)])
}

/** The scans whose rows together are one segment of the list, each run in exactly one of them. */
export function scansOf(plan: Plan, asked: Asked, segment: Segment): readonly Scan[] {
  const own = segment.condition === null ? [] : [segment.condition]
  if (plan.whole !== null)
    return [{ ...plan.whole, residual: all([...(plan.whole.residual === null ? [] : [plan.whole.residual]), ...own]) }]
  if (sameOrderAsTime(segment.order) && segment.condition === null) return byTime(plan.driver, asked)
  const range = all([equal("workspace_id", asked.workspaceId), asOf(asked), ...own, ...leading(asked, segment.order)])
  const conditions = [rest(asked.predicate, null), ...asked.predicate.times, ...overlap(asked.filter)]
  const trivial = asked.predicate.conditions.length === 1 && conditions.length === 1
  return [{ index: segment.order.index, range, residual: trivial ? null : all(conditions), ordered: true }]
}

/** What is asked of the field by which the list is ordered: the walk begins and ends with it. */
function leading({ filter }: Asked, { columns }: Order): readonly Condition[] {
  if (columns[0] === "r.status") return filter.status.length === 1 ? [equal("status", filter.status[0]!)] : []
  const field = columns[0] === "r.duration_ms" ? "durationMs" : columns[0] === "r.created_at" ? "createdAt" : null
  return filter.terms.flatMap(({ negated, test }) =>
    !negated && test.kind === "number" && test.field === field && test.any.length === 1
      ? [rangeCondition({ sql: columns[0]!, values: [] }, test.any[0]!)]
      : [],
  )
}

function byTime(driver: Driver | null, asked: Asked): readonly Scan[] {
  const { filter, predicate } = asked
  const index = driver?.index ?? "idx_workflow_executions_started_at"
  const covered = driver === null ? predicate.conditions.length === 1 : coveredBy(predicate, driver)
  const left = rest(predicate, driver)
  const to = filter.to === null ? [] : [time("<", filter.to)]
  const each = driver?.each ?? [equal("workspace_id", asked.workspaceId)]
  const walk = (condition: Condition, range: readonly Condition[], more: readonly Condition[]): Scan => ({
    index,
    range: all([condition, asOf(asked), ...to, ...predicate.times, ...range]),
    residual: covered && more.length === 0 ? null : all([left, ...more]),
    ordered: true,
  })
  const { from } = filter
  if (from === null) return each.map((condition) => walk(condition, [], []))
  const ended: Condition = { sql: "r.completed_at >= ?", values: [from] }
  const recent = [time("<", from), time(">=", from - longRunMs)]
  const workspace = equal("workspace_id", asked.workspaceId)
  const everything = rest(predicate, null)
  return [
    ...each.map((condition) => walk(condition, [time(">=", from)], [])),
    ...each.map((condition) => walk(condition, recent, [ended])),
    {
      index: "workflow_runs_unfinished",
      range: all([
        workspace,
        { sql: "r.completed_at IS NULL", values: [] },
        asOf(asked),
        ...to,
        ...predicate.times,
        time("<", from),
      ]),
      residual: everything,
      ordered: true,
    },
    {
      index: "workflow_runs_long",
      // Written out: the index is of these runs only.
      range: all([workspace, { sql: `r.duration_ms > ${longRunMs}`, values: [] }, ended, time("<", from - longRunMs)]),
      residual: all([asOf(asked), ...to, ...predicate.times, everything]),
      ordered: false,
    },
  ]
}

function asOf(asked: Asked): Condition {
  return { sql: "r.run_key <= ?", values: [asked.asOf] }
}

function time(operator: "<" | ">=", value: number): Condition {
  return { sql: `r.sort_at ${operator} ?`, values: [value] }
}

function overlap(filter: RunFilter): readonly Condition[] {
  const conditions: Condition[] = []
  if (filter.to !== null) conditions.push(time("<", filter.to))
  if (filter.from !== null)
    conditions.push({
      sql: "(r.completed_at IS NULL OR r.completed_at >= ? OR r.sort_at >= ?)",
      values: [filter.from, filter.from],
    })
  return conditions
}

function wholeScan(index: string | null, range: Condition, residual: Condition): Scan {
  return { index, range, residual, ordered: false }
}

function rarestOf(
  statements: Statements,
  drivers: readonly Driver[],
  sortedRows: number,
): { driver: Driver; count: number } | null {
  let rarest: { driver: Driver; count: number } | null = null
  for (const driver of drivers) {
    let count = 0
    for (const one of driver.each) {
      const sql = `SELECT 1 FROM workflow_runs r INDEXED BY ${driver.index} WHERE ${one.sql}`
      count += capped(statements, sql, one.values, sortedRows)
    }
    if (rarest === null || count < rarest.count) rarest = { driver, count }
    if (count <= sortedRows / 50) break
  }
  return rarest
}

/** How many rows, as far as it matters. */
function capped(statements: Statements, sql: string, values: readonly Cell[], sortedRows: number): number {
  return statements.get(`SELECT count(*) AS n FROM (${sql} LIMIT ?)`, [...values, sortedRows + 1])!.n as number
}
