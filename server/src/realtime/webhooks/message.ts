/**
 * What others are told of an event: 000's run and step as far as the event and its rows know them. Values that ran
 * through the run (input, output, context, what an approver was shown) are never part of it; texts are cut.
 */
import type { WebhookEventName, WebhookMessage } from "@waybill/contract"
import {
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
      ...(event.type.startsWith("approval.") && { approval: approvalPart(payload) }),
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
    status: statusByName[type] ?? runsWords[event.status],
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

function stepPart(type: WebhookEventName, step: StepRow, event: FeedEvent, payload: JsonObject): JsonObject {
  const error = errorOf(payload)
  const isOver = type === "step.completed" || type === "step.failed"
  const validation = payload.validation as unknown as EventPayloads["step.succeeded"]["validation"]
  return {
    id: step.stepId,
    run_id: step.runId,
    name: step.name,
    status: type === "step.completed" ? "completed" : type === "step.failed" ? "failed" : "waiting_human",
    attempt: isOver ? (payload.attempt ?? step.attempt) : step.attempt,
    started_at: rfc3339OrNull(step.startedAt ?? step.enteredAt),
    completed_at: isOver ? rfc3339(event.at) : null,
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

function approvalPart(payload: JsonObject): JsonObject {
  const { approval, message, approvers, timeoutAt, dueAt } = payload as Partial<EventPayloads["approval.requested"]>
  return {
    id: approval ?? null,
    message: message === undefined ? null : cut(message),
    approvers: [...(approvers ?? [])],
    timeout_at: rfc3339OrNull(timeoutAt ?? null),
    due_at: rfc3339OrNull(dueAt ?? null),
  }
}
