/**
 * Which runs are chosen: some by name, or all that match as of a moment. "All that match" is a query that no later run
 * can slip into, so that what is counted here is what the server freezes when something is done to it.
 */
import type { Cohort } from "../../parts/bulk/cohort.ts"
import type { Selection } from "../../ui/table/selection.ts"
import type { AskedRuns } from "../list/asked.ts"
import { withTerm } from "../query/edit.ts"
import { written } from "../query/terms.ts"

export type Chosen =
  | { readonly kind: "some"; readonly ids: Selection }
  /** `query`: with the environment and the moment in it. */
  | { readonly kind: "all"; readonly query: string }

export const noneChosen: Chosen = { kind: "some", ids: new Set() }

export function allMatching({ query, env }: Pick<AskedRuns, "query" | "env">, now: Date): Chosen {
  const inEnv = env === undefined ? query : withTerm(query, `env:${written(env)}`)
  return { kind: "all", query: withTerm(inEnv, `created:<=${now.toISOString()}`) }
}

export function isAnyChosen(chosen: Chosen): boolean {
  return chosen.kind === "all" || chosen.ids.size > 0
}

/** As the boxes of the rows show it. */
export function ticks(chosen: Chosen, loaded: readonly string[]): Selection {
  return chosen.kind === "all" ? new Set(loaded) : chosen.ids
}

export function cohortOf(chosen: Chosen): Cohort {
  if (chosen.kind === "all") return { kind: "matching", query: chosen.query }
  return { kind: "named", runIds: [...chosen.ids] }
}
