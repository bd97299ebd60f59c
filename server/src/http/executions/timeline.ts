/**
 * 002's timeline of an execution: each state of the definition's top level, entered or not, and the nested ones that were
 * entered (settled 5), in the definition's order.
 */
import type { ExecutionTimeline, ExecutionTimelineEntry } from "@waybill/contract"
import {
  type DefinitionPlace,
  type Engine,
  executionsWords,
  type JsonObject,
  type RunError,
  type RunRow,
  type StepRow,
  type StepTotals,
  stepPlace,
} from "@waybill/engine"
import { inTurns } from "../shared/in-turns.ts"
import { type Made, make } from "../shared/made.ts"
import { noRoom, summaryAt } from "../shared/summaries.ts"
import { rfc3339OrNull } from "../shared/time.ts"
import { STEPS_MAX } from "./execution.ts"
import { secondsBetween, stepWords } from "./words.ts"

interface Entered {
  readonly row: StepRow
  readonly order: number
  readonly input: JsonObject | null
  readonly output: JsonObject | null
}

const entered = {
  step_id: ({ row }) => stepPlace(row),
  step_name: ({ row }) => row.name,
  step_order: ({ order }) => order,
  status: ({ row }) => stepWords[row.status],
  started_at: ({ row }) => rfc3339OrNull(row.startedAt),
  completed_at: ({ row }) => rfc3339OrNull(row.completedAt),
  duration_seconds: ({ row }) => secondsBetween(row.startedAt ?? row.enteredAt, row.completedAt),
  retry_count: ({ row }) => row.retries,
  error_message: ({ row }) => (row.error === null ? null : (JSON.parse(row.error) as RunError).detail),
  input_summary: ({ input }) => input,
  output_summary: ({ output }) => output,
} satisfies Made<ExecutionTimelineEntry, Entered>

interface NotEntered {
  readonly place: DefinitionPlace
  readonly order: number
  readonly hasEnded: boolean
}

const notEntered = {
  step_id: ({ place }) => place.place,
  step_name: ({ place }) => place.name,
  step_order: ({ order }) => order,
  status: ({ hasEnded }) => (hasEnded ? "skipped" : "pending"),
  started_at: () => null,
  completed_at: () => null,
  duration_seconds: () => null,
  retry_count: () => 0,
  error_message: () => null,
  input_summary: () => null,
  output_summary: () => null,
} satisfies Made<ExecutionTimelineEntry, NotEntered>

interface From {
  readonly row: RunRow
  readonly counts: Counts
  readonly entries: ExecutionTimelineEntry[]
}

const timeline = {
  execution_id: ({ row }) => row.runId,
  workflow_id: ({ row }) => row.workflowId,
  status: ({ row }) => executionsWords[row.status],
  started_at: ({ row }) => rfc3339OrNull(row.startedAt),
  completed_at: ({ row }) => rfc3339OrNull(row.completedAt),
  total_duration_seconds: ({ row }) => secondsBetween(row.startedAt, row.completedAt),
  step_count: ({ counts }) => counts.all,
  completed_step_count: ({ counts }) => counts.completed,
  failed_step_count: ({ counts }) => counts.failed,
  skipped_step_count: ({ counts }) => counts.skipped,
  step_timeline: ({ entries }) => entries,
  error_message: ({ row }) => row.errorMessage,
} satisfies Made<ExecutionTimeline, From>

export async function executionTimeline(engine: Engine, row: RunRow): Promise<ExecutionTimeline> {
  const [places, totals, steps] = await Promise.all([
    engine.insights.places(row.definitionHash),
    engine.insights.stepTotals(row.runId),
    engine.queries.steps(row.runId, 0, STEPS_MAX),
  ])
  const known = places ?? []
  const orders = new Map(known.map(({ place }, index) => [place, index + 1]))
  const hasEnded = row.completedAt !== null
  const missing = known.filter(({ isTop, name }) => isTop && !totals.topStates.includes(name))
  const entries = await inTurns(steps, (step, index) =>
    enteredEntry(engine, step, orders.get(stepPlace(step)) ?? known.length + index + 1),
  )
  for (const place of missing) entries.push(make(notEntered, { place, order: orders.get(place.place)!, hasEnded }))
  // Stable: rounds and items of one place stay in the order they were entered.
  entries.sort((a, b) => a.step_order - b.step_order)
  return make(timeline, { row, entries, counts: countsOf(totals, missing.length, hasEnded) })
}

async function enteredEntry(engine: Engine, row: StepRow, order: number): Promise<ExecutionTimelineEntry> {
  const [input, output] = await Promise.all([
    summaryAt(engine, row.runId, row.inputSeq, noRoom),
    summaryAt(engine, row.runId, row.outputSeq, noRoom),
  ])
  return make(entered, { row, order, input, output })
}

interface Counts {
  readonly all: number
  readonly completed: number
  readonly failed: number
  readonly skipped: number
}

/** Of all that was entered, also what a long timeline does not list. */
function countsOf({ byStatus }: StepTotals, missing: number, hasEnded: boolean): Counts {
  const counts = { all: missing, completed: 0, failed: 0, skipped: hasEnded ? missing : 0 }
  for (const [status, count] of Object.entries(byStatus)) {
    const word = stepWords[status as keyof typeof stepWords]
    counts.all += count
    if (word === "completed" || word === "failed" || word === "skipped") counts[word] += count
  }
  return counts
}
