/** Where the counts that are kept of finished runs are not what their rows say: after somebody wrote rows by hand. */
import type { CountAdrift } from "../../../ports/history-store.ts"
import type { CountTableShape } from "../count-tables.ts"
import type { Statements } from "./statements.ts"

/** One statement over all runs, so that rows and counts are those of one moment: of a million runs it takes seconds. */
export function countsAdrift(statements: Statements, shape: CountTableShape, limit: number): readonly CountAdrift[] {
  const { table, columns, ofRows } = shape
  const keys = columns.map((_, index) => `k${index}`)
  const sql = `SELECT ${keys.join(", ")}, sum(n) AS n FROM (
      SELECT ${ofRows.map((of, index) => `${of} AS k${index}`).join(", ")}, 1 AS n
      FROM workflow_runs WHERE completed_at IS NOT NULL
      UNION ALL SELECT ${columns.map((column, index) => `${column} AS k${index}`).join(", ")}, -runs FROM ${table}
    ) GROUP BY ${keys.join(", ")} HAVING sum(n) <> 0 LIMIT ?`
  return statements
    .allAtLength(sql, [limit])
    .map((row) => ({ table, key: keys.map((key) => row[key] as string | number), runs: row.n as number }))
}
