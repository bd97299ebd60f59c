/**
 * Chooses how a run list is read. A field with few matches is read whole and sorted; otherwise the index that has both
 * the rarest field and the order is walked. The choice is ours, not the planner's: it must not change with statistics.
 */
import type { Cell } from "../rows.ts"
import type { Asked, Begun, Plan } from "./asked.ts"
import { all, type Condition, equal } from "./condition.ts"
import { rangeCondition } from "./match-sql.ts"
import { along, among } from "./members.ts"
import { isNarrow } from "./narrow.ts"
import { isByStatus, type Order, type Segment, sameOrderAsTime } from "./run-order.ts"
import { type Driver, keysWith, rest } from "./run-predicate.ts"
import type { Scan } from "./scan-shape.ts"
import type { Statements } from "./statements.ts"
import { asOf, byCreated, byTime, createdIndex, onceEach, overlap, underWay } from "./time-scans.ts"

/** Entries of an index that are looked at for those that are meant. */
const lookedMax = 100_000

export function planRuns(statements: Statements, asked: Asked, sortedRows: number): Plan {
  const { predicate } = asked
  const newest = asOf(asked)
  const residual = everythingAsked(asked)
  const few = (walked: Driver | null, most: number) =>
    among(statements, predicate, walked, walked === null ? underWay(asked) : null, asked, most)
  const byKeys = (keys: Condition | null, count: number): Plan => {
    const range = keys === null ? newest : all([newest, { sql: `r.run_key IN (${keys.sql})`, values: keys.values }])
    return { whole: wholeScan(asked, null, range, residual, keys), count, driver: null, among: few, begun: () => null }
  }
  if (asked.exactId) return byKeys(null, 1)
  const named = predicate.runIds[0]
  if (named !== undefined) return byKeys(keysWith("workflow_run_keys", "run_id", named), named.length)
  for (const keys of [...predicate.keys, ...predicate.said]) {
    const count = capped(statements, keys.sql, keys.values, sortedRows)
    if (count <= sortedRows) return byKeys(keys, count)
  }
  for (const { all: looked, keys } of predicate.looked) {
    if (capped(statements, looked.sql, looked.values, lookedMax) > lookedMax) continue
    const count = capped(statements, keys.sql, keys.values, sortedRows)
    if (count <= sortedRows) return byKeys(keys, count)
  }
  for (const { index, condition } of predicate.sparse) {
    const having = `SELECT 1 FROM workflow_runs r INDEXED BY ${index} WHERE ${condition.sql}`
    const count = capped(statements, having, condition.values, sortedRows)
    if (count <= sortedRows)
      return {
        count,
        whole: wholeScan(asked, index, all([newest, condition]), residual, along(index, condition)),
        driver: null,
        among: few,
        begun: () => null,
      }
  }
  const rarest = rarestOf(statements, predicate.drivers, sortedRows)
  if (rarest === null) return { whole: null, count: 0, driver: null, among: few, begun: () => null }
  if (rarest.count > sortedRows)
    return { whole: null, count: 0, driver: rarest.driver, among: few, begun: () => begunOf(statements, rarest.driver) }
  const range = all([newest, rarest.driver.any])
  return {
    whole: wholeScan(asked, rarest.driver.index, range, residual, along(rarest.driver.index, rarest.driver.any)),
    count: rarest.count,
    driver: rarest.driver,
    among: few,
    begun: () => begunOf(statements, rarest.driver),
  }
}

/** All that a filter says of a run, however it is found. */
export function everythingAsked({ predicate, filter }: Asked): Condition {
  return all([rest(predicate, null), ...predicate.times, ...overlap(filter)])
}

/** The scans whose rows together are one segment of the list, each run in exactly one of them. */
export function scansOf(plan: Plan, asked: Asked, segment: Segment): readonly Scan[] {
  const own = segment.condition === null ? [] : [segment.condition]
  const inOrder = sameOrderAsTime(segment.order) && segment.condition === null
  if (plan.whole !== null && !isBetterWalked(plan, segment, inOrder))
    return [{ ...plan.whole, residual: all([...(plan.whole.residual === null ? [] : [plan.whole.residual]), ...own]) }]
  if (inOrder) return byTime(plan, asked)
  const bounds = leading(asked, segment.order)
  const range = all([equal("workspace_id", asked.workspaceId), asOf(asked), ...own, ...bounds])
  const conditions = [rest(asked.predicate, null), ...asked.predicate.times, ...overlap(asked.filter)]
  const trivial = asked.predicate.conditions.length === 1 && conditions.length === 1
  if (segment.order.index === createdIndex) return byCreated(plan, asked, segment.order)
  const residual = trivial ? null : all(conditions)
  const narrow = residual === null ? null : isNarrow(segment.order.index, residual)
  const few = onceEach((most: number) => plan.among(null, most))
  return [{ index: segment.order.index, range, leading: all(bounds), residual, ordered: true, among: few, narrow }]
}

/** From so many of a million on, a page of them is met within a short walk along the list's own order. */
const walkedFrom = 2_000

/** In time order the index of a field has its runs: of few of them, too, only the page's are read. */
function isBetterWalked({ driver, count }: Plan, segment: Segment, inOrder: boolean): boolean {
  if (inOrder) return driver !== null && !driver.byId
  return count >= walkedFrom && !isByStatus(segment) && segment.order.index !== "workflow_runs_unfinished"
}

/** What is asked of the field by which the list is ordered: the walk begins and ends with it. */
function leading({ filter }: Asked, { columns }: Order): readonly Condition[] {
  if (columns[0] === "r.status") return filter.status.length === 1 ? [equal("status", filter.status[0]!)] : []
  const field = columns[0] === "r.duration_ms" ? "durationMs" : null
  return filter.terms.flatMap(({ negated, test }) =>
    !negated && test.kind === "number" && test.field === field && test.any.length === 1
      ? [rangeCondition({ sql: columns[0]!, values: [] }, test.any[0]!)]
      : [],
  )
}

function wholeScan(
  { workspaceId }: Asked,
  index: string | null,
  range: Condition,
  residual: Condition,
  keys: Condition | null,
): Scan {
  return { index, range, residual, ordered: false, keys: keys === null ? null : { ...keys, workspaceId } }
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

/** From the two ends of each of its values. */
function begunOf(statements: Statements, { index, byId, each }: Driver): Begun | null {
  if (byId) return null
  const end = (condition: Condition, order: "ASC" | "DESC") => {
    const sql = `SELECT r.sort_at AS "at" FROM workflow_runs r INDEXED BY ${index} WHERE ${condition.sql}
      ORDER BY r.sort_at ${order} LIMIT 1`
    return (statements.get(sql, condition.values)?.at ?? null) as number | null
  }
  const ends = each.flatMap((one) => [end(one, "ASC"), end(one, "DESC")]).filter((at) => at !== null)
  return ends.length === 0 ? null : { least: Math.min(...ends), most: Math.max(...ends) }
}

/** How many rows, as far as it matters. */
function capped(statements: Statements, sql: string, values: readonly Cell[], sortedRows: number): number {
  return statements.get(`SELECT count(*) AS n FROM (${sql} LIMIT ?)`, [...values, sortedRows + 1])!.n as number
}
