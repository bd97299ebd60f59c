/** 000's Step document. The tables are the translation; docs/reference/facades.md is the same in words. */
import type { StepRecord } from "@waybill/contract"
import {
  type Engine,
  type EventPayloads,
  type JsonObject,
  type ModelUse,
  modelUsed,
  type RunError,
  type StepRow,
  type StepStatus,
} from "@waybill/engine"
import { parsedPayload } from "../shared/event-reading.ts"
import { inTurns } from "../shared/in-turns.ts"
import { type Made, make } from "../shared/made.ts"
import { noRoom, summaryAt } from "../shared/summaries.ts"
import { between, rfc3339OrNull } from "../shared/time.ts"

interface From {
  readonly row: StepRow
  readonly error: RunError | null
  readonly input: JsonObject | null
  readonly output: JsonObject | null
  readonly checked: EventPayloads["step.succeeded"]["validation"] | null
  readonly model: ModelUse | null
}

/** Settled 29. */
const statuses = {
  PENDING: "queued",
  RUNNING: "running",
  WAITING_SIGNAL: "running",
  WAITING_APPROVAL: "waiting_human",
  SUCCEEDED: "completed",
  FAILED: "failed",
  TIMED_OUT: "failed",
  CANCELLED: "canceled",
  SKIPPED: "skipped",
} as const satisfies { readonly [Status in StepStatus]: StepRecord["status"] }

const table = {
  id: ({ row }) => row.stepId,
  run_id: ({ row }) => row.runId,
  name: ({ row }) => row.name,
  type: ({ row, model }) => typeOf(row, model),
  status: ({ row }) => statuses[row.status],
  started_at: ({ row }) => rfc3339OrNull(row.startedAt),
  completed_at: ({ row }) => rfc3339OrNull(row.completedAt),
  duration_ms: ({ row }) => between(row.startedAt ?? row.enteredAt, row.completedAt),
  retries: ({ row }) => row.retries,
  details: ({ row, model }) => ({
    ...(model !== null && { model: model.model }),
    ...(typeOf(row, model) === "tool" && { tool: row.agent, endpoint: null }),
    parameters_redacted: model?.parameters ?? null,
  }),
  io: ({ input, output }) => ({ input_redacted: input, output_redacted: output }),
  diagnostics: ({ row, error }) => ({
    span_id: row.spanId,
    resource_usage: { tokens: row.tokens, compute_ms: row.computeMs },
    error_code: error?.code ?? null,
    error_message: error?.detail ?? null,
  }),
  validation: ({ checked, error }) => validation(checked, error),
} satisfies Made<StepRecord, From>

/** `rows`: one page, read in their order. */
export async function stepRecords(engine: Engine, rows: readonly StepRow[]): Promise<StepRecord[]> {
  const failedWith = await modelsOfFailures(engine, rows)
  return inTurns(rows, (row) => stepRecord(engine, row, failedWith.get(row.stepId) ?? null))
}

async function stepRecord(engine: Engine, row: StepRow, failedWith: ModelUse | null): Promise<StepRecord> {
  const { runId, inputSeq, outputSeq } = row
  const [input, output, ended] = await Promise.all([
    summaryAt(engine, runId, inputSeq, noRoom),
    summaryAt(engine, runId, outputSeq, noRoom),
    succeededAt(engine, runId, outputSeq),
  ])
  const error = row.error === null ? null : (JSON.parse(row.error) as RunError)
  const model = modelUsed(ended?.usage) ?? failedWith
  return make(table, { row, error, input, output, checked: ended?.validation ?? null, model })
}

async function succeededAt(engine: Engine, runId: string, seq: number | null) {
  if (seq === null) return null
  const [event] = await engine.queries.events(runId, { after: seq - 1, types: [], limit: 1 })
  return event?.type === "step.succeeded" ? parsedPayload(event, "step.succeeded") : null
}

/** Failed attempts that are looked through for what a page's steps were tried with. */
const failuresMax = 1_000
/** Events among which they are looked for: behind the page's first such step there may be a hundred thousand without one. */
const failuresWithin = 5_000

/** By step: what its last failed attempt that named a model had used. */
async function modelsOfFailures(engine: Engine, rows: readonly StepRow[]): Promise<ReadonlyMap<string, ModelUse>> {
  const models = new Map<string, ModelUse>()
  const first = rows.find(({ agent, error, retries }) => agent !== null && (error !== null || retries > 0))
  if (first === undefined) return models
  const types = ["step.failed", "step.timed_out"] as const
  const page = { after: first.firstSeq, types, limit: failuresMax, within: failuresWithin }
  const events = await engine.queries.events(first.runId, page)
  for (const event of events) {
    const model = modelUsed(parsedPayload(event, "step.failed")?.usage)
    if (model !== null && event.stepId !== null) models.set(event.stepId, model)
  }
  return models
}

/** Settled 29: an agent is a tool unless it reports a model. */
function typeOf({ action, type }: StepRow, model: ModelUse | null): StepRecord["type"] {
  if (action === "agent.run") return model === null ? "tool" : "model"
  return type === "switch" || action === "human.approval" ? "decision" : "io"
}

function validation(checked: From["checked"], error: RunError | null): StepRecord["validation"] {
  if (checked != null) {
    const { passed, score, reasons } = checked
    return { passed, ...(score !== undefined && { score }), ...(reasons !== undefined && { reasons }) }
  }
  return error?.class === "validation_failed" ? { passed: false, reasons: [error.detail] } : null
}
