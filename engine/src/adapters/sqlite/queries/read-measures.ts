/**
 * What was counted, added up for a question: each rollup of the hours and days asked goes to the group and the bucket it
 * belongs to. A rollup is an hour at least; an hour that is not wholly asked is not answered here but run by run (`scanRuns`).
 */
import {
  addRunTally,
  addStepTally,
  countRun,
  emptyRunTally,
  emptyStepTally,
  type RollupKey,
  type RunTally,
  runTallyOf,
  type StepTally,
  stepTallyOf,
} from "../../../core/measures/rollup.ts"
import { encodeSketch } from "../../../core/measures/sketch.ts"
import { type RunsTold, tellRuns } from "../../../core/measures/tell-runs.ts"
import type { RunFilter } from "../../../core/views/run-query.ts"
import type {
  GroupKey,
  MeasuredRuns,
  MeasureQuestion,
  Repairs,
  RunCell,
  ScannedRuns,
  StepCell,
} from "../../../ports/measure-store.ts"
import {
  byDay,
  groupColumns,
  ofAllByDay,
  type RollupTable,
  runTable,
  stepTable,
  summedColumns,
} from "../rollup-tables.ts"
import { all, type Condition } from "./condition.ts"
import type { EndedRun } from "./ended-run.ts"
import { askedOf, type ListTools } from "./list-runs.ts"
import { countedOrigin, endedColumns, keyOf } from "./measure-slice.ts"
import { spansOf } from "./measure-spans.ts"
import { everythingAsked, planRuns, scansOf } from "./plan-runs.ts"
import { segmentsOf } from "./run-order.ts"
import { chunksOf, source } from "./scan.ts"
import type { Statements } from "./statements.ts"

export function toldRuns(statements: Statements, question: MeasureQuestion): RunsTold {
  const counted = new Cells(question, emptyRunTally)
  for (const row of rollups(statements, runTable, question))
    if (row.folded === 0) addRunTally(counted.at(row, row.hour), runTallyOf(row))
  return tellRuns(counted.all())
}

export function measuredRuns(statements: Statements, question: MeasureQuestion): MeasuredRuns {
  const counted = new Cells(question, emptyRunTally)
  const folded = new Cells(question, emptyRunTally)
  for (const row of rollups(statements, runTable, question))
    addRunTally((row.folded === 1 ? folded : counted).at(row, row.hour), runTallyOf(row))
  return { cells: counted.list(runCell), folded: folded.list(runCell) }
}

export function measuredSteps(statements: Statements, question: MeasureQuestion): readonly StepCell[] {
  const counted = new Cells<StepTally>(question, emptyStepTally)
  for (const row of rollups(statements, stepTable, question))
    addStepTally(counted.at(row, row.hour, row.step), stepTallyOf(row))
  return counted.list((key, bucket, { sums, durations, queues }, step) => ({
    ...key,
    ...sums,
    step,
    bucket,
    durations: encodeSketch(durations),
    queues: encodeSketch(queues),
  }))
}

/** A scan goes on this long beyond what a tally may take: it is asked for seldom, and says when it stopped. */
const scanMs = 2_000

export function scanRuns(tools: ListTools, question: MeasureQuestion, filter: RunFilter, now: number): ScannedRuns {
  const { statements, bounds, clock } = tools
  const counted = new Cells(question, emptyRunTally)
  const asked = askedOf(
    statements,
    { workspaceId: question.workspaceId, filter: narrowed(question, filter), now },
    null,
  )
  const newestFirst = segmentsOf("-startedAt")[0]!
  const deadline = clock() + scanMs
  let runs = 0
  for (const scan of scansOf(planRuns(statements, asked, bounds.sortedRows), asked, newestFirst)) {
    for (const where of chunksOf(statements, scan, newestFirst.order, bounds.tallyRows)) {
      if (clock() > deadline) return { cells: counted.list(runCell), runs, complete: false }
      const wanted = all([where, versionAndOrigin(question)])
      const sql = `SELECT ${endedColumns} FROM ${source(scan)} WHERE ${wanted.sql}`
      for (const row of statements.all(sql, wanted.values)) {
        const run = row as unknown as EndedRun
        runs++
        countRun(counted.at(keyOf(run), run.completedAt), run)
      }
    }
  }
  return { cells: counted.list(runCell), runs, complete: true }
}

