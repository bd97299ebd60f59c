/** Workflows, approvals and issues by what stands in their ids, names and messages; newest first, bounded in time. */
import { lowerAscii } from "../../../core/views/run-facts.ts"
import type { FoundName } from "../../../ports/search-index.ts"
import { inTimeEachRow, type Row, type Statements } from "./statements.ts"

interface Named {
  readonly kind: FoundName["kind"]
  readonly from: string
  readonly id: string
  readonly title: string
  readonly state: string
  readonly at: string
  readonly runId: string
  /** In whose text the words may stand. */
  readonly texts: { readonly [path: string]: string }
  readonly order: string
}

const tables: readonly Named[] = [
  {
    kind: "workflow",
    from: "workflow_definitions n",
    id: "n.workflow_id",
    title: "n.name",
    state: "n.status",
    at: "n.updated_at",
    runId: "NULL",
    texts: { workflowId: "n.workflow_id", name: "n.name", description: "n.description" },
    order: "n.workflow_id",
  },
  {
    kind: "approval",
    from: "workflow_approvals n INDEXED BY workflow_approvals_by_time",
    id: "n.approval_id",
    title: "n.name",
    state: "n.state",
    at: "n.requested_at",
    runId: "(SELECT k.run_id FROM workflow_run_keys k WHERE k.run_key = n.run_key)",
    texts: { approvalId: "n.approval_id", name: "n.name", message: "n.message" },
    order: "n.requested_at DESC, n.approval_id DESC",
  },
  {
    kind: "issue",
    from: "issues n INDEXED BY issues_by_last_seen",
    id: "n.issue_id",
    title: "n.message",
    state: "n.state",
    at: "n.last_seen_at",
    runId: "NULL",
    texts: { issueId: "n.issue_id", errorCode: "n.error_code", step: "n.step", message: "n.message" },
    order: "n.last_seen_at DESC, n.issue_key DESC",
  },
]

export function searchNames(
  statements: Statements,
  workspaceId: string,
  words: readonly string[],
  limit: number,
): readonly FoundName[] {
  return tables.flatMap((table) => {
    const { kind, from, id, title, state, at, runId, texts, order } = table
    const columns = Object.values(texts).map((column) => `coalesce(${column}, '')`)
    const held = `lower(${columns.join(" || char(10) || ")})`
    const holds = words.map(() => `instr(${held}, ?) > 0`).join(" AND ")
    const sql = `SELECT ${id} AS id, ${title} AS title, ${state} AS state, ${at} AS at, ${runId} AS "runId",
      ${columns.map((column, index) => `${column} AS t${index}`).join(", ")}
      FROM ${from} WHERE n.workspace_id = ? AND ${inTimeEachRow} AND ${holds} ORDER BY ${order} LIMIT ?`
    const rows = statements.all(sql, [workspaceId, ...words.map(lowerAscii), limit])
    return rows.map((row) => foundName(kind, row, Object.keys(texts)))
  })
}

function foundName(kind: FoundName["kind"], row: Row, paths: readonly string[]): FoundName {
  return {
    kind,
    id: row.id as string,
    title: row.title as string,
    state: row.state as string,
    at: row.at as number,
    runId: row.runId as string | null,
    texts: Object.fromEntries(paths.map((path, index) => [path, row[`t${index}`] as string])),
  }
}
