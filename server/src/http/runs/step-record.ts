/** 000's Step document. The tables are the translation; docs/reference/facades.md is the same in words. */
import type { StepRecord } from "@waybill/contract"
import type { Engine, EventPayloads, JsonObject, RunError, StepRow, StepStatus } from "@waybill/engine"
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
  type: ({ row }) => typeOf(row),
  status: ({ row }) => statuses[row.status],
  started_at: ({ row }) => rfc3339OrNull(row.startedAt),
  completed_at: ({ row }) => rfc3339OrNull(row.completedAt),
  duration_ms: ({ row }) => between(row.startedAt ?? row.enteredAt, row.completedAt),
  retries: ({ row }) => row.retries,
  details: ({ row }) => ({
    ...(typeOf(row) === "tool" && { tool: row.agent, endpoint: null }),
    parameters_redacted: null,
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
export function stepRecords(engine: Engine, rows: readonly StepRow[]): Promise<StepRecord[]> {
  return inTurns(rows, (row) => stepRecord(engine, row))
}

async function stepRecord(engine: Engine, row: StepRow): Promise<StepRecord> {
  const { runId, inputSeq, outputSeq } = row
  const [input, output, checked] = await Promise.all([
    summaryAt(engine, runId, inputSeq, noRoom),
    summaryAt(engine, runId, outputSeq, noRoom),
    checkedAt(engine, runId, outputSeq),
  ])
  const error = row.error === null ? null : (JSON.parse(row.error) as RunError)
  return make(table, { row, error, input, output, checked })
}

async function checkedAt(engine: Engine, runId: string, seq: number | null): Promise<From["checked"]> {
  if (seq === null) return null
  const [event] = await engine.queries.events(runId, { after: seq - 1, types: [], limit: 1 })
  return event?.type === "step.succeeded" ? (parsedPayload(event, "step.succeeded")?.validation ?? null) : null
}

/** Settled 29: an agent is a tool unless it reports a model, and none reports one yet. */
function typeOf({ action, type }: StepRow): StepRecord["type"] {
  if (action === "agent.run") return "tool"
  return type === "switch" || action === "human.approval" ? "decision" : "io"
}

function validation(checked: From["checked"], error: RunError | null): StepRecord["validation"] {
  if (checked != null) {
    const { passed, score, reasons } = checked
    return { passed, ...(score !== undefined && { score }), ...(reasons !== undefined && { reasons }) }
  }
  return error?.class === "validation_failed" ? { passed: false, reasons: [error.detail] } : null
}
