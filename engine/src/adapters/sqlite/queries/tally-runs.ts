/**
 * Counts over the runs that match, in groups: by status, by time, by the values of a field. Where counts are kept by what
 * is asked, they are added up. Else runs are looked at newest first, a bounded number of rows a statement (rule 29), until
 * all are seen or the time is up; then what was counted is told as not exact. Where only times are asked an index has all
 * that is needed, and no row is read.
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
import type { Asked } from "./asked.ts"
import type { Condition } from "./condition.ts"
import { asksNothing, isKept, keptActors, keptByColumn, keptColumns, keptHistogram, unfinished } from "./kept-counts.ts"
import { askedOf, type ListTools } from "./list-runs.ts"
import { planRuns, scansOf } from "./plan-runs.ts"
import { segmentsOf } from "./run-order.ts"
import { chunksOf, source } from "./scan.ts"
import type { Scan } from "./scan-shape.ts"
import { shownTags } from "./standing-sql.ts"
import type { Row, Statements } from "./statements.ts"
import { groupColumn, groupStatus, statusesMeant, valueIndexes } from "./tally-covered.ts"

const newestFirst = segmentsOf("-startedAt")[0]!

export function countsByStatus(tools: ListTools, question: RunQuestion): Counted<StatusCounts> {
  const counts = new Map<string, number>()
  const asked = askedOf(tools.statements, question, null)
  if (isKept(asked)) {
    const take = (status: string | null, n: number) => add(counts, status, n)
    keptByColumn(tools.statements, asked, "status", take)
    const goingOn = [{ sql: "r.status", values: [] }]
    const exact = tallyScan(tools, unfinished(asked), goingOn, deadlineOf(tools), (row) => add(counts, row.k0, row.n))
    return { value: Object.fromEntries(counts) as StatusCounts, exact }
  }
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
  const told = (exact: boolean) => ({
    value: buckets.map((counts) => Object.fromEntries(counts) as StatusCounts),
    exact,
  })
  const everything = askedOf(tools.statements, question, null)
  const addTo = (index: number, status: string, runs: number) => add(buckets[index]!, status, runs)
  if (keptHistogram(tools.statements, everything, window, addTo)) return told(true)
  // Numbers are bound as doubles, so the quotient has to be cut.
  const bucket: Condition = { sql: "CAST((sort_at - ?) / ? AS INTEGER)", values: [from, bucketMs] }
  const exact = byStatus(tools, startedIn(question, from, to), bucket, ({ k0, k1, n }) => {
    const counts = buckets[k1 as number]
    if (counts !== undefined) add(counts, k0, n)
  })
  return told(exact)
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
  const { statements } = tools
  const asked = askedOf(statements, question, null)
  const deadline = deadlineOf(tools)
  const counts = new Map(names.map((name) => [name, new Map<string, number>()] as const))
  const isExact = new Map<FacetName, boolean>()
  const kept = names.filter((name) => isKeptFacet(asked, name))
  for (const name of kept) {
    const take = (value: string | null, n: number) => value !== null && add(counts.get(name)!, value, n)
    if (name === "actor") keptActors(statements, asked, take)
    else keptByColumn(statements, asked, keptColumns[name]!, take)
  }
  const into = (these: readonly FacetName[]) => (row: Row) => addFacets(counts, these, row)
  const goOn = kept.length === 0 || tallyScan(tools, unfinished(asked), kept.map(facetKey), deadline, into(kept))
  for (const name of kept) isExact.set(name, goOn)
  // A narrow time is quicker read row by row than every value's index from end to end.
  const fromIndex = statusesMeant(asked)?.length === runStatuses.length && asked.predicate.times.length === 0
  const left = names.filter((name) => !kept.includes(name))
  const covered = left.filter((name) => fromIndex && facetColumns[name] in valueIndexes)
  for (const name of covered) {
    const take = (value: string, n: number) => add(counts.get(name)!, value, n)
    isExact.set(name, groupColumn(statements, asked, facetColumns[name], tools.bounds, take))
  }
  const looked = left.filter((name) => !covered.includes(name))
  const all = looked.length === 0 || tally(tools, asked, looked.map(facetKey), into(looked), deadline)
  for (const name of looked) isExact.set(name, all)
  const value = names.map((name) => mostFrequent(name, counts.get(name)!, valuesMax, isExact.get(name)!))
  return { value, exact: value.every((facet) => facet.exact) }
}

function isKeptFacet(asked: Asked, name: FacetName): boolean {
  return name === "actor" ? asksNothing(asked) : name in keptColumns && isKept(asked)
}

function facetKey(name: FacetName): Condition {
  return { sql: name === "tag" ? shownTags : `r.${facetColumns[name]}`, values: [] }
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

function deadlineOf({ clock, bounds }: ListTools): number {
  return clock() + bounds.tallyMs
}

/** @param take gets groups; the same group may come several times. Returns whether all rows were looked at. */
function tally(
  tools: ListTools,
  asked: Asked,
  keys: readonly Condition[],
  take: (row: Row) => void,
  deadline = deadlineOf(tools),
): boolean {
  const plan = planRuns(tools.statements, asked, tools.bounds.sortedRows)
  return scansOf(plan, asked, newestFirst).every((scan) => tallyScan(tools, scan, keys, deadline, take))
}

function tallyScan(
  { statements, bounds, clock }: ListTools,
  scan: Scan,
  keys: readonly Condition[],
  deadline: number,
  take: (row: Row) => void,
): boolean {
  let pieces = 0
  let rows = Math.ceil(bounds.tallyRows / firstPart)
  for (const where of chunksOf(statements, scan, newestFirst.order, () => rows)) {
    const began = clock()
    // The first is looked at however late it is: where there are few runs all are counted on a slow day too.
    if (pieces++ > 0 && began > deadline) return false
    group(statements, scan, where, keys, take)
    const took = clock() - began
    rows = took > pieceMs ? Math.ceil(rows / 2) : Math.min(bounds.tallyRows, rows * 2)
  }
  return true
}

/** Rows that come from the disk cost a hundred times what they cost in memory: as many as turn out to be quick are read at once. */
const firstPart = 8
const pieceMs = 10

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
