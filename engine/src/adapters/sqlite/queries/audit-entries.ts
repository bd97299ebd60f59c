/**
 * A page of the audit, newest first, on a reader's thread. By outcome an index has the order; a short time is read whole and
 * sorted; all else is asked of one entry after the other, for as long as a read may take (rule 29).
 */
import type { AuditEntry, AuditQuestion } from "../../../ports/audit-store.ts"
import { type Cell, type RowShape, selection } from "../rows.ts"
import { inTime, type Statements } from "./statements.ts"

export const auditShape: RowShape<AuditEntry> = {
  table: "audit_entries",
  fixed: [
    "workspaceId",
    "number",
    "at",
    "actor",
    "credential",
    "action",
    "target",
    "door",
    "address",
    "outcome",
    "status",
    "requestId",
    "detail",
    "prevHash",
    "hash",
  ],
  moving: [],
}

/** Entries of a time that are sorted rather than found on the way back from the newest. */
const sortedMax = 5_000

export function auditEntries(statements: Statements, question: AuditQuestion): readonly AuditEntry[] {
  const { workspaceId, actor, action, target, outcome, from, to, before, limit } = question
  const conditions = [inTime("e.number"), "e.workspace_id = ?", "e.number < ?"]
  const values: Cell[] = [workspaceId, before ?? Number.MAX_SAFE_INTEGER]
  const also = (condition: string, ...given: Cell[]) => {
    conditions.push(condition)
    values.push(...given)
  }
  if (actor !== null) also("e.actor = ?", actor)
  // A prefix as a range: `run.` is all from `run.` up to `run/`.
  if (action?.endsWith(".")) also("e.action >= ? AND e.action < ?", action, `${action.slice(0, -1)}/`)
  else if (action !== null) also("e.action = ?", action)
  if (target !== null) also("e.target = ?", target)
  if (outcome !== null) also("e.outcome = ?", outcome)
  if (from !== null) also("e.at >= ?", from)
  if (to !== null) also("e.at < ?", to)
  return statements.all(
    `SELECT ${selection(auditShape, "e")} FROM audit_entries e ${indexFor(statements, question)}
     WHERE ${conditions.join(" AND ")} ORDER BY e.number DESC LIMIT ?`,
    [...values, limit],
  ) as unknown as readonly AuditEntry[]
}

function indexFor(statements: Statements, { workspaceId, outcome, from, to }: AuditQuestion): string {
  if ((from !== null || to !== null) && isShort(statements, workspaceId, from, to))
    return "INDEXED BY audit_entries_by_time"
  return outcome === null ? "NOT INDEXED" : "INDEXED BY audit_entries_by_outcome"
}

function isShort(statements: Statements, workspaceId: string, from: number | null, to: number | null): boolean {
  const counted = statements.get(
    `SELECT count(*) AS n FROM (SELECT 1 FROM audit_entries INDEXED BY audit_entries_by_time
     WHERE workspace_id = ? AND at >= ? AND at < ? LIMIT ?)`,
    [workspaceId, from ?? Number.MIN_SAFE_INTEGER, to ?? Number.MAX_SAFE_INTEGER, sortedMax + 1],
  )
  return (counted!.n as number) <= sortedMax
}
