/**
 * A few thousand runs that are known by their keys, in an order that no index has for them: their times are found side by
 * side in an index by key (migration `list-orders`), and only the rows that come first are read. Runs that go on are not in
 * it; they are few, and are found where they lie.
 */
import { all, type Condition, equal } from "./condition.ts"
import { behind, compareInOrder, type Key, keyColumns, keyOf, type Order } from "./run-order.ts"
import type { Found, Scan, Scanned } from "./scan-shape.ts"
import { inTime, type Statements } from "./statements.ts"

const timesIndex = "workflow_runs_times"
const unfinishedIndex = "workflow_runs_unfinished"
const inTimes: ReadonlySet<string> = new Set(["r.run_key", "r.sort_at", "r.created_at", "r.duration_ms", "r.status"])
/** Rows beyond the page's that are read at once: what is asked beside the keys takes hardly one of them away. */
const spare = 10

export function sortsByTimes({ columns }: Order): boolean {
  return columns.every((column) => inTimes.has(column))
}

/**
 * @param scan with `keys` @param columns what is selected of each row, beside its key
 * @param isBounded so few that no time has to be kept
 */
export function readSorted(
  statements: Statements,
  scan: Scan,
  order: Order,
  columns: string,
  after: Key | null,
  limit: number,
  isBounded: boolean,
): Scanned {
  const found: Found[] = []
  for (let from = after, wanted = limit + spare; ; wanted *= 100) {
    const { keys, rows } = statements.together(() => {
      const keys = firstKeys(statements, scan, order, from, wanted, isBounded)
      return { keys, rows: rowsOf(statements, scan, order, columns, keys) }
    })
    found.push(...rows)
    if (found.length >= limit) return { found: found.slice(0, limit), frontier: found[limit - 1]!.key }
    if (keys.length < wanted) return { found, frontier: null }
    from = keys[keys.length - 1]!
  }
}

function firstKeys(
  statements: Statements,
  { keys, leading }: Scan,
  order: Order,
  from: Key | null,
  limit: number,
  isBounded: boolean,
): readonly Key[] {
  const { sql, values, workspaceId, also } = keys!
  const more = [...(also ? [also] : []), ...(leading ? [leading] : []), ...(from === null ? [] : [behind(order, from)])]
  const part = (index: string, having: readonly Condition[]): Condition => {
    // The plus keeps the keys from being looked up in the table.
    const among: Condition = { sql: `${index === timesIndex ? "" : "+"}r.run_key IN (${sql})`, values }
    const where = all([...(isBounded ? [] : [{ sql: inTime("r.run_key"), values: [] }]), ...having, among, ...more])
    return {
      sql: `SELECT ${keyColumns(order)} FROM workflow_runs r INDEXED BY ${index} WHERE ${where.sql}`,
      values: where.values,
    }
  }
  const isEnded: Condition = { sql: "r.duration_ms IS NOT NULL", values: [] }
  const goesOn: Condition = { sql: "r.completed_at IS NULL", values: [] }
  const parts = [
    ...(order.index === unfinishedIndex ? [] : [part(timesIndex, [isEnded])]),
    ...(order.columns[0] === "r.duration_ms"
      ? []
      : [part(unfinishedIndex, [equal("workspace_id", workspaceId), goesOn])]),
  ]
  const by = order.columns.map((_, index) => `key${index} ${order.descending ? "DESC" : "ASC"}`).join(", ")
  const rows = statements.all(
    `SELECT * FROM (${parts.map(({ sql }) => sql).join(" UNION ALL ")}) ORDER BY ${by} LIMIT ?`,
    [...parts.flatMap(({ values }) => values), limit],
  )
  return rows.map((row) => keyOf(order, row))
}

/** In the order of their keys. */
function rowsOf(
  statements: Statements,
  { range, residual }: Scan,
  order: Order,
  columns: string,
  keys: readonly Key[],
): readonly Found[] {
  const runKeys = keys.map((key) => key[key.length - 1] as number)
  const where = all([range, ...(residual === null ? [] : [residual])])
  const sql = `SELECT ${columns}, ${keyColumns(order)} FROM workflow_runs r NOT INDEXED
    WHERE r.run_key IN (SELECT value FROM json_each(?)) AND ${where.sql}`
  const rows = statements.all(sql, [JSON.stringify(runKeys), ...where.values])
  return rows.map((row) => ({ key: keyOf(order, row), row })).sort((a, b) => compareInOrder(order, a.key, b.key))
}
