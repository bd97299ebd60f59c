/** How one text or number is matched, as a part of a statement. */
import { matchesPattern, type Range, type TextMatch } from "../../../core/views/run-term.ts"
import type { Condition } from "./condition.ts"

/** The function for patterns, which every connection that lists runs must have. */
export const patternFunction = "waybill_pattern"

export function patternHolds(source: unknown, text: unknown): number {
  return typeof text === "string" && matchesPattern(String(source), text) ? 1 : 0
}

export function matchCondition(column: string, match: TextMatch): Condition {
  switch (match.kind) {
    case "is":
      return { sql: `${column} = ?`, values: [match.text] }
    case "has":
      return { sql: `instr(lower(${column}), lower(?)) > 0`, values: [match.text] }
    case "glob":
      // Only the star is special in a query; `?` and `[` are made plain.
      return { sql: `${column} GLOB ?`, values: [match.pattern.replace(/[?[]/g, "[$&]")] }
    case "pattern":
      return { sql: `${patternFunction}(?, ${column})`, values: [match.source] }
  }
}

export function rangeCondition(number: Condition, { least, most }: Range): Condition {
  const edges: Condition[] = []
  const edge = (operator: string, value: number): void => {
    edges.push({ sql: `${number.sql} ${operator} ?`, values: [...number.values, value] })
  }
  if (least !== null) edge(least.included ? ">=" : ">", least.value)
  if (most !== null) edge(most.included ? "<=" : "<", most.value)
  if (edges.length === 0) return { sql: `${number.sql} IS NOT NULL`, values: number.values }
  return { sql: `(${edges.map((one) => one.sql).join(" AND ")})`, values: edges.flatMap((one) => one.values) }
}
