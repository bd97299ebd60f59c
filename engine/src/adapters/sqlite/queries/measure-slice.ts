/**
 * What ended in a stretch of the feed, counted: read and added up on a reader's thread, a few statements at a time, so
 * that the engine's thread only stores the deltas. It looks at rows that never change again, so the same stretch always
 * counts the same, however late it is looked at.
 */
import type { Failure } from "../../../core/measures/issue.ts"
import {
  type CountedStep,
  countRun,
  countStep,
  emptyRunTally,
  emptyStepTally,
  hourOf,
  production,
  type RollupKey,
  type RunKey,
  type RunTally,
  runRollup,
  type StepKey,
  type StepTally,
  standingFor,
  stepRollup,
} from "../../../core/measures/rollup.ts"
import type { MeasureSlice, SliceBounds } from "../../../ports/measure-store.ts"
import type { EndedRun } from "./ended-run.ts"
import { failureOf } from "./failures.ts"
import type { Statements } from "./statements.ts"

/** As it is counted by: of production what began it. */
export const countedOrigin = "CASE r.origin WHEN 'live' THEN r.trigger_kind ELSE r.origin END"

export const endedColumns = `r.run_key AS "runKey", r.run_id AS "runId", r.workspace_id AS "workspaceId", r.environment,
  r.workflow_id AS "workflowId", r.version_number AS "versionNumber", r.workflow_version AS version,
  ${countedOrigin} AS origin, r.status, r.sort_at AS "sortAt", r.completed_at AS "completedAt",
  r.duration_ms AS "durationMs", r.retry_count AS "retryCount", r.hitl, r.rerun_of AS "rerunOf", r.tokens,
  r.compute_ms AS "computeMs", r.cost_usd AS "costUsd", r.effectiveness, r.step_count AS steps,
  r.business_event_id AS "businessEventId"`

const stepColumns = `s.name, s.status, s.attempt, s.retries, s.entered_at AS "enteredAt",
  s.scheduled_at AS "scheduledAt", s.started_at AS "startedAt", s.completed_at AS "completedAt", s.tokens,
  s.compute_ms AS "computeMs", s.cost_usd AS "costUsd"`

const terminal = "e.type IN ('run.completed', 'run.failed', 'run.cancelled', 'run.timed_out')"

/** Positions in one statement. */
const chunkPositions = 4_096
/** Rows of steps in one statement. */
const chunkSteps = 2_000

export function measureSlice(statements: Statements, after: number, head: number, bounds: SliceBounds): MeasureSlice {
  const last = Math.min(head, after + bounds.positions)
  const counts = new SliceCounts()
  let runs = 0
  let steps = 0
  for (let from = after; from < last; from += chunkPositions) {
    const to = Math.min(last, from + chunkPositions)
    // One read transaction a chunk: opening one for each statement costs more than most of them.
    const { huge, stop } = statements.together(() => {
      const ended = endedBetween(statements, from, to)
      let taken = 0
      for (; taken < ended.length && runs < bounds.runs && steps < bounds.steps; taken++) {
        const run = ended[taken]!
        runs++
        steps += run.steps
        counts.run(run)
        // What fails beside production is nobody's issue: it would count as a trend, or as one that came back.
        if (production.includes(run.origin)) counts.failed(failureOf(statements, run))
        const earlier = stoodFor(statements, run)
        if (earlier !== null) counts.folded(earlier)
      }
      const counted = ended.slice(0, taken)
      countSteps(
        statements,
        counts,
        counted.filter((run) => run.steps <= chunkSteps),
      )
      return {
        huge: counted.filter((run) => run.steps > chunkSteps),
        stop: taken === ended.length ? null : ended[taken]!.position - 1,
      }
    })
    for (const run of huge) counts.steps(run, stepsOf(statements, run.runKey))
    if (stop !== null) return counts.slice(after, stop, runs)
  }
  return counts.slice(after, last, runs)
}

/** In the order of the runs, as many runs in a statement as have at most so many steps together. */
function countSteps(statements: Statements, counts: SliceCounts, runs: readonly EndedRun[]): void {
  for (let from = 0; from < runs.length; ) {
    let to = from + 1
    let size = runs[from]!.steps
    while (to < runs.length && size + runs[to]!.steps <= chunkSteps) size += runs[to++]!.steps
    const few = runs.slice(from, to)
    from = to
    const rows = statements.all(
      `SELECT s.run_key AS "runKey", ${stepColumns}
       FROM json_each(?) k CROSS JOIN workflow_run_steps s ON s.run_key = k.value`,
      [JSON.stringify(few.map((run) => run.runKey))],
    ) as unknown as readonly (CountedStep & { readonly runKey: number })[]
    let at = 0
    for (const run of few) {
      const begin = at
      while (at < rows.length && rows[at]!.runKey === run.runKey) at++
      counts.steps(run, rows.slice(begin, at))
    }
  }
}

