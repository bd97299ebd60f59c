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
/** So many events in front of its end. */
const lookBack = 500

/** @param failed the step that a failed run ended by, which may lie behind those that are looked at */
export async function modelsOfRun(rows: RunQueries, run: RunRow, failed: StepPlace | null): Promise<ModelsByPlace> {
  const ends = (after: number) => rows.events(run.runId, { after, types: attemptEnds, limit: attemptsMax })
  const [first, last] = await Promise.all([ends(0), ends(Math.max(0, run.seq - lookBack))])
  const used = [...first, ...last].flatMap(modelsIn)
  if (used.length === 0) return new Map()
  const places = new Map((await rows.steps(run.runId, 0, stepsMax)).map((row) => [row.stepId, stepPlace(row)]))
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
