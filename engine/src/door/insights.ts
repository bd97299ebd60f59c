/** The understanding half of the door: why a run is where it is, and what lies beside it. Reads only; every answer bounded. */
import type { Actor } from "../core/run/commands.ts"
import type { ApprovalCourse } from "../core/views/approval-course.ts"
import type { DefinitionPlace } from "../core/views/definition-places.ts"
import type { Lineage } from "../core/views/lineage.ts"
import type { ApprovalRow, StepRow } from "../core/views/rows.ts"
import type { StepContext } from "../core/views/step-context.ts"
import type { WhyView } from "../core/views/why/index.ts"
import type { WorkflowStats } from "../core/views/workflow-stats.ts"
import type { WorkflowTotals } from "../core/views/workflow-totals.ts"
import type { WorkspaceHead } from "../ports/history-store.ts"
import type { StepTotals, TimelinePage, WorkflowPage, WorkflowPageQuestion } from "../ports/run-insights.ts"

export type {
  ApprovalCourse,
  DefinitionPlace,
  Lineage,
  StepContext,
  StepTotals,
  TimelinePage,
  WhyView,
  WorkflowPage,
  WorkflowStats,
  WorkflowTotals,
}

export interface RunEvidence {
  /** As it was written; null where it is not stored any more. */
  readonly definition: { readonly hash: string; readonly format: "yaml" | "json"; readonly text: string } | null
  readonly head: { readonly seq: number; readonly hash: string }
  /** The run's place in the chain over its workspace's finished runs. */
  readonly seal: WorkspaceHead | null
}

export interface Undecided {
  /** Null: it waits for ever. */
  readonly at: number | null
  /** A sentence. */
  readonly otherwise: string
}

export interface Insights {
  /** For this actor: the next action is one that they may do, where there is one. Null = no such run. */
  why(runId: string, actor: Actor): Promise<WhyView | null>
  /** Of runs that began in [from, to). */
  workflowStats(environment: string, workflowId: string, from: number, to: number): Promise<WorkflowStats>
  /** Of all steps of a run. */
  stepTotals(runId: string): Promise<StepTotals>
  /** All its runs, in one environment or, null, in each. */
  workflowTotals(environment: string | null, workflowId: string): Promise<WorkflowTotals>
  /** By how many stand in front, newest first; for what cannot keep a cursor. */
  workflowPage(question: Omit<WorkflowPageQuestion, "workspaceId">): Promise<WorkflowPage>
  /** The states of a definition by its hash, as runs are pinned to it; null where it is not stored any more. */
  places(definitionHash: string): Promise<readonly DefinitionPlace[] | null>
  /** What becomes of a pending approval when nobody decides; null once it is decided. */
  ifNobodyDecides(row: ApprovalRow): Promise<Undecided | null>
  /** What an approval went through while it waited, and what its clocks do next. */
  approvalCourse(row: ApprovalRow): Promise<ApprovalCourse>
  /** The runs around a run, nearest first, at most 200. Null = no such run. */
  lineage(runId: string): Promise<Lineage | null>
  /** What a run was begun with, and what proves that its history is whole. Null = no such run. */
  evidence(runId: string): Promise<RunEvidence | null>
  /** Lanes with a higher `seq` than `after`, in the order of their steps. Null = no such run. */
  timeline(runId: string, after: number, limit: number): Promise<TimelinePage | null>
  step(runId: string, stepId: string): Promise<StepRow | null>
  /** What the step added, changed and removed, and who had written what was there. Null = no such step. */
  stepContext(runId: string, stepId: string): Promise<StepContext | null>
}
