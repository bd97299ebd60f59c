/** Definitions and versions as clients read them. */
import type { Json, Version, VersionSummary, Workflow, WorkflowSummary } from "@waybill/contract"
import type { DefinitionSummary, DefinitionVersion } from "@waybill/engine"
import { finding } from "../../shared/answer.ts"
import { rfc3339, rfc3339OrNull } from "../../shared/time.ts"

export function workflowSummary(summary: DefinitionSummary): WorkflowSummary {
  return {
    ...summary,
    problems: summary.problems.map(finding),
    createdAt: rfc3339(summary.createdAt),
    updatedAt: rfc3339(summary.updatedAt),
    lastRunAt: rfc3339OrNull(summary.lastRunAt),
  }
}

export function workflowDocument(summary: DefinitionSummary, current: DefinitionVersion): Workflow {
  return {
    ...workflowSummary(summary),
    format: current.format,
    text: current.text,
    definition: current.document as Json,
  }
}

export function versionSummary(version: DefinitionVersion): VersionSummary {
  const { workflowId, environment, version: label, versionNumber, hash, source, createdBy, note } = version
  return {
    workflowId,
    environment,
    version: label,
    versionNumber,
    hash,
    source,
    createdAt: rfc3339(version.createdAt),
    createdBy,
    note,
  }
}

export function versionDocument(version: DefinitionVersion): Version {
  return {
    ...versionSummary(version),
    format: version.format,
    text: version.text,
    definition: version.document as Json,
  }
}