function narrowed({ workflowId, environment, from, to }: MeasureQuestion, filter: RunFilter): RunFilter {
  const least = { value: from, from: "zero", included: true } as const
  const most = { value: to, from: "zero", included: false } as const
  const test = { kind: "number", field: "completedAt", any: [{ least, most }], now: null } as const
  return {
    ...filter,
    ...(workflowId !== null && { workflowId: [workflowId] }),
    ...(environment !== null && { environment: [environment] }),
    from,
    to,
    terms: [...filter.terms, { negated: false, test }],
  }
}

function versionAndOrigin({ versionNumber, origins }: Pick<MeasureQuestion, "versionNumber" | "origins">): Condition {
  return all([
    ...(versionNumber === null ? [] : [{ sql: "r.version_number = ?", values: [versionNumber] }]),
    ...originIn(origins, countedOrigin),
  ])
}

function originIn(origins: readonly string[], column: string): readonly Condition[] {
  if (origins.length === 0) return []
  return [{ sql: `${column} IN (${origins.map(() => "?").join(", ")})`, values: origins }]
}

/** Sums of an hour or a day, and of the question's groups: the database adds up what the question does not tell apart. */
function* rollups<Row extends RollupKey>(
  statements: Statements,
  table: RollupTable<Row>,
  question: MeasureQuestion,
): Generator<Row> {
  const { workspaceId, workflowId, environment, versionNumber, origins } = question
  const wanted = all([
    { sql: "r.workspace_id = ?", values: [workspaceId] },
    ...(workflowId === null ? [] : [{ sql: "r.workflow_id = ?", values: [workflowId] }]),
    ...(environment === null ? [] : [{ sql: "r.environment = ?", values: [environment] }]),
    ...(versionNumber === null ? [] : [{ sql: "r.version_number = ?", values: [versionNumber] }]),
    ...originIn(origins, "r.origin"),
  ])
  for (const { unit, from, to } of spansOf(question)) {
    const source = unit === "hour" ? table : ((asksOfAll(question) ? ofAllByDay(table) : null) ?? byDay(table))
    const index = source.byWorkflow !== null && workflowId !== null ? `INDEXED BY ${source.byWorkflow}` : ""
    const sql = `SELECT ${summedColumns(source, question.groupBy)} FROM ${source.name} r ${index}
      WHERE ${wanted.sql} AND r.hour >= ? AND r.hour < ? GROUP BY ${groupColumns(source, question.groupBy)}`
    yield* statements.all(sql, [...wanted.values, from, to]) as unknown as readonly Row[]
  }
}

/** It tells no workflows or versions apart, and asks for none. */
function asksOfAll({ workflowId, versionNumber, groupBy }: MeasureQuestion): boolean {
  return (
    workflowId === null && versionNumber === null && !groupBy.includes("workflowId") && !groupBy.includes("version")
  )
}

class Cells<Tally> {
  readonly #question: MeasureQuestion
  readonly #make: () => Tally
  readonly #cells = new Map<
    string,
    { readonly key: GroupKey; readonly bucket: number; readonly step: string; readonly tally: Tally }
  >()

  constructor(question: MeasureQuestion, make: () => Tally) {
    this.#question = question
    this.#make = make
  }

