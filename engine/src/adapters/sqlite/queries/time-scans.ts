/**
 * The scans of a list in order of time, by start or by creation, when a start, a creation or a time is asked as well. The
 * two times of a run differ little: a walk in the order of one is bounded by what is asked of the other, and the few runs
 * that waited long, or went on for long, are found along indexes of their own. Together each run is in one scan.
 */
import type { RunFilter } from "../../../core/views/run-query.ts"
import type { Range } from "../../../core/views/run-term.ts"
import type { Asked, Begun, Plan } from "./asked.ts"
import { all, type Condition, equal } from "./condition.ts"
import { along } from "./members.ts"
import { edges } from "./range-keys.ts"
import type { Order } from "./run-order.ts"
import { coveredBy, type Driver, rest } from "./run-predicate.ts"
import type { Scan } from "./scan-shape.ts"

/** Runs that began at most so long before the asked time are looked through; longer ones are found by their length. */
const longRunMs = 600_000
/** And those that began so long after they were created, or before, where a clock was set back: `workflow_runs_late` has these. */
const lateMs = 600_000
const timeIndex = "idx_workflow_executions_started_at"
export const createdIndex = "workflow_runs_by_created"
const lateIndex = "workflow_runs_late"

/** Several scans of one page ask for the same few, and often none of them does. */
export function onceEach<A, T>(make: (asked: A) => T): (asked: A) => T {
  const made = new Map<A, T>()
  return (asked) => {
    if (!made.has(asked)) made.set(asked, make(asked))
    return made.get(asked)!
  }
}

export function byTime({ driver, among: few }: Plan, asked: Asked): readonly Scan[] {
  const { filter, predicate } = asked
  const narrowed = onceEach((most: number) => few(driver, most))
  const index = driver?.index ?? timeIndex
  const covered = driver === null ? predicate.conditions.length === 1 : coveredBy(predicate, driver)
  const left = rest(predicate, driver)
  const created = createdIn(filter)
  const near = created === null ? [] : nearTo(created)
  const until = [...(filter.to === null ? [] : [time("<", filter.to)]), ...predicate.times]
  const each = driver?.each ?? [equal("workspace_id", asked.workspaceId)]
  const walk = (condition: Driver["each"][number], range: readonly Condition[], more: readonly Condition[]): Scan => ({
    index,
    range: all([condition, asOf(asked), ...until, ...near, ...range]),
    leading: all([...until, ...near, ...range, ...ownOfTimes(driver, condition)]),
    residual: covered && more.length === 0 ? null : all([left, ...more]),
    ordered: true,
    among: narrowed,
  })
  const far = created === null ? [] : [begunFarFrom(created, asked)]
  const { from } = filter
  if (from === null) return [...each.map((condition) => walk(condition, [], [])), ...far]
  const ended: Condition = { sql: "r.completed_at >= ?", values: [from] }
  const recent = [time("<", from), time(">=", from - longRunMs)]
  const everything = rest(predicate, null)
  return [
    ...each.map((condition) => walk(condition, [time(">=", from)], [])),
    ...each.map((condition) => walk(condition, recent, [ended])),
    goingOn(asked, all([...until, ...near, time("<", from)]), everything),
    long(asked, from, all([...until, ...near, everything])),
    ...far,
  ]
}

/** What the index of times by key has of a driver's field (`read-sorted.ts`). */
function ownOfTimes(driver: Driver | null, { own }: Driver["each"][number]): readonly Condition[] {
  return driver?.index === "idx_workflow_executions_workspace_status" && own !== undefined ? [own] : []
}

/** In order of creation, as far as what is asked of the start bounds it; the others are found by what sets them apart. */
export function byCreated(plan: Plan, asked: Asked, order: Order): readonly Scan[] {
  const { filter, predicate, workspaceId } = asked
  const started = overlapOf(startedIn(filter), filter.from === null ? plan.begun() : null)
  const within: Condition[] = []
  if (started.least !== null) within.push({ sql: "r.created_at >= ?", values: [started.least - lateMs] })
  if (started.most !== null) within.push({ sql: "r.created_at <= ?", values: [started.most + lateMs] })
  const created = createdIn(filter)
  const conditions = [rest(predicate, null), ...predicate.times, ...overlap(filter)]
  const trivial = predicate.conditions.length === 1 && conditions.length === 1
  const leading = all([...within, ...(created === null ? [] : [edges("r.created_at", created)])])
  const range = all([equal("workspace_id", workspaceId), asOf(asked), leading])
  const residual = trivial ? null : all(conditions)
  const among = onceEach((most: number) => plan.among(null, most))
  const walk: Scan = { index: order.index, range, leading, residual, ordered: true, among }
  if (within.length === 0) return [walk]
  const outside: Condition = { sql: `NOT (${all(within).sql})`, values: all(within).values }
  const everything = all([outside, ...conditions])
  const bounds = startBounds(started)
  const { from } = filter
  return [
    walk,
    { index: lateIndex, range: all([lateOf(asked), ...bounds]), residual: everything, ordered: false },
    ...(from === null || started.least === null
      ? []
      : [
          goingOn(asked, time("<", started.least), everything, false),
          long(asked, from, all([time("<", started.least), everything])),
        ]),
  ]
}

