/** A condition on runs as a part of a statement, with the values that are bound to it. */
import { withoutStar } from "../../../core/search/words.ts"
import { lowerAscii } from "../../../core/views/run-facts.ts"
import type { Cell } from "../rows.ts"

export interface Condition {
  readonly sql: string
  readonly values: readonly Cell[]
}

export function equal(column: string, value: Cell): Condition {
  return { sql: `r.${column} = ?`, values: [value] }
}

export function anyOf(column: string, values: readonly string[]): Condition {
  return { sql: `r.${column} IN (${values.map(() => "?").join(", ")})`, values }
}

export function all(conditions: readonly Condition[]): Condition {
  return {
    sql: conditions.map((one) => one.sql).join(" AND ") || "1",
    values: conditions.flatMap((one) => one.values),
  }
}

/** SQLite's `lower` changes ASCII letters only, as the filter's meaning says. */
export function contains(text: string): Condition {
  const places = ["run_id", "workflow_id", "workflow_name", "business_event_id", "correlation_id"]
  const wanted = lowerAscii(withoutStar(text))
  return {
    sql: `(${places.map((column) => `instr(lower(coalesce(r.${column}, '')), ?) > 0`).join(" OR ")})`,
    values: places.map(() => wanted),
  }
}
