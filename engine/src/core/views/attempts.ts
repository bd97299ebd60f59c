/**
 * The attempts of one step, folded from its events: what the author counted (attempts) and what it took (deliveries).
 * Pure, and total over what a newer release may have written: an event it does not know changes nothing.
 */
import type { EventPayloads, EventType, RunError, Usage } from "../run/events.ts"

export interface StepEvent {
  readonly type: string
  readonly at: number
  /** Null = erased: what only the payload knew is then unknown. */
  readonly payload: unknown
}

export interface DeliveryView {
  readonly delivery: number
  readonly fence: number
  readonly owner: string
  readonly startedAt: number
  readonly lostAt: number | null
  readonly lostReason: string | null
}

export interface AttemptView {
  readonly attempt: number
  readonly status: "PENDING" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED" | "TIMED_OUT"
  readonly agent: string
  readonly agentRunId: string
  readonly scheduledAt: number
  /** Of its first delivery. */
  readonly startedAt: number | null
  readonly completedAt: number | null
  readonly error: RunError | null
  readonly usage: Usage | null
  /** The wait before the next attempt; null when none was planned. */
  readonly retryDelayMs: number | null
  readonly spanId: string
  readonly deliveries: readonly DeliveryView[]
}

export interface StepTrail {
  readonly attempts: readonly AttemptView[]
  readonly validation: { readonly passed: boolean; readonly score?: number; readonly reasons?: unknown } | null
  /** Runs that the step started. */
  readonly children: readonly string[]
}

type Draft = { -readonly [K in keyof AttemptView]: AttemptView[K] } & { deliveries: DeliveryView[] }

/** `events`: those of one step, oldest first. */
export function foldStepTrail(events: readonly StepEvent[]): StepTrail {
  const attempts: Draft[] = []
  const children: string[] = []
  let validation: StepTrail["validation"] = null
  for (const event of events) {
    if (event.payload === null) continue
    if (event.type === "step.scheduled") attempts.push(scheduled(event))
    else if (event.type === "child.started") children.push(payloadOf(event, "child.started").childRunId)
    else apply(event, attempts)
    if (event.type === "step.succeeded") validation = payloadOf(event, "step.succeeded").validation ?? null
  }
  return { attempts, validation, children }
}

function scheduled(event: StepEvent): Draft {
  const { attempt, agent, agentRunId, spanId } = payloadOf(event, "step.scheduled")
  return {
    attempt,
    status: "PENDING",
    agent,
    agentRunId,
    scheduledAt: event.at,
    startedAt: null,
    completedAt: null,
    error: null,
    usage: null,
    retryDelayMs: null,
    spanId,
    deliveries: [],
  }
}

function apply(event: StepEvent, attempts: readonly Draft[]): void {
  const named = (event.payload as { readonly attempt?: number }).attempt
  const draft = attempts.findLast((one) => one.attempt === named)
  if (draft === undefined) return
  switch (event.type) {
    case "step.started": {
      const { delivery, fence, owner } = payloadOf(event, "step.started")
      draft.status = "RUNNING"
      draft.startedAt ??= event.at
      draft.deliveries.push({ delivery, fence, owner, startedAt: event.at, lostAt: null, lostReason: null })
      return
    }
    case "step.lost": {
      const { fence, reason } = payloadOf(event, "step.lost")
      const lost = draft.deliveries.findLastIndex((one) => one.fence === fence)
      if (lost !== -1) draft.deliveries[lost] = { ...draft.deliveries[lost]!, lostAt: event.at, lostReason: reason }
      draft.status = "PENDING"
      return
    }
    case "step.succeeded":
      end(draft, event, "SUCCEEDED", null, payloadOf(event, "step.succeeded").usage)
      return
    case "step.failed": {
      const { error, usage } = payloadOf(event, "step.failed")
      end(draft, event, "FAILED", error, usage)
      return
    }
    case "step.timed_out": {
      const { error, usage } = payloadOf(event, "step.timed_out")
      end(draft, event, "TIMED_OUT", error, usage)
      return
    }
    case "step.cancelled":
      end(draft, event, "CANCELLED", null, undefined)
      return
    case "step.retry_scheduled":
      draft.retryDelayMs = payloadOf(event, "step.retry_scheduled").delayMs
      return
  }
}

function end(
  draft: Draft,
  event: StepEvent,
  status: Draft["status"],
  error: RunError | null,
  usage: Usage | undefined,
): void {
  draft.status = status
  draft.completedAt = event.at
  draft.error = error
  draft.usage = usage ?? null
}

function payloadOf<T extends EventType>(event: StepEvent, _type: T): EventPayloads[T] {
  return event.payload as EventPayloads[T]
}
