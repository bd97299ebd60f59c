/**
 * The measures: a loop that counts what ended, and the questions that are answered from it. It stands behind the engine
 * as webhooks do: it reads what is committed and moves no run.
 */
import type { Measures, SloAnswer } from "../../door/measures.ts"
import type { Clock } from "../../ports/clock.ts"
import type { IssueStore } from "../../ports/issue-store.ts"
import type { Log } from "../../ports/log.ts"
import type { MeasureStore } from "../../ports/measure-store.ts"
import type { OutcomeStore } from "../../ports/outcome-store.ts"
import type { Redaction } from "../../ports/redaction.ts"
import { defaultMeasureLimits, type MeasureLimits, MeasureLoop } from "../../runtime/measure-loop.ts"
import { comparisonOf, type MetricsPorts, metricsOf, stepsOf } from "./answer-metrics.ts"
import { answerSlo } from "./answer-slo.ts"
import type { DurationTargets } from "./duration-targets.ts"
import { issuesDoor } from "./issues.ts"
import { outcomesDoor } from "./outcomes.ts"

export interface MeasurePorts {
  readonly store: MeasureStore
  readonly issues: IssueStore
  readonly outcomes: OutcomeStore
  /** Told when somebody changes a target. */
  readonly targets: DurationTargets
  readonly newId: (prefix: string) => string
  readonly redaction: Redaction
  readonly clock: Clock
  readonly log: Log
  readonly head: () => number
  /** Nobody can say whether something was stored. */
  readonly onError: (error: unknown) => void
}

const slosMax = 200

export function openMeasures(ports: MeasurePorts, limits: MeasureLimits = defaultMeasureLimits): Measures {
  const { store, clock } = ports
  const loop = new MeasureLoop(ports, limits)
  const metricsPorts: MetricsPorts = {
    store,
    outcomes: ports.outcomes,
    limits: (workspaceId) => ports.targets.limitsOf(workspaceId),
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
    service: (workspaceId, from, to) => store.service({ workspaceId, from, to, now: clock.now() }),
    async slos(workspaceId) {
      const rows = await store.slos(workspaceId)
      const answers: SloAnswer[] = []
      for (const row of rows) answers.push(await answerSlo(store, row, clock.now()))
      return answers
    },
    async putSlo(row) {
      const isPut = await store.putSlo(row, slosMax)
      await ports.targets.renew(row.workspaceId)
      return isPut
    },
    async removeSlo(workspaceId, sloId) {
      const isRemoved = await store.removeSlo(workspaceId, sloId)
      await ports.targets.renew(workspaceId)
      return isRemoved
    },
    behind: () => loop.behind(),
    stop: () => loop.stop(),
  }
}
