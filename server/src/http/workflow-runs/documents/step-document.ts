/** Steps with their attempts: rows, and the trail of events behind them. */
import type { Attempt, Json, RunError, Step, Usage } from "@waybill/contract"
import {
  type AttemptView,
  type Engine,
  foldStepTrail,
  modelOfAttempts,
  type StepEvent,
  type StepRow,
  type StoredEventRow,
  usd,
} from "@waybill/engine"
import { eventValue, storedValue } from "../../shared/event-reading.ts"
import { between, rfc3339, rfc3339OrNull } from "../../shared/time.ts"

const trailTypes = [
  "step.scheduled",
  "step.started",
  "step.succeeded",
  "step.failed",
  "step.timed_out",
  "step.cancelled",
  "step.retry_scheduled",
  "step.lost",
  "step.redelivered",
  "child.started",
  "state.exited",
] as const
const TRAIL_PAGE = 1_000

/** What their rows tell: for pages of a long run that show many and look into few. */
export function stepsWithoutValues(rows: readonly StepRow[]): Step[] {
  return rows.map((row) => stepDocument(row, [], null, null))
}

/** `rows`: one page of a run's steps, in their order. */
export async function stepDocuments(engine: Engine, runId: string, rows: readonly StepRow[]): Promise<Step[]> {
  const events = await readTrail(engine, runId, rows)
  const bySeq = new Map(events.map((event) => [event.seq, event]))
  const byStep = new Map<string, StepEvent[]>(rows.map((row) => [row.stepId, []]))
  for (const { stepId, type, at, payload } of events) {
    const own = stepId === null ? undefined : byStep.get(stepId)
    own?.push({ type, at, payload: payload === null ? null : JSON.parse(payload) })
  }
  const value = (seq: number | null): Promise<Json> | null => {
    if (seq === null) return null
    const event = bySeq.get(seq)
    return (event === undefined ? storedValue(engine, runId, seq) : eventValue(engine, event)) as Promise<Json>
  }
  return Promise.all(
    rows.map(async (row) => {
      const [input, output] = await Promise.all([value(row.inputSeq), value(row.outputSeq)])
      return stepDocument(row, byStep.get(row.stepId) ?? [], input, output)
    }),
  )
}

/** Reads on until every ended step of the page has been seen to its exit, or the run has no more events. */
async function readTrail(engine: Engine, runId: string, rows: readonly StepRow[]): Promise<readonly StoredEventRow[]> {
  const first = rows[0]
  if (first === undefined) return []
  const wanted = new Set(rows.filter((row) => row.scheduledAt !== null || row.type === "run").map((row) => row.stepId))
  const steps = new Set(rows.map((row) => row.stepId))
  const trail: StoredEventRow[] = []
  let after = first.firstSeq - 1
  while (wanted.size > 0) {
    const page = await engine.queries.events(runId, { after, types: trailTypes, limit: TRAIL_PAGE })
    for (const event of page) {
      if (event.stepId === null || !steps.has(event.stepId)) continue
      trail.push(event)
      if (event.type === "state.exited") wanted.delete(event.stepId)
    }
    if (page.length < TRAIL_PAGE) break
    after = page.at(-1)!.seq
  }
  return trail
}

function stepDocument(row: StepRow, events: readonly StepEvent[], input: Json, output: Json): Step {
  const trail = foldStepTrail(events)
  const model = modelOfAttempts(trail.attempts)
  return {
    stepId: row.stepId,
    runId: row.runId,
    name: row.name,
    type: row.type,
    action: row.action,
    parentStepId: row.parentStepId,
    branchPath: row.branchPath,
    index: row.itemIndex === null ? null : JSON.parse(row.itemIndex),
    visit: row.visit,
    status: row.status,
    attempt: row.attempt,
    delivery: row.delivery,
    enteredAt: rfc3339(row.enteredAt),
    scheduledAt: rfc3339OrNull(row.scheduledAt),
    startedAt: rfc3339OrNull(row.startedAt),
    completedAt: rfc3339OrNull(row.completedAt),
    durationMs: between(row.startedAt ?? row.enteredAt, row.completedAt),
    queueMs: between(row.scheduledAt, row.startedAt),
    retries: row.retries,
    agent: row.agent,
    agentRunId: row.agentRunId,
    input,
    output,
    error: row.error === null ? null : (JSON.parse(row.error) as RunError),
    validation: trail.validation as Step["validation"],
    usage: { tokens: row.tokens, computeMs: row.computeMs, costUsd: usd(row.costUsd) },
    model: model?.model ?? null,
    provider: model?.provider ?? null,
    spanId: row.spanId,
    next: row.next,
    seq: row.firstSeq,
    children: [...trail.children],
    attempts: trail.attempts.map(attemptDocument),
  }
}

function attemptDocument(attempt: AttemptView): Attempt {
  const { usage } = attempt
  return {
    attempt: attempt.attempt,
    status: attempt.status,
    agent: attempt.agent,
    agentRunId: attempt.agentRunId,
    scheduledAt: rfc3339(attempt.scheduledAt),
    startedAt: rfc3339OrNull(attempt.startedAt),
    completedAt: rfc3339OrNull(attempt.completedAt),
    durationMs: between(attempt.startedAt, attempt.completedAt),
    queueMs: between(attempt.scheduledAt, attempt.startedAt),
    error: attempt.error as RunError | null,
    usage: usage && amounts(usage),
    models: (usage?.models ?? []).map((one) => ({
      model: one.model,
      provider: one.provider ?? null,
      parameters: one.parameters ?? null,
      usage: amounts(one),
    })),
    retryDelayMs: attempt.retryDelayMs,
    spanId: attempt.spanId,
    deliveries: attempt.deliveries.map((one) => ({
      delivery: one.delivery,
      fence: one.fence,
      owner: one.owner,
      startedAt: rfc3339(one.startedAt),
      lostAt: rfc3339OrNull(one.lostAt),
      lostReason: one.lostReason,
    })),
  }
}

function amounts({ tokens = 0, computeMs = 0, costUsd = 0 }: Partial<Usage>): Usage {
  return { tokens, computeMs, costUsd }
}
