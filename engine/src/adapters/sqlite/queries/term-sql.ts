/**
 * A query's term as SQL: what `matchesTerm` says of a row in memory. A column without a value never holds, so what is
 * asked of it is `NULL` or false; a negation takes both as "does not hold". Values are bound, never part of the text.
 */
import type { DurationLimit } from "../../../core/views/late-runs.ts"
import type { NumberField, PresentField, RunTerm, RunTest, TextField, TextMatch } from "../../../core/views/run-term.ts"
import { type Cell, columnOf } from "../rows.ts"
import type { Condition } from "./condition.ts"
import { matchCondition, rangeCondition } from "./match-sql.ts"
import { anywhere, atPath } from "./search-sql.ts"
import { hasNote, owner, resolution, shownTags } from "./standing-sql.ts"

export function termCondition({ negated, test }: RunTerm): Condition {
  const condition = testCondition(test)
  return negated ? { sql: `NOT coalesce(${condition.sql}, 0)`, values: condition.values } : condition
}

function testCondition(test: RunTest): Condition {
  switch (test.kind) {
    case "text":
      return test.field === "tag" ? tagged(test.any) : textCondition(test.field, test.any)
    case "number":
      return either(test.any.map((range) => rangeCondition(numberOf(test.field, test.now), range)))
    case "present":
      return either(test.any.map((field) => ({ sql: present[field], values: [] })))
    // Resolved it is a range of ends, or ids of runs.
    case "archived":
    case "stalled":
      return either([])
    case "late":
      return either((test.limits ?? []).map((limit) => beyond(limit, test.now ?? 0)))
    case "words":
      return anywhere(test.text)
    case "value":
      return atPath(test)
  }
}

function either(conditions: readonly Condition[]): Condition {
  return {
    sql: `(${conditions.map((one) => one.sql).join(" OR ") || "0"})`,
    values: conditions.flatMap((one) => one.values),
  }
}

function textCondition(field: Exclude<TextField, "tag">, any: readonly TextMatch[]): Condition {
  const column = columnFor(field)
  const exact = textsOf(any)
  const conditions = any.filter((match) => match.kind !== "is").map((match) => matchCondition(column, match))
  if (exact.length > 0) conditions.push(among(column, exact))
  const numbers = field === "version" ? exact.filter(isNumber).map(Number) : []
  if (numbers.length > 0) conditions.push(among("r.version_number", numbers))
  return either(conditions)
}

function columnFor(field: Exclude<TextField, "tag">): string {
  switch (field) {
    case "owner":
      return owner
    case "resolution":
      return resolution
    case "version":
      return "r.workflow_version"
    case "issue":
      return "(SELECT f.issue_id FROM issue_runs f WHERE f.run_id = r.run_id LIMIT 1)"
    default:
      return `r.${columnOf(field)}`
  }
}

/** The values that are asked for exactly. */
export function textsOf(any: readonly TextMatch[]): readonly string[] {
  return [...new Set(any.flatMap((match) => (match.kind === "is" ? [match.text] : [])))]
}

function isNumber(text: string): boolean {
  return /^[0-9]{1,15}$/.test(text) && String(Number(text)) === text
}

function among(column: string, values: readonly Cell[]): Condition {
  return { sql: `${column} IN (${values.map(() => "?").join(", ")})`, values }
}

function tagged(any: readonly TextMatch[]): Condition {
  const exact = textsOf(any)
  const inexact = any.filter((match) => match.kind !== "is").map((match) => matchCondition("t.value", match))
  const parts: Condition[] = []
  if (exact.length > 0) {
    const marks = exact.map(() => "?").join(", ")
    const sql = `EXISTS (SELECT 1 FROM workflow_run_tags t WHERE t.tag IN (${marks}) AND t.run_key = r.run_key)`
    parts.push({ sql, values: exact })
  }
  // The index of tags finds runs by tag; of one run, its own list is at hand.
  if (inexact.length > 0) {
    const condition = either(inexact)
    const sql = `(${shownTags} <> '[]' AND EXISTS (SELECT 1 FROM json_each(${shownTags}) t WHERE ${condition.sql}))`
    parts.push({ sql, values: condition.values })
  }
  return either(parts)
}

const present: { readonly [Field in PresentField]: string } = {
  error: "r.error_code IS NOT NULL",
  hitl: "r.hitl IS NOT NULL",
  tag: `${shownTags} <> '[]'`,
  note: hasNote,
  owner: `${owner} IS NOT NULL`,
  parent: "r.parent_run_id IS NOT NULL",
  event: "r.business_event_id IS NOT NULL",
  rerun: "r.rerun_of IS NOT NULL",
  retry: "r.retry_count > 0",
  output: "r.output_seq IS NOT NULL",
}

function numberOf(field: NumberField, now: number | null): Condition {
  if (field !== "durationMs") return { sql: `r.${columnOf(field)}`, values: [] }
  return { sql: took, values: [now] }
}

/** As far as it goes on: up to the time that is bound. */
const took = "coalesce(r.duration_ms, max(0, ? - r.sort_at))"

/** `isLate` of one limit. */
function beyond({ workflowId, environment, limitMs }: DurationLimit, now: number): Condition {
  const judged = "r.origin = 'live' AND r.status NOT IN ('FAILED', 'CANCELLED')"
  const sql = `(r.workflow_id = ? AND r.environment = ? AND ${judged} AND ${took} > ?)`
  return { sql, values: [workflowId, environment, now, limitMs] }
}
