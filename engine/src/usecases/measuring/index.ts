/**
 * The measures: a loop that counts what ended, and the questions that are answered from it. It stands behind the engine
 * as webhooks do: it reads what is committed and moves no run.
 */
import { addRunTally, hourMs } from "../../core/measures/rollup.ts"
import { burnRate, sloState } from "../../core/measures/slo.ts"
import type { Measures, SloAnswer } from "../../measures-door.ts"
import type { Clock } from "../../ports/clock.ts"
import type { IssueStore } from "../../ports/issue-store.ts"
import type { Log } from "../../ports/log.ts"
import type { MeasureStore, SloRow } from "../../ports/measure-store.ts"
import type { OutcomeStore } from "../../ports/outcome-store.ts"
import type { Redaction } from "../../ports/redaction.ts"
import { defaultMeasureLimits, type MeasureLimits, MeasureLoop } from "../../runtime/measure-loop.ts"
import { comparisonOf, type MetricsPorts, metricsOf, questionOf, stepsOf, sumOf } from "./answer-metrics.ts"
import { issuesDoor } from "./issues.ts"
import { outcomesDoor } from "./outcomes.ts"
import { endOfHour } from "./questions.ts"

export interface MeasurePorts {
  readonly store: MeasureStore
  readonly issues: IssueStore
  readonly outcomes: OutcomeStore
  readonly newId: (prefix: string) => string
  readonly redaction: Redaction
  readonly clock: Clock
  readonly log: Log
  readonly head: () => number
  /** Nobody can say whether something was stored. */
  readonly onError: (error: unknown) => void
}

const slosMax = 200
const burnHours = [1, 6, 24] as const

export function openMeasures(ports: MeasurePorts, limits: MeasureLimits = defaultMeasureLimits): Measures {
  const { store, clock } = ports
  const loop = new MeasureLoop(ports, limits)
  const metricsPorts: MetricsPorts = {
    store,
    outcomes: ports.outcomes,
    now: () => clock.now(),
    behind: () => loop.behind(),
  }
  loop.start()
  return {
    outcomes: outcomesDoor(ports, () => clock.now()),
    issues: issuesDoor(ports.issues, ports.redaction, () => clock.now()),
    metrics: metricsOf(metricsPorts),
    steps: stepsOf(metricsPorts),
    compare: comparisonOf(metricsPorts),
    async slos(workspaceId) {
      const rows = await store.slos(workspaceId)
      const answers: SloAnswer[] = []
      for (const row of rows) answers.push(await answerSlo(store, row, clock.now()))
      return answers
    },
    putSlo: (row) => store.putSlo(row, slosMax),
    removeSlo: (workspaceId, sloId) => store.removeSlo(workspaceId, sloId),
    behind: () => loop.behind(),
    stop: () => loop.stop(),
  }
}

/** Of the runs of one business event the last is judged (settled 14). */
async function answerSlo(store: MeasureStore, slo: SloRow, now: number): Promise<SloAnswer> {
  const to = endOfHour(now)
  const windowHours = slo.windowDays * 24
  const judged = async (hours: number) => {
    const from = to - hours * hourMs
    const question = questionOf(slo.workspaceId, {
      workflowId: slo.workflowId,
      environment: slo.environment,
      versionNumber: null,
      origins: [],
      from,
      to,
      bucket: null,
      groupBy: [],
      filter: null,
    })
    if (!question.ok) throw new Error(`a window of ${hours} hours cannot be asked`)
    const { cells, folded } = await store.runs(question.value)
    const tally = sumOf(cells)
    addRunTally(tally, sumOf(folded), -1)
    return tally
  }
  // The hour under way may have just begun: with the one before it there is an hour in any case.
  const burn = await Promise.all(
    burnHours.map(async (hours) => ({ hours, rate: burnRate(slo, await judged(hours + 1)) })),
  )
  return { slo, from: to - windowHours * hourMs, to, ...sloState(slo, await judged(windowHours)), burn }
}
