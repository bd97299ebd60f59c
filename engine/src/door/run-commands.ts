/** What can be done to runs: start, pause, decide, run again. Each a command of an actor. */
import type { Json, JsonObject } from "../core/json.ts"
import type { InputFinding } from "../core/run/check-input.ts"
import type { Actor } from "../core/run/commands.ts"
import type { RunOrigin } from "../core/run/origin.ts"
import type { RunStatus } from "../core/run/state.ts"
import type { ApprovalRow, RunRow, StepStatus } from "../core/views/rows.ts"
import type { Answer, IdempotencyHeader } from "./answer.ts"

export interface StartRequest {
  readonly workflowId: string
  readonly environment: string
  /** Label or versionNumber; null = the newest enabled (settled 1). */
  readonly version: string | number | null
  readonly input: Json
  readonly businessEventId: string | null
  readonly correlationId: string | null
  readonly traceparent: string | null
  readonly parentRunId: string | null
  readonly tags: readonly string[]
  readonly startPaused: boolean
  /** Absent: its parent's, or production. */
  readonly origin?: RunOrigin
  readonly trigger: { readonly kind: "api" | "manual" | "schedule" | "event"; readonly [key: string]: Json }
}

export interface CheckInputRequest {
  readonly workflowId: string
  readonly environment: string
  readonly version: string | number | null
  readonly input: Json
}

export interface CheckedInput {
  readonly valid: boolean
  readonly problems: readonly (Omit<InputFinding, "code"> & { readonly code: string })[]
  /** With the schema's defaults, as a run would get it. */
  readonly input: Json
}

export interface Started {
  readonly runId: string
  readonly replayed: boolean
}

export interface RerunRequest {
  /** null = from the start; a state's name; or `failed` = the step that failed. */
  readonly from: string | null
  readonly version: string | number | null
  readonly inputPatch: JsonObject | null
  readonly contextPatch: JsonObject | null
  readonly reason: string
  /** Absent: as the first run. */
  readonly origin?: RunOrigin
}

export interface RerunPlan {
  readonly workflowId: string
  readonly versionNumber: number
  readonly from: string | null
  readonly reused: readonly string[]
  /** States of the top level that do something in the world, by themselves or by what they hold. */
  readonly actsAgain: readonly string[]
  /** Every single step of the first run that would act again, in its order; at most 200, `stepsCount` are all. */
  readonly steps: readonly RerunStep[]
  readonly stepsCount: number
  readonly input: Json
}

export interface RerunStep {
  /** In the first run; the new one's differ. */
  readonly stepId: string
  readonly name: string
  readonly branchPath: string
  readonly what: "agent" | "approval" | "event" | "child"
  readonly agent: string | null
  /** How it ended in the first run. */
  readonly status: StepStatus | null
}

export interface RunCommands {
  start(actor: Actor, request: StartRequest, idempotency: IdempotencyHeader | null): Promise<Answer<Started>>
  /** What a start would make of this input; nothing is started. Refused where there is no such workflow or version. */
  checkInput(actor: Actor, request: CheckInputRequest): Promise<Answer<CheckedInput>>
  /** Waits until the run is final or `waitMs` have passed (api.md `?wait`); answers the status it then has. */
  settled(runId: string, waitMs: number): Promise<RunStatus | null>
  pause(
    actor: Actor,
    runId: string,
    reason: string | null,
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<RunRow>>
  resume(
    actor: Actor,
    runId: string,
    reason: string | null,
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<RunRow>>
  cancel(
    actor: Actor,
    runId: string,
    options: { reason: string | null; force: boolean },
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<RunRow>>
  signal(
    actor: Actor,
    runId: string,
    signal: { name: string; id: string | null; data: Json },
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<{ signalId: string; replayed: boolean }>>
  retryNow(
    actor: Actor,
    runId: string,
    stepId: string | null,
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<RunRow>>
  planRerun(actor: Actor, runId: string, request: RerunRequest): Promise<Answer<RerunPlan>>
  rerun(
    actor: Actor,
    runId: string,
    request: RerunRequest,
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<Started>>
  decideApproval(
    actor: Actor,
    runId: string,
    approvalId: string,
    decision: { outcome: string; comment: string | null; form: Json; contentHash: string | null },
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<ApprovalRow>>
  delegateApproval(
    actor: Actor,
    runId: string,
    approvalId: string,
    to: string,
    comment: string | null,
    idempotency: IdempotencyHeader | null,
  ): Promise<Answer<ApprovalRow>>
}
