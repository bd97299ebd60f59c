/**
 * The Run and Step documents of 000, as `/runs` gives them: its names, nesting and order, null where nothing is known.
 * How each field is made: docs/reference/facades.md.
 */
import { type Static, Type } from "typebox"
import {
  answer,
  count,
  durationMsOrNull,
  json,
  jsonObject,
  nullable,
  oneOf,
  request,
  text,
  textOrNull,
  time,
  timeOrNull,
} from "./scalars.ts"

const recordStatuses = ["queued", "running", "completed", "failed", "canceled", "waiting_human"] as const
const summary = nullable(jsonObject("Redacted, and cut where it is large."))
const measure = nullable(Type.Number())
const used = Type.Object({ tokens: Type.Number(), compute_ms: Type.Number() })

export const RunRecord = answer("RunRecord", {
  id: text,
  workflow_name: Type.String({ description: "The definition's id." }),
  workflow_version: text,
  environment: text,
  status: oneOf(recordStatuses),
  started_at: timeOrNull,
  completed_at: timeOrNull,
  duration_ms: durationMsOrNull,
  actor: oneOf(["system", "human"]),
  hitl: nullable(oneOf(["requested", "approved", "rejected"])),
  business_event_id: textOrNull,
  tenant_id: text,
  inputs_summary: summary,
  outputs_summary: summary,
  effectiveness: Type.Object({
    first_pass_success: nullable(Type.Boolean()),
    accuracy: measure,
    throughput_delta: measure,
  }),
  diagnostics: Type.Object({
    trace_id: text,
    resource_usage: used,
    error_code: textOrNull,
    error_message: textOrNull,
  }),
  tags: Type.Array(text),
  annotations: Type.Array(Type.Object({ author: text, note: text, at: time })),
})
export type RunRecord = Static<typeof RunRecord>

/** `details` names what its type has: a model's has no tool. */
export const StepRecord = answer("StepRecord", {
  id: text,
  run_id: text,
  name: text,
  type: oneOf(["tool", "model", "decision", "io"]),
  status: oneOf([...recordStatuses, "skipped"]),
  started_at: timeOrNull,
  completed_at: timeOrNull,
  duration_ms: durationMsOrNull,
  retries: count,
  details: Type.Object({
    model: Type.Optional(textOrNull),
    tool: Type.Optional(textOrNull),
    endpoint: Type.Optional(textOrNull),
    // Always there; optional, because an answer has what is required in front.
    parameters_redacted: Type.Optional(nullable(jsonObject())),
  }),
  io: Type.Object({ input_redacted: summary, output_redacted: summary }),
  diagnostics: Type.Object({
    span_id: textOrNull,
    resource_usage: used,
    error_code: textOrNull,
    error_message: textOrNull,
  }),
  validation: nullable(
    Type.Object({
      passed: Type.Boolean(),
      score: Type.Optional(Type.Number()),
      reasons: Type.Optional(json()),
    }),
  ),
})
export type StepRecord = Static<typeof StepRecord>

const nextToken = nullable(Type.String({ description: "Opaque; null on the last page." }))

export const RunRecordPage = answer("RunRecordPage", { items: Type.Array(RunRecord), next_token: nextToken })
export type RunRecordPage = Static<typeof RunRecordPage>

export const StepRecordPage = answer("StepRecordPage", { items: Type.Array(StepRecord), next_token: nextToken })
export type StepRecordPage = Static<typeof StepRecordPage>

export const RerunRecord = request("RerunRecord", {
  reason: Type.String({ minLength: 1, maxLength: 2000 }),
  note: Type.Optional(Type.String({ maxLength: 2000, description: "Recorded behind the reason." })),
})
export type RerunRecord = Static<typeof RerunRecord>

export const AnnotateRecord = request("AnnotateRecord", { note: Type.String({ minLength: 1, maxLength: 4000 }) })
export type AnnotateRecord = Static<typeof AnnotateRecord>

export const CancelRecord = request("CancelRecord", { reason: Type.Optional(Type.String({ maxLength: 2000 })) })
export type CancelRecord = Static<typeof CancelRecord>