interface Times {
  readonly least: number | null
  readonly most: number | null
}

/** The starts that are asked; a run that was under way for less than `longRunMs` began at most so long before. */
function startedIn({ from, to, terms }: RunFilter): Times {
  let least = from === null ? null : from - longRunMs
  let most = to
  for (const { negated, test } of terms) {
    if (negated || test.kind !== "number" || test.field !== "sortAt" || test.any.length !== 1) continue
    const range = test.any[0]!
    // Beside a time it is only one bound more, which each run is asked.
    if (range.least !== null && from === null) least = Math.max(least ?? range.least.value, range.least.value)
    if (range.most !== null) most = Math.min(most ?? range.most.value, range.most.value)
  }
  return { least, most }
}

/** A field's runs are bounded by their own first and last, as by what is asked of the start. */
function overlapOf({ least, most }: Times, begun: Begun | null): Times {
  if (begun === null) return { least, most }
  return {
    least: least === null ? begun.least : Math.max(least, begun.least),
    most: most === null ? begun.most : Math.min(most, begun.most),
  }
}

function startBounds({ least, most }: Times): readonly Condition[] {
  return [...(least === null ? [] : [time(">=", least)]), ...(most === null ? [] : [time("<=", most)])]
}

/** One range of creation, or null. */
function createdIn({ terms }: RunFilter): Range | null {
  for (const { negated, test } of terms)
    if (!negated && test.kind === "number" && test.field === "createdAt" && test.any.length === 1) return test.any[0]!
  return null
}

function nearTo({ least, most }: Range): readonly Condition[] {
  return [
    ...(least === null ? [] : [time(">=", least.value - lateMs)]),
    ...(most === null ? [] : [time("<=", most.value + lateMs)]),
  ]
}

/** Runs that were created in the asked time, and began elsewhere. */
function begunFarFrom(created: Range, asked: Asked): Scan {
  const { filter, predicate } = asked
  const near = all(nearTo(created))
  return {
    index: lateIndex,
    range: all([lateOf(asked), edges("r.created_at", created), { sql: `NOT (${near.sql})`, values: near.values }]),
    residual: all([rest(predicate, null), ...predicate.times, ...overlap(filter)]),
    ordered: false,
  }
}

/** Written out, as in the index: it is of these runs only. */
function lateOf(asked: Asked): Condition {
  const apart: Condition = { sql: `abs(r.sort_at - r.created_at) > ${lateMs}`, values: [] }
  return all([equal("workspace_id", asked.workspaceId), asOf(asked), apart])
}

function goingOn(asked: Asked, bounds: Condition, residual: Condition, ordered = true): Scan {
  const unfinished: Condition = { sql: "r.completed_at IS NULL", values: [] }
  const range = all([equal("workspace_id", asked.workspaceId), unfinished, asOf(asked), bounds])
  return { index: "workflow_runs_unfinished", range, residual, ordered }
}

function long(asked: Asked, from: number, residual: Condition): Scan {
  const workspace = equal("workspace_id", asked.workspaceId)
  const ended: Condition = { sql: "r.completed_at >= ?", values: [from] }
  // Written out: the index is of these runs only.
  const lasting: Condition = { sql: `r.duration_ms > ${longRunMs}`, values: [] }
  return {
    index: "workflow_runs_long",
    range: all([workspace, lasting, ended, time("<", from - longRunMs)]),
    residual: all([asOf(asked), residual]),
    ordered: false,
  }
}

/** The keys of the runs that were under way in the asked time, along indexes alone; null: no time is asked. */
export function underWay({ workspaceId, filter: { from, to }, predicate }: Asked): Condition | null {
  if (from === null && to === null && predicate.times.length === 0) return null
  const workspace = equal("workspace_id", workspaceId)
  const until = [...(to === null ? [] : [time("<", to)]), ...predicate.times]
  if (from === null) return along(timeIndex, all([workspace, ...until]))
  const parts = [
    along(timeIndex, all([workspace, time(">=", from - longRunMs), ...until])),
    along("workflow_runs_unfinished", all([workspace, { sql: "r.completed_at IS NULL", values: [] }, time("<", from)])),
    along(
      "workflow_runs_long",
      all([
        workspace,
        { sql: `r.duration_ms > ${longRunMs}`, values: [] },
        { sql: "r.completed_at >= ?", values: [from] },
      ]),
    ),
  ]
  return { sql: parts.map(({ sql }) => sql).join(" UNION ALL "), values: parts.flatMap(({ values }) => values) }
}

export function asOf(asked: Asked): Condition {
  return { sql: "r.run_key <= ?", values: [asked.asOf] }
}

function time(operator: "<" | "<=" | ">=", value: number): Condition {
  return { sql: `r.sort_at ${operator} ?`, values: [value] }
}

export function overlap(filter: RunFilter): readonly Condition[] {
  const conditions: Condition[] = []
  if (filter.to !== null) conditions.push(time("<", filter.to))
  if (filter.from !== null)
    conditions.push({
      sql: "(r.completed_at IS NULL OR r.completed_at >= ? OR r.sort_at >= ?)",
      values: [filter.from, filter.from],
    })
  return conditions
}
