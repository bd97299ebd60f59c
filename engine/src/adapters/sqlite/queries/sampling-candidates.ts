/** What sampling looks at, in the order in which it does; which of them go, the policy says. */
import type { Statements } from "./statements.ts"

export interface SamplingCandidate {
  readonly runKey: number
  readonly runId: string
  readonly completedAt: number
  readonly seq: number
  readonly headHash: string
  readonly workflowId: string
  /** It ended well, nobody had to do with it, and no other run has. */
  readonly isPlain: 0 | 1
}

export interface SamplingPlace {
  readonly completedAt: number
  readonly runKey: number
}

/** Workspace, place by its time, its time and its key, until, how many. */
export const samplingCandidatesSql = `SELECT r.run_key AS "runKey", r.run_id AS "runId", r.completed_at AS "completedAt", r.seq,
     r.head_hash AS "headHash", r.workflow_id AS "workflowId",
     r.status = 'COMPLETED' AND r.hitl IS NULL AND r.parent_run_id IS NULL AND r.rerun_of IS NULL
       AND NOT EXISTS (SELECT 1 FROM workflow_runs c WHERE c.parent_run_id = r.run_id)
       AND NOT EXISTS (SELECT 1 FROM workflow_runs c WHERE c.rerun_of = r.run_id)
       AND NOT EXISTS (SELECT 1 FROM workflow_run_remarks m WHERE m.run_key = r.run_key)
       AND NOT EXISTS (SELECT 1 FROM workflow_run_attachments a WHERE a.run_key = r.run_key AND a.step_id IS NULL)
       AS "isPlain"
   FROM workflow_runs r INDEXED BY workflow_runs_finished
   WHERE r.completed_at IS NOT NULL AND r.workspace_id = ? AND r.completed_at >= ?
     AND (r.completed_at, r.run_key) > (?, ?) AND r.completed_at <= ?
   ORDER BY r.completed_at, r.run_key LIMIT ?`

export function samplingCandidates(
  statements: Statements,
  workspaceId: string,
  from: SamplingPlace,
  until: number,
  most: number,
): readonly SamplingCandidate[] {
  const values = [workspaceId, from.completedAt, from.completedAt, from.runKey, until, most]
  return statements.all(samplingCandidatesSql, values) as unknown as readonly SamplingCandidate[]
}
