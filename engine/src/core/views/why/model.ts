/** What "why" answers, in the engine's words: times in milliseconds since the epoch. */
import type { Cause, RunError } from "../../run/events.ts"
import type { RunStatus } from "../../run/state.ts"
import type { JsonChange } from "../json-changes.ts"

export interface StepPlace {
  /** The run of the step: a failure may lie in a child run. */
  readonly runId: string
  readonly stepId: string
  readonly name: string
  readonly type: string
  readonly branchPath: string
}

export interface WhyCause {
  /** The deepest step that failed; null when the run failed by itself, as by its own time. */
  readonly step: StepPlace | null
  /** From the outermost state to that step. */
  readonly path: readonly StepPlace[]
  readonly error: RunError
  readonly attempts: number
  readonly attemptsMax: number | null
  /** When the run or the step failed; null while it is tried again. */
  readonly at: number | null
  readonly agent: string | null
}

/** How a run was ended before its time, and by whom. */
export interface WhyEnded {
  readonly kind: Cause["kind"]
  readonly by: string | null
  readonly reason: string | null
}

export interface WhyChanged {
  readonly runId: string
  readonly completedAt: number
  readonly version: { readonly from: string; readonly to: string } | null
  readonly input: readonly JsonChange[]
  /** There are more changes, or the inputs are too large to be compared. */
  readonly inputTruncated: boolean
  readonly durationMs: { readonly from: number | null; readonly to: number | null }
  readonly agents: readonly string[]
  /** Steps that both asked a model for, and not the same. */
  readonly models: readonly WhyModel[]
}

export interface WhyModel {
  /** The place in the definition: `checks/pods/check_pods`. */
  readonly step: string
  readonly from: string
  readonly to: string
}

export interface WhyAlike {
  /** Null: of a backfill or a replay. */
  readonly issueId: string | null
  readonly total: { readonly value: number; readonly exact: boolean }
  readonly since: number
  readonly query: string
}

export type WaitKind =
  | "pause"
  | "hold"
  | "approval"
  | "signal"
  | "operator"
  | "agent"
  | "retry"
  | "child"
  | "concurrency"
  | "slot"
  | "timer"

export interface WhyWait {
  readonly kind: WaitKind
  readonly stepId: string | null
  readonly name: string | null
  readonly branchPath: string | null
  /** Who can end it: approvers, the runs that stand in front, who paused. */
  readonly who: readonly string[]
  /** The question, the signal's name, the agent, the key, the reason. */
  readonly what: string | null
  readonly since: number | null
  readonly until: number | null
  /** A sentence: what happens if nobody does anything. */
  readonly otherwise: string
  readonly approvalId: string | null
  /** Of a retry: the attempt that comes next, of how many, and why the last one failed. */
  readonly attempt: number | null
  readonly attemptsMax: number | null
  readonly error: RunError | null
}

export interface WhyDoing {
  readonly stepId: string
  readonly name: string
  readonly branchPath: string
  readonly agent: string
  readonly attempt: number
  readonly attemptsMax: number | null
  readonly since: number | null
  readonly heartbeatAt: number | null
  /** It may be hung: it should have been heard of twice since then. */
  readonly stalled: boolean
}

export interface WhyNext {
  readonly action: string
  readonly label: string
  readonly because: string
  readonly allowed: boolean
  /** Why this actor may not. */
  readonly reason: string | null
  readonly approvalId: string | null
  readonly stepId: string | null
  /** For a re-run: the state to begin at, or `failed`. */
  readonly from: string | null
  /** For a re-run: the version to run on; null: the run's own. */
  readonly version: number | null
  /** For a re-run: with the same input it fails again. */
  readonly otherInput: boolean
  /** For `signal`: its name. */
  readonly signal: string | null
}

export interface WhyView {
  readonly runId: string
  readonly seq: number
  readonly status: RunStatus
  readonly headline: string
  readonly cause: WhyCause | null
  readonly ended: WhyEnded | null
  readonly changed: WhyChanged | null
  readonly alike: WhyAlike | null
  readonly waits: readonly WhyWait[]
  readonly waitCount: number
  readonly doing: readonly WhyDoing[]
  readonly doingCount: number
  readonly next: WhyNext | null
}
