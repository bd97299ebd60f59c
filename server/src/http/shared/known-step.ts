import type { Engine } from "@waybill/engine"
import { nearest } from "../../nearest.ts"
import { ProblemError } from "./problem.ts"

/** Of so many versions: a run of an older one may still go on. All but a misspelt step are in the newest. */
const versionsLookedAt = 50

/** @param place as 002 names a step: `state`, or `outer/branch/state`. Without this, who misspells it waits for ever. */
export async function knownStep(
  engine: Engine,
  workflowId: string,
  environment: string | null,
  place: string,
): Promise<void> {
  const known = new Set<string>()
  const environments = environment === null ? engine.definitions.environments() : [environment]
  for (const most of [1, versionsLookedAt])
    for (const one of environments)
      for (const { hash } of await engine.definitions.versions(one, workflowId, most, null)) {
        for (const each of (await engine.insights.places(hash)) ?? []) known.add(each.place)
        if (known.has(place)) return
      }
  const guess = nearest(place, known)
  const detail = `the workflow ${workflowId.slice(0, 200)} has no step ${place.slice(0, 200)}`
  throw new ProblemError("step_not_found", detail, {
    hint:
      guess === null
        ? "A step is named by its place in the definition, URL-encoded: `state`, or `outer/branch/state`."
        : `Did you mean ${guess}?`,
  })
}
