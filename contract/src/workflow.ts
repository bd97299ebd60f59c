/** Definitions and their versions (004 §4.1). */
import { type Static, Type } from "typebox"
import { Finding } from "./problem.ts"
import {
  answer,
  count,
  json,
  jsonObject,
  nullable,
  oneOf,
  page,
  request,
  text,
  textOrNull,
  time,
  timeOrNull,
} from "./scalars.ts"

export const syncStates = ["synced", "file_changed", "diverged", "file_missing", "invalid", "none"] as const

const workflow = {
  workflowId: text,
  environment: text,
  name: text,
  description: textOrNull,
  version: Type.String({ description: "The author's label." }),
  versionNumber: Type.Integer({ minimum: 1, description: "Counts within the definition." }),
  hash: Type.String({ description: "Content hash of the current version." }),
  status: oneOf(["active", "disabled"]),
  source: oneOf(["file", "api"]),
  file: textOrNull,
  syncState: oneOf(syncStates),
  problems: Type.Array(Finding),
  createdAt: time,
  updatedAt: time,
  runCount: count,
  lastRunAt: timeOrNull,
  successRate30d: nullable(
    Type.Number({ minimum: 0, maximum: 1, description: "Null without finished runs in 30 days." }),
  ),
}

export const WorkflowSummary = answer("WorkflowSummary", workflow)
export type WorkflowSummary = Static<typeof WorkflowSummary>
export const WorkflowPage = page("WorkflowPage", WorkflowSummary)
export type WorkflowPage = Static<typeof WorkflowPage>

export const Workflow = answer("Workflow", {
  ...workflow,
  format: oneOf(["yaml", "json"]),
  text: Type.String({ description: "The current version as it was written." }),
  definition: json("The current version as JSON."),
})
export type Workflow = Static<typeof Workflow>

const version = {
  workflowId: text,
  environment: text,
  version: text,
  versionNumber: Type.Integer({ minimum: 1 }),
  hash: text,
  source: oneOf(["file", "api"]),
  createdAt: time,
  createdBy: text,
  note: textOrNull,
}

export const VersionSummary = answer("VersionSummary", version)
export type VersionSummary = Static<typeof VersionSummary>
export const VersionPage = page("VersionPage", VersionSummary)
export type VersionPage = Static<typeof VersionPage>

export const Version = answer("Version", { ...version, format: oneOf(["yaml", "json"]), text, definition: json() })
export type Version = Static<typeof Version>

/** The file of a workflow as it is now; what serves may be an older version of it, or one that came over the API. */
export const WorkflowFile = answer("WorkflowFile", {
  workflowId: text,
  environment: text,
  file: Type.String({ description: "Relative to the environment's folder." }),
  format: oneOf(["yaml", "json"]),
  text: nullable(Type.String({ description: "Null when the file is gone or cannot be read." })),
  serves: Type.Boolean({ description: "Its content is that of the version that serves." }),
  problems: Type.Array(Finding, { description: "With the lines of this text, errors and warnings." }),
})
export type WorkflowFile = Static<typeof WorkflowFile>

export const Change = answer("Change", {
  pointer: Type.String({ description: "JSON pointer; into the older document for what was removed, else the newer." }),
  op: oneOf(["added", "removed", "changed"]),
  from: Type.Optional(json()),
  to: Type.Optional(json()),
})
export type Change = Static<typeof Change>

export const VersionDiff = answer("VersionDiff", {
  workflowId: text,
  environment: text,
  from: Version,
  to: Version,
  changes: Type.Array(Change),
  truncated: Type.Boolean({ description: "True when there are more changes than are listed." }),
})
export type VersionDiff = Static<typeof VersionDiff>

export const Validation = answer("Validation", {
  valid: Type.Boolean(),
  workflowId: textOrNull,
  problems: Type.Array(Finding),
})
export type Validation = Static<typeof Validation>

export const DefinitionDocument = jsonObject(
  "A workflow definition; its schema is docs/reference/workflow-schema.json.",
)

export const SyncRequest = request("SyncRequest", {
  dryRun: Type.Optional(Type.Boolean({ description: "Only show the plan." })),
  force: Type.Optional(Type.Boolean({ description: "Files win over versions that were made over the API." })),
  prune: Type.Optional(Type.Boolean({ description: "Allow it to disable more than half of the workflows." })),
})
export type SyncRequest = Static<typeof SyncRequest>

export const SyncPlan = answer("SyncPlan", {
  environment: text,
  directory: text,
  applied: Type.Boolean(),
  refused: nullable(Type.Object({ code: text, message: text, hint: Type.Optional(text) })),
  changes: Type.Array(
    Type.Object({
      workflowId: text,
      file: text,
      action: oneOf(["create", "update", "enable", "disable", "unchanged", "conflict", "invalid"]),
      from: textOrNull,
      to: textOrNull,
      problems: Type.Array(Finding),
    }),
  ),
  agents: Type.Array(
    Type.Object({
      name: text,
      file: text,
      action: oneOf(["load", "changed", "gone", "unchanged", "invalid"]),
      problems: Type.Array(Finding),
    }),
  ),
})
export type SyncPlan = Static<typeof SyncPlan>

export const Agent = answer("Agent", {
  name: text,
  environment: text,
  description: textOrNull,
  inputSchema: nullable(jsonObject()),
  outputSchema: nullable(jsonObject()),
  contractHash: text,
  sourceHash: text,
  file: text,
  problems: Type.Array(Finding),
})
export type Agent = Static<typeof Agent>
export const AgentPage = page("AgentPage", Agent)
export type AgentPage = Static<typeof AgentPage>
