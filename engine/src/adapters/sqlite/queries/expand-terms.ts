/**
 * `wf:invoice_*` as the workflows that there are: where a field has few values, one that is asked by a pattern is asked by
 * those values that it matches, and an index finds the runs. The same runs, found another way.
 */

import type { RunFilter } from "../../../core/views/run-query.ts"
import { matchesText, type RunTerm, type TextField } from "../../../core/views/run-term.ts"
import type { Cell } from "../rows.ts"
import type { Statements } from "./statements.ts"

/** Beyond them a pattern is asked of each run. */
const valuesMax = 200

const columns: { readonly [Field in TextField]?: { readonly column: string; readonly index: string } } = {
  workflowId: { column: "workflow_id", index: "workflow_runs_by_workflow" },
  environment: { column: "environment", index: "workflow_runs_by_environment" },
  actor: { column: "actor", index: "workflow_runs_by_actor" },
  errorCode: { column: "error_code", index: "workflow_runs_by_error" },
  errorClass: { column: "error_class", index: "workflow_runs_by_error_class" },
  errorStep: { column: "error_step", index: "workflow_runs_by_error_step" },
}

export function expandTerms(statements: Statements, workspaceId: string, filter: RunFilter): RunFilter {
  if (!filter.terms.some(isPattern)) return filter
  return { ...filter, terms: filter.terms.map((term) => expanded(statements, workspaceId, term)) }
}

function isPattern({ negated, test }: RunTerm): boolean {
  if (negated || test.kind !== "text" || test.any.every(({ kind }) => kind === "is")) return false
  return test.field === "tag" || columns[test.field] !== undefined
}

function expanded(statements: Statements, workspaceId: string, term: RunTerm): RunTerm {
  const { test } = term
  if (test.kind !== "text" || !isPattern(term)) return term
  const values = valuesOf(statements, workspaceId, test.field)
  if (values === null) return term
  const matched = values.filter((value) => test.any.some((match) => matchesText(value, match)))
  const any = (matched.length === 0 ? [noneOf(values)] : matched).map((text) => ({ kind: "is" as const, text }))
  return { ...term, test: { ...test, any } }
}

/** A text that is none of them: a condition that is false by itself would leave an index without a use. */
function noneOf(values: readonly string[]): string {
  return `${values.reduce((longest, value) => (value.length > longest.length ? value : longest), "")}-`
}

/** From one value to the next along the index, not run by run. Null: there are many. */
function valuesOf(statements: Statements, workspaceId: string, field: TextField): readonly string[] | null {
  const found = columns[field]
  const [next, bound]: readonly [string, readonly Cell[]] =
    found === undefined
      ? ["SELECT t.tag AS x FROM workflow_run_tags t WHERE t.tag > v.x ORDER BY t.tag LIMIT 1", []]
      : [
          `SELECT r.${found.column} AS x FROM workflow_runs r INDEXED BY ${found.index}
           WHERE r.workspace_id = ? AND r.${found.column} IS NOT NULL AND r.${found.column} > v.x
           ORDER BY r.${found.column} LIMIT 1`,
          [workspaceId],
        ]
  // Every text but the empty one stands behind it, and that one no pattern is asked for.
  const rows = statements.all(
    `WITH RECURSIVE v (x) AS (SELECT '' UNION ALL SELECT (${next}) FROM v WHERE v.x IS NOT NULL)
     SELECT x FROM v WHERE x IS NOT NULL LIMIT ?`,
    [...bound, valuesMax + 2],
  )
  if (rows.length > valuesMax + 1) return null
  // '' itself may be a value, which a pattern may mean.
  return rows.map(({ x }) => x as string)
}
