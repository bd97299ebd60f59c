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
  origin: ["origin"],
} as const satisfies Record<string, FieldNames>

export type RunField = keyof typeof runFields

/** Fields whose values the server counts, and how it calls them there. */
export const facets = {
  status: "status",
  workflow: "workflowId",
  env: "env",
  version: "version",
  tag: "tag",
  code: "errorCode",
  hitl: "hitl",
  actor: "actor",
} as const satisfies { readonly [field in RunField]?: string }

/** By the field's full name in the language. */
export function facetOfField(name: string) {
  const field = (Object.keys(facets) as (keyof typeof facets)[]).find((one) =>
    runFields[one].some((own) => own === name),
  )
  return field === undefined ? undefined : { field, name: facets[field] }
}
