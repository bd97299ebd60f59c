/**
 * Counts over the runs that match, in groups: by status, by time, by the values of a field. Looked at newest first, a
 * bounded number of rows a statement (rule 29), until all are seen or the time is up; then what was counted is told as
 * not exact. Where only times are asked an index has all that is needed, and no row is read.
 */

import {
  bucketsOf,
  type FacetName,
  type FacetTally,
  type HistogramWindow,
  mostFrequent,
  type StatusCounts,
} from "../../../core/views/run-tally.ts"
import { runStatuses } from "../../../core/views/status-words.ts"
import type { RunQuestion } from "../../../ports/run-question.ts"
import type { Counted } from "../../../ports/run-tallies.ts"
import type { Condition } from "./condition.ts"
import { askedOf, type ListTools } from "./list-runs.ts"
import { type Asked, planRuns, scansOf } from "./plan-runs.ts"
import { segmentsOf } from "./run-order.ts"
import { chunksOf, type Scan, source } from "./scan.ts"
import { shownTags } from "./standing-sql.ts"
import type { Row, Statements } from "./statements.ts"
import { groupColumn, groupStatus, statusesMeant, valueIndexes } from "./tally-covered.ts"

const newestFirst = segmentsOf("-startedAt")[0]!

export function countsByStatus(tools: ListTools, question: RunQuestion): Counted<StatusCounts> {
  const counts = new Map<string, number>()
  const all: Condition = { sql: "0", values: [] }
  const exact = byStatus(tools, question, all, ({ k0, n }) => add(counts, k0, n))
  return { value: Object.fromEntries(counts) as StatusCounts, exact }
}

export function histogram(
  tools: ListTools,
  question: RunQuestion,
  window: HistogramWindow,
): Counted<readonly StatusCounts[]> {
  const { from, to, bucketMs } = window
  const buckets = Array.from({ length: bucketsOf(window) }, () => new Map<string, number>())
  // Numbers are bound as doubles, so the quotient has to be cut.
  const bucket: Condition = { sql: "CAST((sort_at - ?) / ? AS INTEGER)", values: [from, bucketMs] }
  const exact = byStatus(tools, startedIn(question, from, to), bucket, ({ k0, k1, n }) => {
    const counts = buckets[k1 as number]
    if (counts !== undefined) add(counts, k0, n)
  })
  return { value: buckets.map((counts) => Object.fromEntries(counts) as StatusCounts), exact }
}

/** Groups by status and `key`. */
function byStatus(tools: ListTools, question: RunQuestion, key: Condition, take: (row: Row) => void): boolean {
  const asked = askedOf(tools.statements, question, null)
  const statuses = statusesMeant(asked)
  if (statuses === null) return tally(tools, asked, [{ sql: "r.status", values: [] }, key], take)
  const { statements, bounds } = tools
  return statuses.map((one) => groupStatus(statements, asked, one, key, bounds, take)).every(Boolean)
}

const facetColumns: { readonly [Name in FacetName]: string } = {
  workflowId: "workflow_id",
  status: "status",
  env: "environment",
  version: "workflow_version",
  tag: "tags",
  errorCode: "error_code",
  hitl: "hitl",
  actor: "actor",
}

export function facets(
  tools: ListTools,
  question: RunQuestion,
  names: readonly FacetName[],
  valuesMax: number,
): Counted<readonly FacetTally[]> {
  const asked = askedOf(tools.statements, question, null)
  // A narrow time is quicker read row by row than every value's index from end to end.
  const fromIndex = statusesMeant(asked)?.length === runStatuses.length && asked.predicate.times.length === 0
  const covered = names.filter((name) => fromIndex && facetColumns[name] in valueIndexes)
  const rest = names.filter((name) => !covered.includes(name))
  const counts = new Map(names.map((name) => [name, new Map<string, number>()] as const))
  const exact = new Map<FacetName, boolean>()
  for (const name of covered) {
    const into = counts.get(name)!
    const take = (value: string, n: number) => add(into, value, n)
    exact.set(name, groupColumn(tools.statements, asked, facetColumns[name], tools.bounds, take))
  }
  const keys = rest.map((name) => ({ sql: name === "tag" ? shownTags : `r.${facetColumns[name]}`, values: [] }))
  const all = keys.length === 0 || tally(tools, asked, keys, (row) => addFacets(counts, rest, row))
  for (const name of rest) exact.set(name, all)
  const value = names.map((name) => mostFrequent(name, counts.get(name)!, valuesMax, exact.get(name)!))
  return { value, exact: value.every((facet) => facet.exact) }
}

function addFacets(counts: ReadonlyMap<FacetName, Map<string, number>>, names: readonly FacetName[], row: Row): void {
  for (const [index, name] of names.entries()) {
    const value = row[`k${index}`] as string | null
    if (value === null) continue
    for (const one of name === "tag" ? tagsOf(value) : [value]) add(counts.get(name)!, one, row.n)
  }
}

function tagsOf(text: string): readonly string[] {
  return text === "[]" ? [] : [...new Set(JSON.parse(text) as string[])]
}

function add(counts: Map<string, number>, value: unknown, count: unknown): void {
  counts.set(value as string, (counts.get(value as string) ?? 0) + (count as number))
}

function startedIn(question: RunQuestion, from: number, to: number): RunQuestion {
  const least = { value: from, from: "zero", included: true } as const
  const most = { value: to, from: "zero", included: false } as const
  const test = { kind: "number", field: "sortAt", any: [{ least, most }], now: null } as const
  return { ...question, filter: { ...question.filter, terms: [...question.filter.terms, { negated: false, test }] } }
}

/** @param take gets groups; the same group may come several times. Returns whether all rows were looked at. */
function tally(tools: ListTools, asked: Asked, keys: readonly Condition[], take: (row: Row) => void): boolean {
  const { statements, bounds, clock } = tools
  const deadline = clock() + bounds.tallyMs
  const plan = planRuns(statements, asked, bounds.sortedRows)
  for (const scan of scansOf(plan, asked, newestFirst)) {
    for (const where of chunksOf(statements, scan, newestFirst.order, bounds.tallyRows)) {
      if (clock() > deadline) return false
      group(statements, scan, where, keys, take)
    }
  }
  return true
}

function group(
  statements: Statements,
  scan: Scan,
  where: Condition,
  keys: readonly Condition[],
  take: (row: Row) => void,
): void {
  const select = keys.map((key, index) => `${key.sql} AS k${index}`).join(", ")
  const by = keys.map((_, index) => String(index + 1)).join(", ")
  const values = [...keys.flatMap((key) => key.values), ...where.values]
  for (const row of statements.all(
    `SELECT ${select}, count(*) AS n FROM ${source(scan)} WHERE ${where.sql} GROUP BY ${by}`,
    values,
  ))
    take(row)
}
