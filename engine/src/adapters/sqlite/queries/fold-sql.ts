/**
 * What `core/views/fold-runs` says, as parts of a statement: a short look along an index for each row, at runs that match
 * the same question. Those that came after the first page are in none of its pages, and so fold nothing.
 */
import { type Folded, type FoldKind, foldedMax } from "../../../core/views/fold-runs.ts"
import type { Asked } from "./asked.ts"
import { all, type Condition } from "./condition.ts"
import { everythingAsked } from "./plan-runs.ts"
import type { Statements } from "./statements.ts"

const sameEvent = `p.business_event_id = r.business_event_id AND p.workspace_id = r.workspace_id
  AND p.workflow_id = r.workflow_id AND p.environment = r.environment AND p.origin = r.origin`

const ways: {
  readonly [Kind in FoldKind]: { readonly isUnder: string; readonly under: string; readonly from: string }
} = {
  duplicates: {
    from: "workflow_runs p INDEXED BY workflow_runs_by_business_event",
    isUnder: `${sameEvent} AND p.sort_at >= r.sort_at AND (p.sort_at, p.run_key) > (r.sort_at, r.run_key)`,
    under: `${sameEvent} AND p.sort_at <= r.sort_at AND (p.sort_at, p.run_key) < (r.sort_at, r.run_key)`,
  },
  children: {
    from: "workflow_runs p INDEXED BY workflow_runs_by_parent",
    isUnder: "p.run_key = (SELECT k.run_key FROM workflow_run_keys k WHERE k.run_id = r.parent_run_id)",
    under: "p.parent_run_id = r.run_id",
  },
}

/** The same question, of which only runs are meant that stand under no other. */
export function folding(asked: Asked, kinds: readonly FoldKind[]): Asked {
  if (kinds.length === 0) return asked
  const match = matching(asked)
  const conditions = kinds.map((kind) => {
    const own = kind === "duplicates" ? "r.business_event_id IS NULL" : "r.parent_run_id IS NULL"
    const from = kind === "duplicates" ? ways.duplicates.from : "workflow_runs p NOT INDEXED"
    const sql = `(${own} OR NOT EXISTS (SELECT 1 FROM ${from} WHERE ${ways[kind].isUnder} AND ${match.sql}))`
    return { driver: null, condition: { sql, values: match.values } }
  })
  return { ...asked, predicate: { ...asked.predicate, conditions: [...asked.predicate.conditions, ...conditions] } }
}

/** @param asked without folding */
export function foldedUnder(statements: Statements, asked: Asked, kinds: readonly FoldKind[], runKey: number): Folded {
  const match = matching(asked)
  const number = (kind: FoldKind): number => {
    if (!kinds.includes(kind)) return 0
    const { from, under } = ways[kind]
    const sql = `SELECT count(*) AS n FROM (SELECT 1 FROM workflow_runs r CROSS JOIN ${from}
      WHERE r.run_key = ? AND ${under} AND ${match.sql} LIMIT ?)`
    return statements.get(sql, [runKey, ...match.values, foldedMax])!.n as number
  }
  return { duplicates: number("duplicates"), children: number("children") }
}

/** What is asked of a run, asked of the other one. */
function matching(asked: Asked): Condition {
  const { sql, values } = all([everythingAsked(asked), { sql: "r.run_key <= ?", values: [asked.asOf] }])
  return { sql: sql.replace(/\br\./g, "p."), values }
}
