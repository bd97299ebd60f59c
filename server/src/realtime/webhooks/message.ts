/**
 * What others are told of an event: 000's run and step as far as the event and its rows know them. Values that ran
 * through the run (input, output, context, what an approver was shown) are never part of it; texts are cut.
 */
import type { WebhookEventName, WebhookMessage } from "@waybill/contract"
import {
  type ApprovalRow,
  type EventPayloads,
  type FeedEvent,
  type JsonObject,
  type RunError,
  type RunRow,
  runsWords,
  type StepRow,
} from "@waybill/engine"
import { between, rfc3339, rfc3339OrNull } from "../../http/shared/time.ts"

export interface Told {
  readonly event: FeedEvent
  readonly run: RunRow
  /** Of events of a step and of an approval. */
  readonly step: StepRow | null
  /** Of events of an approval: as it stands when it is told. */
  readonly approval: ApprovalRow | null
  /** How people reach this server, or null. */
  readonly baseUrl: string | null
}

export const textMax = 500

/** 000's words for what the name of the event says of the run. */
const statusByName: { readonly [Name in WebhookEventName]?: string } = {
  "run.started": "running",
  "run.completed": "completed",
  "run.failed": "failed",
  "run.waiting_human": "waiting_human",
  "run.canceled": "canceled",
}

const ends: ReadonlySet<WebhookEventName> = new Set(["run.completed", "run.failed", "run.canceled"])

export function messageOf(type: WebhookEventName, told: Told): WebhookMessage {
  const { event } = told
  const payload = payloadOf(event)
  return {
    type,
    timestamp: rfc3339(event.at),
    data: {
      seq: event.seq,
      run: runPart(type, told, errorOf(payload)),
      ...(told.step !== null && { step: stepPart(type, told.step, event, payload) }),
      ...(event.type.startsWith("approval.") && { approval: approvalPart(told, payload) }),
    },
  }
}

/** Erased: what it said is gone, that it happened is not. */
export function payloadOf({ payload }: FeedEvent): JsonObject {
  return payload === null ? {} : (JSON.parse(payload) as JsonObject)
}

export function errorOf(payload: JsonObject): RunError | null {
  return (payload.error as unknown as RunError | undefined) ?? null
}

export function runUrl(baseUrl: string | null, runId: string): string | null {
  return baseUrl === null ? null : `${baseUrl}/runs/${encodeURIComponent(runId)}`
}

export function cut(text: string): string {
  return text.length <= textMax ? text : `${text.slice(0, textMax - 1)}…`
}

function runPart(type: WebhookEventName, { event, run, step, baseUrl }: Told, error: RunError | null): JsonObject {
  const completedAt = ends.has(type) ? event.at : null
  const startedAt = type === "run.started" ? event.at : run.startedAt
  // A step's failure need not be its run's.
  const own = step === null ? error : null
  return {
    id: run.runId,
    workflow_name: run.workflowId,
    workflow_version: run.workflowVersion,
    environment: run.environment,
    status: statusByName[type] ?? statusBeforeEnd(event),
    started_at: rfc3339OrNull(startedAt),
    completed_at: rfc3339OrNull(completedAt),
    duration_ms: between(startedAt ?? run.createdAt, completedAt),
    actor: run.actor.startsWith("user:") ? "human" : "system",
    business_event_id: run.businessEventId,
    tenant_id: run.workspaceId,
    tags: JSON.parse(run.tags) as string[],
    diagnostics: {
      trace_id: run.traceId,
      error_code: event.type === "run.timed_out" ? "timed_out" : (own?.code ?? null),
      error_message: own === null ? null : cut(own.detail),
    },
    url: runUrl(baseUrl, run.runId),
  }
}

/** An event knows how its commit left the run: where that ended it, the end has an event of its own, behind this one. */
function statusBeforeEnd({ status }: FeedEvent): string {
  const word = runsWords[status]
  return endWords.has(word) ? "running" : word
}

const endWords: ReadonlySet<string> = new Set(["completed", "failed", "canceled"])

function stepPart(type: WebhookEventName, step: StepRow, event: FeedEvent, payload: JsonObject): JsonObject {
  const error = errorOf(payload)
  const validation = payload.validation as unknown as EventPayloads["step.succeeded"]["validation"]
  return {
    id: step.stepId,
    run_id: step.runId,
    name: step.name,
    status: statusOfStep(type, step),
    attempt: isOver(type) ? (payload.attempt ?? step.attempt) : step.attempt,
    started_at: rfc3339OrNull(step.startedAt ?? step.enteredAt),
    completed_at: isOver(type) ? rfc3339(event.at) : null,
    retries: step.retries,
    details: { tool: step.agent },
    diagnostics: {
      span_id: step.spanId,
      error_code: error?.code ?? null,
      error_message: error === null ? null : cut(error.detail),
    },
    // Its reasons may quote what was checked.
    validation: validation === undefined ? null : { passed: validation.passed, score: validation.score ?? null },
  }
}

function statusOfStep(type: WebhookEventName, step: StepRow): string {
  if (isOver(type)) return type === "step.completed" ? "completed" : "failed"
  if (!isDecision(type) || step.status === "WAITING_APPROVAL") return "waiting_human"
  return step.status === "SUCCEEDED" ? "completed" : step.status === "CANCELLED" ? "canceled" : "failed"
}

const isOver = (type: WebhookEventName) => type === "step.completed" || type === "step.failed"
const isDecision = (type: WebhookEventName) => /^approval\.(approved|rejected|revised|timed_out)$/.test(type)

/** What was said with a decision stays here: comments and forms are values of the run. */
function approvalPart({ approval, event }: Told, payload: JsonObject): JsonObject {
  const asked = payload as Partial<EventPayloads["approval.requested"]>
  const message = asked.message ?? approval?.message
  return {
    id: asked.approval ?? null,
    message: message === undefined ? null : cut(message),
    approvers: [...(asked.approvers ?? (approval === null ? [] : (JSON.parse(approval.approvers) as string[])))],
    timeout_at: rfc3339OrNull(asked.timeoutAt ?? approval?.timeoutAt ?? null),
    due_at: rfc3339OrNull(asked.dueAt ?? approval?.dueAt ?? null),
    ...courseOf(event.type, payload),
  }
}

function courseOf(type: string, payload: JsonObject): JsonObject {
  switch (type) {
    case "approval.reminded":
      return { reminders: payload.count ?? null }
    case "approval.escalated":
      return { escalated_to: payload.to ?? [] }
    case "approval.delegated":
      return { delegated_to: payload.to ?? null, delegated_by: payload.from ?? null }
    case "approval.approved":
    case "approval.rejected":
    case "approval.revised":
      return { outcome: payload.outcome ?? null, decided_by: payload.decidedBy ?? [] }
    default:
      return {}
  }
}
