/** Questions of numbers: answered from rollups where these can tell, run by run where not, and the answer says which. */
import { type Compared, compareTallies } from "../../core/measures/compare.ts"
import { runMetrics, stepMetrics } from "../../core/measures/metrics.ts"
import {
  addRunTally,
  addStepTally,
  emptyRunTally,
  emptyStepTally,
  namedOrigins,
  type RunTally,
  runTallyOf,
  type StepTally,
  stepTallyOf,
} from "../../core/measures/rollup.ts"
import { type CountedRuns, groupsMax, tellRuns } from "../../core/measures/tell-runs.ts"
import type { DurationLimit } from "../../core/views/late-runs.ts"
import { noFilter } from "../../core/views/run-query.ts"
import { asksLate, withLimits } from "../../core/views/run-term.ts"
import type { Asked, CompareQuestion, Measures, MetricsAnswer, MetricsQuestion, Side } from "../../door/measures.ts"
import type { MeasureQuestion, MeasureStore, Repairs, RunCell } from "../../ports/measure-store.ts"
import type { OutcomeStore } from "../../ports/outcome-store.ts"
import { bucketStarts, isWholeHours } from "./questions.ts"

export interface MetricsPorts {
  readonly store: MeasureStore
  readonly outcomes: Pick<OutcomeStore, "experience">
  /** Beyond which a run is late. */
  readonly limits: (workspaceId: string) => readonly DurationLimit[]
  readonly now: () => number
  readonly behind: () => number
}

export function metricsOf({ store, outcomes, limits, now, behind }: MetricsPorts): Measures["metrics"] {
  return async (workspaceId, asked) => {
    const question = questionOf(workspaceId, asked)
    if (!question.ok) return question
    const { value } = question
    const filter = knowingLimits(asked.filter, () => limits(workspaceId))
    const isCounted = filter === null && isWholeHours(asked.from, asked.to)
    const scan = isCounted ? null : await store.scan(value, filter ?? noFilter, now())
    const told = scan === null ? await store.told(value) : tellRuns(scan.cells.map(countedIn))
    const repairs = await store.repairs(value, filter, now())
    const experience = await outcomes.experience(value, filter, now())
    const all = repairs.buckets.reduce((sum, one) => ({ count: sum.count + one.count, sumMs: sum.sumMs + one.sumMs }), {
      count: 0,
      sumMs: 0,
    })
    const answer: MetricsAnswer = {
      exact: scan === null && repairs.exact && experience.exact,
      scanned: scan === null ? null : { runs: scan.runs, complete: scan.complete },
      behind: behind(),
      total: { ...told.total, repair: repair(all), experience },
      groups: told.groups,
      groupsLeftOut: told.leftOut,
      repairs: asked.bucket === null ? [] : repairsOf(repairs),
    }
    return { ok: true, value: answer }
  }
}

/** As lists know what makes a run late, numbers of the same query know it, too. */
function knowingLimits(filter: MetricsQuestion["filter"], limits: () => readonly DurationLimit[]) {
  if (filter === null || !asksLate(filter.terms)) return filter
  return { ...filter, terms: withLimits(filter.terms, limits()) }
}

export function stepsOf({ store, behind }: MetricsPorts): Measures["steps"] {
  return async (workspaceId, asked) => {
    const question = questionOf(workspaceId, asked)
    if (!question.ok) return question
    if (!isWholeHours(asked.from, asked.to)) return { ok: false, problem: "odd_hours" }
    const names = new Map<string, { readonly total: StepTally; readonly buckets: Map<number, StepTally> }>()
    for (const cell of await store.steps(question.value)) {
      const found = names.get(cell.step) ?? { total: emptyStepTally(), buckets: new Map() }
      names.set(cell.step, found)
      const tally = stepTallyOf(cell)
      addStepTally(found.total, tally)
      found.buckets.set(cell.bucket, tally)
    }
    const told = [...names].sort(([, a], [, b]) => b.total.sums.steps - a.total.sums.steps)
    const steps = told.slice(0, groupsMax).map(([step, { total, buckets }]) => ({
      step,
      total: stepMetrics(total),
      buckets: asked.bucket === null ? [] : inTime(buckets, stepMetrics),
    }))
    return { ok: true, value: { exact: true, behind: behind(), steps, stepsLeftOut: told.length - steps.length } }
  }
}