function endedBetween(statements: Statements, after: number, to: number): readonly EndedRun[] {
  return statements.all(
    `SELECT e.position, ${endedColumns} FROM workflow_run_events e CROSS JOIN workflow_runs r ON r.run_key = e.run_key
     WHERE e.position > ? AND e.position <= ? AND ${terminal} AND r.completed_at IS NOT NULL ORDER BY e.position`,
    [after, to],
  ) as unknown as readonly EndedRun[]
}

/** Of a run with very many: page by page, each on its own, so that no read transaction is open for long. */
function* stepsOf(statements: Statements, runKey: number): Generator<CountedStep> {
  for (let after = 0; ; ) {
    const rows = statements.all(
      `SELECT ${stepColumns}, s.first_seq AS "firstSeq"
       FROM workflow_run_steps s WHERE s.run_key = ? AND s.first_seq > ? ORDER BY s.first_seq LIMIT ?`,
      [runKey, after, chunkSteps],
    )
    yield* rows as unknown as readonly CountedStep[]
    if (rows.length < chunkSteps) return
    after = rows[rows.length - 1]!.firstSeq as number
  }
}

/** Of one business event so many runs are looked at, from the newest on. */
const alikeMax = 50

/**
 * Of the runs of one business event the last one counts for service levels (settled 14). When another one ends, the one
 * that was the last until then is left out; or it itself, where it began before. A replay or a backfill stands for none
 * of production: what is judged there stays judged. Only runs that ended before it in the
 * feed are looked at, so that the answer is the same whenever it is asked.
 */
function stoodFor(statements: Statements, run: EndedRun): EndedRun | null {
  if (run.businessEventId === null) return null
  const alike = statements.all(
    `SELECT ${endedColumns}, coalesce((SELECT e.position FROM workflow_run_events e
         WHERE e.run_key = r.run_key AND e.seq = r.seq), 0) AS position
     FROM workflow_runs r INDEXED BY workflow_runs_by_business_event
     WHERE r.business_event_id = ? AND r.workspace_id = ? AND r.workflow_id = ? AND r.environment = ?
       AND ${countedOrigin} IN (SELECT value FROM json_each(?)) AND r.completed_at IS NOT NULL AND r.status <> 'CANCELLED' AND r.run_key <> ?
     ORDER BY r.sort_at DESC, r.run_key DESC LIMIT ?`,
    [
      run.businessEventId,
      run.workspaceId,
      run.workflowId,
      run.environment,
      JSON.stringify(standingFor(run.origin)),
      run.runKey,
      alikeMax,
    ],
  ) as unknown as readonly EndedRun[]
  if (run.status === "CANCELLED") return null
  const last = alike.find((one) => one.position < run.position)
  if (last === undefined) return null
  const isNewer = run.sortAt > last.sortAt || (run.sortAt === last.sortAt && run.runKey > last.runKey)
  return isNewer ? last : run
}

export function keyOf(run: EndedRun): RollupKey {
  const { workspaceId, environment, workflowId, versionNumber, version, origin } = run
  return { hour: hourOf(run.completedAt), workspaceId, environment, workflowId, versionNumber, version, origin }
}

class SliceCounts {
  readonly #runs = new Map<string, { readonly key: RunKey; readonly tally: RunTally }>()
  readonly #steps = new Map<string, Map<string, { readonly key: StepKey; readonly tally: StepTally }>>()
  readonly #failures: Failure[] = []

  run(run: EndedRun): void {
    countRun(this.#runTally({ ...keyOf(run), folded: 0 }), run)
  }

  failed(failure: Failure | null): void {
    if (failure !== null) this.#failures.push(failure)
  }

  folded(run: EndedRun): void {
    countRun(this.#runTally({ ...keyOf(run), folded: 1 }), run)
  }

  /** There are many more steps than runs: what they have in common is made once a run. */
  steps(run: EndedRun, steps: Iterable<CountedStep>): void {
    const key = keyOf(run)
    const common = textOf(key)
    let byName = this.#steps.get(common)
    if (byName === undefined) {
      byName = new Map()
      this.#steps.set(common, byName)
    }
    for (const step of steps) {
      let found = byName.get(step.name)
      if (found === undefined) {
        found = { key: { ...key, step: step.name }, tally: emptyStepTally() }
        byName.set(step.name, found)
      }
      countStep(found.tally, step)
    }
  }

  #runTally(key: RunKey): RunTally {
    const text = `${textOf(key)}\n${key.folded}`
    let found = this.#runs.get(text)
    if (found === undefined) {
      found = { key, tally: emptyRunTally() }
      this.#runs.set(text, found)
    }
    return found.tally
  }

  slice(from: number, to: number, runs: number): MeasureSlice {
    return {
      from,
      to,
      runs,
      rollups: [...this.#runs.values()].map(({ key, tally }) => runRollup(key, tally)),
      failures: this.#failures,
      stepRollups: [...this.#steps.values()].flatMap((byName) =>
        [...byName.values()].map(({ key, tally }) => stepRollup(key, tally)),
      ),
    }
  }
}

function textOf({ hour, workspaceId, environment, workflowId, versionNumber, origin }: RollupKey): string {
  return `${hour}\n${workspaceId}\n${environment}\n${workflowId}\n${versionNumber}\n${origin}`
}
