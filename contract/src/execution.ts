/**
 * What `/api/workflows` answers, as 002 prints it: an execution is a run, times are RFC 3339, durations are seconds.
 * How each field is made: docs/reference/facades.md.
 */
import { type Static, Type } from "typebox"
import { answer, count, jsonObject, nullable, oneOf, text, textOrNull, time, timeOrNull } from "./scalars.ts"

export const executionStatuses = ["pending", "running", "completed", "failed", "cancelled", "timeout"] as const
const status = oneOf(executionStatuses)
const stepStatus = oneOf(["pending", "running", "completed", "failed", "skipped"])
const seconds = Type.Number({ minimum: 0, description: "Seconds." })
const secondsOrNull = nullable(seconds)
const object = nullable(jsonObject())
const summary = nullable(jsonObject("Redacted, and cut where it is large."))
const place = Type.String({ description: "Its place in the definition: `state`, or `outer/branch/state`." })

const TimelineEntry = answer("ExecutionTimelineEntry", {
  step_id: place,
  step_name: text,
  step_order: Type.Integer({ minimum: 1, description: "Its position in the definition." }),
  status: stepStatus,
  started_at: timeOrNull,
  completed_at: timeOrNull,
  duration_seconds: secondsOrNull,
  retry_count: count,
  error_message: textOrNull,
  input_summary: summary,
  output_summary: summary,
})
export type ExecutionTimelineEntry = Static<typeof TimelineEntry>

export const ExecutionTimeline = answer("ExecutionTimeline", {
  execution_id: text,
  workflow_id: text,
  status,
  started_at: timeOrNull,
  completed_at: timeOrNull,
  total_duration_seconds: secondsOrNull,
  step_count: count,
  completed_step_count: count,
  failed_step_count: count,
  skipped_step_count: count,
  step_timeline: Type.Array(TimelineEntry),
  error_message: textOrNull,
})
export type ExecutionTimeline = Static<typeof ExecutionTimeline>

export const ExecutionMetrics = answer("ExecutionMetrics", {
  total_duration_seconds: seconds,
  success_rate: Type.Number({ minimum: 0, maximum: 100, description: "Per cent of those that completed or failed." }),
  total_executions: count,
  successful_executions: count,
  failed_executions: count,
  average_duration_seconds: seconds,
  min_duration_seconds: secondsOrNull,
  max_duration_seconds: secondsOrNull,
})
export type ExecutionMetrics = Static<typeof ExecutionMetrics>

const head = {
  id: text,
  workflow_id: text,
  execution_number: Type.Integer({ minimum: 1 }),
  status,
  started_at: timeOrNull,
  completed_at: timeOrNull,
  duration: secondsOrNull,
  input_variables: object,
  results: object,
}
const stamps = { created_at: time, updated_at: time }

export const ExecutionItem = answer("ExecutionItem", { ...head, ...stamps })
export type ExecutionItem = Static<typeof ExecutionItem>

export const ExecutionPage = answer("ExecutionPage", {
  items: Type.Array(ExecutionItem),
  total: count,
  skip: count,
  limit: count,
})
export type ExecutionPage = Static<typeof ExecutionPage>

export const StepExecution = answer("StepExecution", {
  id: text,
  execution_id: text,
  step_id: place,
  status: stepStatus,
  started_at: timeOrNull,
  completed_at: timeOrNull,
  duration: secondsOrNull,
  retry_count: count,
  output_data: object,
})
export type StepExecution = Static<typeof StepExecution>

export const Execution = answer("Execution", {
  ...head,
  error_message: textOrNull,
  step_executions: Type.Array(StepExecution),
  ...stamps,
})
export type Execution = Static<typeof Execution>

/** What the sockets of 002 push, as text frames. */
export type ExecutionMessage =
  | {
      readonly event: "workflow_started"
      readonly data: { readonly execution_id: string; readonly workflow_id: string; readonly timestamp: string }
    }
  | {
      readonly event: "workflow_completed"
      readonly data: {
        readonly execution_id: string
        readonly workflow_id: string
        readonly status: "completed"
        readonly duration_seconds: number
        readonly timestamp: string
      }
    }
  | {
      readonly event: "workflow_failed"
      readonly data: {
        readonly execution_id: string
        readonly workflow_id: string
        readonly error: string
        readonly timestamp: string
      }
    }
  | {
      readonly event: "step_started"
      readonly data: {
        readonly execution_id: string
        readonly step_id: string
        readonly step_name: string
        readonly timestamp: string
      }
    }
  | {
      readonly event: "step_completed"
      readonly data: {
        readonly execution_id: string
        readonly step_id: string
        readonly step_name: string
        readonly duration_seconds: number
        readonly output: { readonly [key: string]: unknown } | null
        readonly timestamp: string
      }
    }
  | {
      readonly event: "step_failed"
      readonly data: {
        readonly execution_id: string
        readonly step_id: string
        readonly step_name: string
        readonly error: string
        readonly retry_count: number
        readonly timestamp: string
      }
    }