export function comparisonOf(ports: MetricsPorts): Measures["compare"] {
  return async (workspaceId, asked) => {
    const [before, after] = [
      await sideOf(ports, workspaceId, asked, asked.before),
      await sideOf(ports, workspaceId, asked, asked.after),
    ]
    if (!before.ok) return before
    if (!after.ok) return after
    const measures = compareTallies(before.value.tally, after.value.tally, asked.least ?? undefined)
    return {
      ok: true,
      value: {
        behind: ports.behind(),
        before: runMetrics(before.value.tally),
        after: runMetrics(after.value.tally),
        measures: before.value.isWhole && after.value.isWhole ? measures : measures.map(cutOff),
      },
    }
  }
}

interface Counted {
  readonly tally: RunTally
  /** False: only the newest runs of the side were looked at. */
  readonly isWhole: boolean
}

/** The newest runs of a time are no sample of it. */
function cutOff(compared: Compared): Compared {
  return compared.verdict === "inconclusive" ? compared : { ...compared, verdict: "inconclusive", why: "cut_off" }
}

async function sideOf(
  { store, now }: MetricsPorts,
  workspaceId: string,
  { workflowId, environment }: CompareQuestion,
  { versionNumber, from, to }: Side,
): Promise<Asked<Counted>> {
  const question = questionOf(workspaceId, {
    workflowId,
    environment,
    versionNumber,
    origins: [],
    from,
    to,
    bucket: null,
    groupBy: [],
    filter: null,
  })
  if (!question.ok) return question
  if (isWholeHours(from, to))
    return { ok: true, value: { tally: sumOf((await store.runs(question.value)).cells), isWhole: true } }
  const { cells, complete } = await store.scan(question.value, noFilter, now())
  return { ok: true, value: { tally: sumOf(cells), isWhole: complete } }
}

export function questionOf(workspaceId: string, asked: MetricsQuestion): Asked<MeasureQuestion> {
  const { workflowId, environment, versionNumber, origins, from, to, bucket, groupBy } = asked
  if (from >= to) return { ok: false, problem: "empty_time" }
  const starts = bucketStarts(from, to, bucket)
  if (starts === null) return { ok: false, problem: "too_many_buckets" }
  return {
    ok: true,
    value: {
      workspaceId,
      workflowId,
      environment,
      versionNumber,
      // A query that names an origin means its runs.
      origins: origins.length === 0 && asksOrigin(asked.filter) ? [] : namedOrigins(origins),
      from,
      to,
      bucketStarts: starts,
      groupBy,
    },
  }
}

function asksOrigin(filter: MetricsQuestion["filter"]): boolean {
  if (filter === null) return false
  return filter.origin.length > 0 || filter.terms.some(({ test }) => test.kind === "text" && test.field === "origin")
}

export function sumOf(cells: readonly RunCell[]): RunTally {
  const sum = emptyRunTally()
  for (const cell of cells) addRunTally(sum, runTallyOf(cell))
  return sum
}

function countedIn({ workflowId, environment, versionNumber, version, origin, bucket, ...sums }: RunCell): CountedRuns {
  return { key: { workflowId, environment, versionNumber, version, origin }, bucket, tally: runTallyOf(sums) }
}

function inTime<Tally, Metrics extends object>(
  buckets: ReadonlyMap<number, Tally>,
  metrics: (tally: Tally) => Metrics,
): readonly ({ readonly at: number } & Metrics)[] {
  return [...buckets].sort(([a], [b]) => a - b).map(([at, tally]) => ({ at, ...metrics(tally) }))
}

function repairsOf({ buckets }: Repairs): MetricsAnswer["repairs"] {
  return [...buckets].sort((a, b) => a.bucket - b.bucket).map((one) => ({ at: one.bucket, ...repair(one) }))
}

function repair({ count, sumMs }: { readonly count: number; readonly sumMs: number }) {
  return { count, meanMs: count === 0 ? null : sumMs / count }
}
