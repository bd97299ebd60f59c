/** 002's execution documents: one for its list, one with its steps. The tables are the translation. */
import type { Execution, ExecutionItem, StepExecution } from "@waybill/contract"
import { type Engine, executionsWords, type JsonObject, type RunRow, type StepRow, stepPlace } from "@waybill/engine"
import { inTurns } from "../shared/in-turns.ts"
import { type Made, make } from "../shared/made.ts"
import { noRoom, someRoom, summaryAt, valueAt } from "../shared/summaries.ts"
import { rfc3339, rfc3339OrNull } from "../shared/time.ts"
import { secondsBetween, stepWords } from "./words.ts"

/** Steps of one document; of a run with more, the first so many that were entered. */
export const STEPS_MAX = 500

interface From {
  readonly row: RunRow
  readonly input: JsonObject | null
  readonly output: JsonObject | null
  /** When its last event was written. */
  readonly updatedAt: number
}

const head = {
  id: ({ row }) => row.runId,
  workflow_id: ({ row }) => row.workflowId,
  execution_number: ({ row }) => row.executionNumber,
  status: ({ row }) => executionsWords[row.status],
  started_at: ({ row }) => rfc3339OrNull(row.startedAt),
  completed_at: ({ row }) => rfc3339OrNull(row.completedAt),
  duration: ({ row }) => secondsBetween(row.startedAt, row.completedAt),
  input_variables: ({ input }) => input,
  results: ({ output }) => output,
} satisfies Made<Omit<ExecutionItem, "created_at" | "updated_at">, From>

const stamps = {
  created_at: ({ row }) => rfc3339(row.createdAt),
  updated_at: ({ updatedAt }) => rfc3339(updatedAt),
} satisfies Made<Pick<ExecutionItem, "created_at" | "updated_at">, From>

const item = { ...head, ...stamps } satisfies Made<ExecutionItem, From>

const execution = {
  ...head,
  error_message: ({ row }) => row.errorMessage,
  step_executions: ({ steps }) => steps,
  ...stamps,
} satisfies Made<Execution, From & { readonly steps: StepExecution[] }>

const stepExecution = {
  id: ({ row }) => row.stepId,
  execution_id: ({ row }) => row.runId,
  step_id: ({ row }) => stepPlace(row),
  status: ({ row }) => stepWords[row.status],
  started_at: ({ row }) => rfc3339OrNull(row.startedAt),
  completed_at: ({ row }) => rfc3339OrNull(row.completedAt),
  duration: ({ row }) => secondsBetween(row.startedAt ?? row.enteredAt, row.completedAt),
  retry_count: ({ row }) => row.retries,
  output_data: ({ output }) => output,
} satisfies Made<StepExecution, { readonly row: StepRow; readonly output: JsonObject | null }>

/** Its values cut where they are large. */
export async function executionItem(engine: Engine, row: RunRow): Promise<ExecutionItem> {
  const [input, output, updatedAt] = await Promise.all([
    summaryAt(engine, row.runId, 1, noRoom),
    summaryAt(engine, row.runId, row.outputSeq, noRoom),
    updatedAtOf(engine, row),
  ])
  return make(item, { row, input, output, updatedAt })
}

/** Its values as they are, up to what one answer may take. */
export async function executionDocument(engine: Engine, row: RunRow): Promise<Execution> {
  const room = someRoom()
  const input = await valueAt(engine, row.runId, 1, room)
  const output = await valueAt(engine, row.runId, row.outputSeq, room)
  const rows = await engine.queries.steps(row.runId, 0, STEPS_MAX)
  const steps = await inTurns(rows, async (step) =>
    make(stepExecution, { row: step, output: await valueAt(engine, row.runId, step.outputSeq, room) }),
  )
  return make(execution, { row, input, output, steps, updatedAt: await updatedAtOf(engine, row) })
}

async function updatedAtOf(engine: Engine, row: RunRow): Promise<number> {
  if (row.completedAt !== null) return row.completedAt
  const [last] = await engine.queries.events(row.runId, { after: row.seq - 1, types: [], limit: 1 })
  return last?.at ?? row.createdAt
}
