/**
 * What crosses the wire: schemas, their types, and the catalogue of problem codes.
 * It imports nothing of ours and holds no logic: the server validates and documents with it, clients are typed by it.
 */

export * from "./access.ts"
export * from "./admin.ts"
export * from "./alert.ts"
export * from "./approval.ts"
export * from "./attachment.ts"
export * from "./audit.ts"
export * from "./bulk.ts"
export * from "./event.ts"
export * from "./execution.ts"
export * from "./failures.ts"
export * from "./history.ts"
export * from "./insight.ts"
export * from "./issue.ts"
export * from "./measure.ts"
export * from "./outcome.ts"
export * from "./problem.ts"
export * from "./problems.ts"
export * from "./redaction.ts"
export {
  Annotate,
  Annotation,
  AnnotationPage,
  AssignRun,
  ChangeTags,
  Remark,
  RemarkPage,
  Resolution,
  type ResolutionState,
  ResolveRun,
  RunStanding,
  remarkKinds,
  resolutionStates,
  resolutionWords,
} from "./remark.ts"
export * from "./retention.ts"
export * from "./run.ts"
export * from "./run-log.ts"
export * from "./run-overview.ts"
export * from "./run-record.ts"
export { Action, type Json, type JsonObject } from "./scalars.ts"
export * from "./search.ts"
export * from "./step.ts"
export * from "./webhook.ts"
export * from "./words.ts"
export * from "./workflow.ts"
