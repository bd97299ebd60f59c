/** The fields that the page itself writes into queries, under all their names (docs/reference/query.md). */
import type { FieldNames } from "./edit.ts"

export const runFields = {
  status: ["status"],
  workflow: ["wf", "workflow"],
  env: ["env", "environment"],
  version: ["version", "v"],
  tag: ["tag", "tags"],
  code: ["code", "error"],
  hitl: ["hitl"],
  actor: ["actor", "by"],
  id: ["id", "run"],
  started: ["started", "start"],
} as const satisfies Record<string, FieldNames>
