/** Whether a target holds in its window, and how fast its budget was used in the last hour, six hours and day. */
import { addRunTally, hourMs } from "../../core/measures/rollup.ts"
import { burnRate, sloState } from "../../core/measures/slo.ts"
import type { SloAnswer } from "../../door/measures.ts"
import type { MeasureStore, SloRow } from "../../ports/measure-store.ts"
import { questionOf, sumOf } from "./answer-metrics.ts"
import { endOfHour } from "./questions.ts"

const burnHours = [1, 6, 24] as const

/** Of the runs of one business event the last is judged (settled 14). */
export async function answerSlo(store: Pick<MeasureStore, "runs">, slo: SloRow, now: number): Promise<SloAnswer> {
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