  at(row: RollupKey, time: number, step = ""): Tally {
    const { groupBy, bucketStarts, from } = this.#question
    const bucket = bucketOf(bucketStarts, time) ?? from
    const by = (group: MeasureQuestion["groupBy"][number]) => groupBy.includes(group)
    const key: GroupKey = {
      workflowId: by("workflowId") ? row.workflowId : null,
      environment: by("environment") ? row.environment : null,
      versionNumber: by("version") ? row.versionNumber : null,
      version: by("version") ? row.version : null,
      origin: by("origin") ? row.origin : null,
    }
    const text = [key.workflowId, key.environment, key.versionNumber, key.origin, step, bucket].join("\n")
    let found = this.#cells.get(text)
    if (found === undefined) {
      found = { key, bucket, step, tally: this.#make() }
      this.#cells.set(text, found)
    }
    return found.tally
  }

  all(): Iterable<{ readonly key: GroupKey; readonly bucket: number; readonly tally: Tally }> {
    return this.#cells.values()
  }

  list<Cell>(cell: (key: GroupKey, bucket: number, tally: Tally, step: string) => Cell): readonly Cell[] {
    return [...this.#cells.values()].map(({ key, bucket, tally, step }) => cell(key, bucket, tally, step))
  }
}

/** The last that does not begin after the time. */
function bucketOf(starts: readonly number[], time: number): number | null {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (starts[middle]! <= time) low = middle + 1
    else high = middle
  }
  return low === 0 ? null : starts[low - 1]!
}

function runCell(key: GroupKey, bucket: number, { sums, durations, cutShort }: RunTally): RunCell {
  return { ...key, ...sums, bucket, durations: encodeSketch(durations), cutShort: encodeSketch(cutShort) }
}

/** Runs that a question of numbers means, without its time. */
export function meantRuns(
  question: Pick<MeasureQuestion, "workspaceId" | "workflowId" | "environment" | "versionNumber" | "origins">,
): readonly Condition[] {
  const { workspaceId, workflowId, environment } = question
  return [
    { sql: "r.workspace_id = ?", values: [workspaceId] },
    ...(workflowId === null ? [] : [{ sql: "r.workflow_id = ?", values: [workflowId] }]),
    ...(environment === null ? [] : [{ sql: "r.environment = ?", values: [environment] }]),
    versionAndOrigin(question),
  ]
}

/** What a query says of a run, as the list means it. */
export function filtered(
  statements: Statements,
  workspaceId: string,
  filter: RunFilter | null,
  now: number,
): readonly Condition[] {
  return filter === null ? [] : [everythingAsked(askedOf(statements, { workspaceId, filter, now }, null))]
}

/** Repairs that are looked at; a mean of so many does not change with one more. */
const repairsMax = 10_000

export function repairs(
  statements: Statements,
  question: MeasureQuestion,
  filter: RunFilter | null,
  now: number,
): Repairs {
  const { from, to, bucketStarts } = question
  const wanted = all([...meantRuns(question), ...filtered(statements, question.workspaceId, filter, now)])
  const buckets = new Map<number, { count: number; sumMs: number }>()
  const rows = statements.all(
    `SELECT s.at, s.at - r.completed_at AS ms FROM (
       SELECT run_key, resolved_at AS at FROM workflow_run_standing INDEXED BY workflow_run_standing_repaired
       WHERE resolution IN ('resolved', 'superseded') AND resolved_at >= ? AND resolved_at < ?
       ORDER BY resolved_at DESC LIMIT ?) s
     CROSS JOIN workflow_runs r ON r.run_key = s.run_key
     WHERE r.status IN ('FAILED', 'TIMED_OUT') AND ${wanted.sql}`,
    [from, to, repairsMax, ...wanted.values],
  )
  for (const row of rows) {
    const bucket = bucketOf(bucketStarts, row.at as number) ?? from
    const sum = buckets.get(bucket) ?? { count: 0, sumMs: 0 }
    buckets.set(bucket, { count: sum.count + 1, sumMs: sum.sumMs + Math.max(0, row.ms as number) })
  }
  const seen = statements.get(
    `SELECT count(*) AS n FROM (SELECT 1 FROM workflow_run_standing INDEXED BY workflow_run_standing_repaired
       WHERE resolution IN ('resolved', 'superseded') AND resolved_at >= ? AND resolved_at < ? LIMIT ?)`,
    [from, to, repairsMax],
  )!.n as number
  return { buckets: [...buckets].map(([bucket, sum]) => ({ bucket, ...sum })), exact: seen < repairsMax }
}

/** Heads are kept for ever; runs, or their events, or what those say, may have gone. */
export function endedRunsGone(statements: Statements): boolean {
  const row = statements.get(
    `SELECT (SELECT count(*) FROM workflow_workspace_heads) AS ended,
       (SELECT count(*) FROM workflow_runs WHERE completed_at IS NOT NULL) AS kept,
       EXISTS (SELECT 1 FROM retention_seals) OR EXISTS (SELECT 1 FROM retention_progress WHERE class <> 'logs') AS cleared`,
    [],
  )!
  return row.cleared === 1 || (row.kept as number) < (row.ended as number)
}
