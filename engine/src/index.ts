/**
 * The one door of the engine (architecture §1): what facades, the command line and the composition root may use.
 * It never offers an adapter: those are chosen in the composition root, by path.
 */

export type { Problem as DefinitionProblem } from "./core/definition/problem.ts"
export { isJsonObject, type Json, type JsonObject } from "./core/json.ts"
export { DEFAULT_JSON_LIMITS, type JsonLimits, type JsonProblem, type JsonRead, readJson } from "./core/json-reader.ts"
export { fingerprintOf } from "./core/measures/fingerprint.ts"
export { issueOfRun } from "./core/measures/issue-name.ts"
export { sketchError } from "./core/measures/sketch.ts"
export { usd } from "./core/measures/usd.ts"
export { cutShort } from "./core/policy/redaction/cut-short.ts"
export { type DetectorName, detectorNames } from "./core/policy/redaction/detectors.ts"
export { holdsSecret } from "./core/policy/redaction/holds-secret.ts"
export { markersIn } from "./core/policy/redaction/marker.ts"
export {
  type RedactionKind,
  type RedactionPolicy,
  redactionKinds,
  redactionMethods,
} from "./core/policy/redaction/policy.ts"
export { defaultRetention, type RetentionPolicy, retentionClasses, storedRetention } from "./core/policy/retention.ts"
export {
  type RemarkBody,
  type RemarkKind,
  type ResolutionState,
  remarkKinds,
  remarkLimits,
  resolutionStates,
} from "./core/remarks/remark.ts"
export { type ResolutionWord, resolutionWord, resolutionWords, startStanding } from "./core/remarks/standing.ts"
export type { Actor, Rejection } from "./core/run/commands.ts"
export { decodeEvent, eventTypes } from "./core/run/decode-event.ts"
export { broughtValue } from "./core/run/event-value.ts"
export {
  type EventPayloads,
  type EventType,
  type ModelUse,
  type RunError,
  type Stored,
  terminalEvents,
} from "./core/run/events.ts"
export { apartOrigins, runOrigins } from "./core/run/origin.ts"
export type { RunStatus } from "./core/run/state.ts"
export { noValues, type RunValues, runValues } from "./core/search/run-values.ts"
export { searchedTypes } from "./core/search/searched-event.ts"
export { type AttemptView, foldStepTrail, type StepEvent, type StepTrail } from "./core/views/attempts.ts"
export { stepPlace } from "./core/views/definition-places.ts"
export { type Folded, type FoldKind, foldKinds } from "./core/views/fold-runs.ts"
export { type JsonChange, jsonChanges } from "./core/views/json-changes.ts"
export { modelOfAttempts, modelUsed } from "./core/views/model-used.ts"
export type { ApprovalRow, RunRow, StepRow, StepStatus } from "./core/views/rows.ts"
export { hasId } from "./core/views/run-facts.ts"
export {
  type ParsedRunQuery,
  parseRunQuery,
  type QueryField,
  type QueryProblem,
  queryFields,
  withQuery,
} from "./core/views/run-language/index.ts"
export { filterAsksValues, matchesFilter, mayAsk, noFilter, resolveFilter } from "./core/views/run-query.ts"
export { asksIssue } from "./core/views/run-term.ts"
export { executionsWords, runsWords, type StatusVocabulary, statusesOf } from "./core/views/status-words.ts"
export { cutMark, summaryOf } from "./core/views/summary.ts"
export type * from "./door/measures.ts"
export type * from "./door/search.ts"
export type * from "./door.ts"
export { type AdminOnlyPorts, openAdmin } from "./open-admin.ts"
export { type EngineOptions, type EnginePorts, type OpenEngine, openEngine } from "./open-engine.ts"
export type {
  AccessChange,
  AccessRole,
  AccessRows,
  AccessStore,
  KeyRow,
  MemberRow,
  SessionRow,
  TeamRow,
  UserRow,
  WorkspaceRow,
} from "./ports/access-store.ts"
export { accessRoles } from "./ports/access-store.ts"
export type { ArchiveBatch, ArchivePreview, BatchFinding, ListedBatch } from "./ports/archive-shelf.ts"
export { ArchiveDamaged, type ArchiveStore, ArchiveUnavailable, archiveName } from "./ports/archive-store.ts"
export type { AttachmentRow } from "./ports/attachments.ts"
export {
  type AuditDraft,
  type AuditEntry,
  type AuditOutcome,
  type AuditQuestion,
  type AuditStore,
  auditOutcomes,
} from "./ports/audit-store.ts"
export type { MeasureStore } from "./ports/measure-store.ts"
export { QueryTooSlow } from "./ports/query-too-slow.ts"
export type { PolicyRow } from "./ports/redaction.ts"
export { redactedText } from "./ports/redaction.ts"
export type { RetentionRow, RetentionStore } from "./ports/retention-store.ts"
export type { RunLogLine, RunLogPage as RunLogQuestion, RunLogStore } from "./ports/run-logs.ts"
export { deliveredWithinMs, deliveryTarget, evidenceTarget } from "./ports/service-levels.ts"
export type {
  AlertThread,
  AlertTurn,
  DeliveryPage,
  DeliveryResult,
  DeliveryState,
  ListedDelivery,
  NewWebhook,
  WebhookAttempt,
  WebhookChange,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookKind,
  WebhookStore,
} from "./ports/webhook-store.ts"
export { defaultRuntimeLimits } from "./runtime/limits.ts"
export { defaultArchiverLimits } from "./usecases/archive/archiver.ts"
export { type OpenArchive, openArchive } from "./usecases/archive/index.ts"
export { verifyArchive as openArchiveCheck } from "./usecases/archive/verify-archive.ts"
export {
  type ArchivedFiles,
  type Attachments,
  defaultAttachmentLimits,
  type OpenAttachments,
  openAttachments,
} from "./usecases/attachments/index.ts"
export { KeptLogs } from "./usecases/logs/kept-logs.ts"
export { DurationTargets } from "./usecases/measuring/duration-targets.ts"
export { type MeasurePorts, openMeasures } from "./usecases/measuring/index.ts"
export { askedNames, askedNamesMax } from "./usecases/redaction/asked-names.ts"
export {
  type DryRun,
  openRedaction,
  type PolicyPut,
  type RedactionDoor,
  type RedactionScope,
} from "./usecases/redaction/index.ts"
export { redactingHost } from "./usecases/redaction/redacting-host.ts"
export type { EraseAnswer, Erased } from "./usecases/retention/erase-run.ts"
export {
  defaultRetentionLimits,
  openRetention,
  type PreviewAnswer,
  type PurgeReport,
  type RetentionDoor,
} from "./usecases/retention/index.ts"
export { openSearch, type SearchPorts } from "./usecases/search/index.ts"
export { type SeededHistory, SeedRefused, type SeedRequest, seedHistory } from "./usecases/seed/seed-history.ts"
