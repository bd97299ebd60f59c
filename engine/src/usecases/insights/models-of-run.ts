/**
 * Which models a run asked, by the place of the step, as far as its agents said so. Of a long run the first and the last
 * attempts are looked at: the steps it begins with, and those it ended by.
 */

import type { EventPayloads } from "../../core/run/events.ts"
import { stepPlace } from "../../core/views/definition-places.ts"
import type { StoredEventRow } from "../../core/views/feed-event.ts"
import { modelText } from "../../core/views/model-used.ts"
import type { RunRow } from "../../core/views/rows.ts"
import type { ModelsByPlace, StepPlace } from "../../core/views/why/index.ts"
import type { RunQueries } from "../../ports/run-queries.ts"

type Usage = EventPayloads["step.succeeded"]["usage"]

const attemptEnds = ["step.succeeded", "step.failed", "step.timed_out"] as const
const attemptsMax = 100
const stepsMax = 200
/** Of events that its first attempts are looked for among: a run may have few of them among very many others. */
const lookAhead = 5_000
/** So many events in front of its end, and all attempts that end among them: what it ended by must not be cut off. */
const lookBack = 500

/** @param failed the step that a failed run ended by, which may lie behind those that are looked at */
export async function modelsOfRun(rows: RunQueries, run: RunRow, failed: StepPlace | null): Promise<ModelsByPlace> {
  const ends = (after: number, limit: number, within: number) =>
    rows.events(run.runId, { after, types: attemptEnds, limit, within })
  const tail = Math.max(0, run.seq - lookBack)
  const [first, last] = await Promise.all([ends(0, attemptsMax, lookAhead), ends(tail, lookBack, lookBack)])
  const used = [...first, ...last].flatMap(modelsIn)
  if (used.length === 0) return new Map()
  const steps = await Promise.all([rows.steps(run.runId, 0, stepsMax), rows.steps(run.runId, tail, lookBack)])
  const places = new Map(steps.flat().map((row) => [row.stepId, stepPlace(row)]))
  if (failed !== null) places.set(failed.stepId, stepPlace(failed))
  const byPlace = new Map<string, Set<string>>()
  for (const { stepId, model } of used) {
    const place = places.get(stepId)
    if (place === undefined) continue
    const models = byPlace.get(place) ?? new Set<string>()
    byPlace.set(place, models.add(model))
  }
  return byPlace
}

/** Most attempts name none: their payload, which has the output, is not read for it. */
function modelsIn({ stepId, payload }: StoredEventRow): { stepId: string; model: string }[] {
  if (stepId === null || !payload?.includes('"models":[')) return []
  const { usage } = JSON.parse(payload) as { readonly usage?: Usage }
  return (usage?.models ?? []).map((one) => ({ stepId, model: modelText(one) }))
}
