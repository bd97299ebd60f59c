/** A page of approvals, newest request or nearest breach first. Approvals are few beside runs: one ordered index, the rest asked a row. */
import { readCursor, writeCursor } from "../../../core/views/page-cursor.ts"
import type { ApprovalRow } from "../../../core/views/rows.ts"
import { type ApprovalSort, approvalKey, exactCountMax, type PageTotal } from "../../../core/views/run-query.ts"
import type { ApprovalListRequest, Listed } from "../../../ports/run-queries.ts"
import { approvalShape, type Cell, runKeyOf, selection } from "../rows.ts"
import { type ListTools, positionOf } from "./list-runs.ts"
import { inTimeEachRow, type Row, type Statements } from "./statements.ts"

const columns = `r.run_id AS "runId", ${selection(approvalShape, "a")}`

/** `approvalKey` as SQL. Those that wait are few: they are sorted, whatever the order. */
const breach = `min(coalesce(a.due_at, ${Number.MAX_SAFE_INTEGER}), coalesce(a.timeout_at, ${Number.MAX_SAFE_INTEGER}))`
const orders: { readonly [S in ApprovalSort]: { readonly by: string; readonly behind: string } } = {
  "-requestedAt": {
    by: "a.requested_at DESC, a.approval_id DESC",
    behind: "(a.requested_at, a.approval_id) < (?, ?)",
  },
  dueAt: {
    by: `${breach}, a.requested_at, a.approval_id`,
    behind: `(${breach}, a.requested_at, a.approval_id) > (?, ?, ?)`,
  },
}

export function approvalOf(row: Row): ApprovalRow {
  return { ...row, bound: row.bound === 1 } as unknown as ApprovalRow
}

export function findApproval(statements: Statements, approvalId: string): ApprovalRow | null {
  const sql = `SELECT ${columns} FROM workflow_approvals a JOIN workflow_run_keys r ON r.run_key = a.run_key WHERE a.approval_id = ?`
  const row = statements.get(sql, [approvalId])
  return row === undefined ? null : approvalOf(row)
}

export function listApprovals(tools: ListTools, request: ApprovalListRequest): Listed<ApprovalRow> {
  const { statements, mac } = tools
  const { filter, sort, workspaceId } = request
  const order = orders[sort]
  const question = JSON.stringify([
    "approvals",
    workspaceId,
    filter.runId,
    [...filter.state].sort(),
    filter.workflowId,
    filter.environment,
    [...filter.assignees].sort(),
    ...(filter.deciders === undefined ? [] : [[...filter.deciders].sort()]),
    sort,
  ])
  const place = request.cursor === null ? null : readCursor(mac, question, request.cursor)
  if (request.cursor !== null && place === null)
    return { ok: false, code: "cursor_mismatch", message: "the cursor belongs to another list, or was altered" }
  const { sql, values } = conditionOf(request)
  const from = `FROM workflow_approvals a JOIN workflow_run_keys r ON r.run_key = a.run_key WHERE ${sql}`
  const behind = place === null ? "" : `AND ${order.behind}`
  const rows = statements.all(`SELECT ${columns} ${from} ${behind} ORDER BY ${order.by} LIMIT ?`, [
    ...values,
    ...((place?.key ?? []) as Cell[]),
    request.limit + 1,
  ])
  const items = rows.slice(0, request.limit).map(approvalOf)
  const last = items[items.length - 1]
  const total = place === null ? countOf(statements, from, values) : place.total
  const more = rows.length > request.limit && last !== undefined
  const nextCursor = more ? writeCursor(mac, question, { key: approvalKey(last, sort), asOf: 0, now: 0, total }) : null
  return { ok: true, page: { items, nextCursor, total }, position: positionOf(statements) }
}

function conditionOf({ workspaceId, filter }: ApprovalListRequest): { sql: string; values: Cell[] } {
  // Many may be looked at for few that are found.
  const parts = [inTimeEachRow, "a.workspace_id = ?"]
  const values: Cell[] = [workspaceId]
  if (filter.runId !== null) {
    parts.push(`a.run_key = ${runKeyOf}`)
    values.push(filter.runId)
  }
  if (filter.state.length > 0) {
    parts.push(`a.state IN (${filter.state.map(() => "?").join(", ")})`)
    values.push(...filter.state)
  }
  if (filter.workflowId !== null) {
    parts.push("a.workflow_id = ?")
    values.push(filter.workflowId)
  }
  if (filter.environment !== null) {
    parts.push("a.environment = ?")
    values.push(filter.environment)
  }
  if (filter.assignees.length > 0) {
    const any = filter.assignees.map(() => "?").join(", ")
    parts.push(`EXISTS (SELECT 1 FROM json_each(a.approvers) one WHERE one.value IN (${any}))`)
    values.push(...filter.assignees)
  }
  if (filter.deciders !== undefined) {
    const any = filter.deciders.map(() => "?").join(", ")
    const asks = `EXISTS (SELECT 1 FROM json_each(a.approvers) one WHERE one.value IN (${any}))`
    parts.push(`(a.approvers = '[]' OR ${asks})`)
    values.push(...filter.deciders)
  }
  return { sql: parts.join(" AND "), values }
}

function countOf(statements: Statements, from: string, values: readonly Cell[]): PageTotal {
  const row = statements.get(`SELECT count(*) AS n FROM (SELECT 1 ${from} LIMIT ?)`, [...values, exactCountMax + 1])
  const value = row!.n as number
  return { value: Math.min(value, exactCountMax), exact: value <= exactCountMax }
}
