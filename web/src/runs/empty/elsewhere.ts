/** Where else to look: a page shows one environment, and who looks for runs may not have thought of that. */
import { paths } from "../../paths.ts"
import { names } from "../query/edit.ts"
import { runFields } from "../query/fields.ts"
import type { RunsPageSearch } from "../search.ts"

/** Each is counted. */
const OTHERS_MAX = 4

/** @param known as the session names them; undefined: nobody knows yet */
export function otherEnvironments(
  known: readonly string[] | undefined,
  here: string,
  search: RunsPageSearch,
): readonly string[] {
  if (names(search.q ?? "", runFields.env)) return []
  return (known ?? []).filter((one) => one !== here).slice(0, OTHERS_MAX)
}

/** The same search there; the environment is named, also where it is the usual one. */
export function runsIn(env: string, search: RunsPageSearch): string {
  const { bulk: _bulk, open: _open, peek: _peek, ...kept } = search
  const there = paths.runs(kept)
  return `${there}${there.includes("?") ? "&" : "?"}env=${encodeURIComponent(env)}`
}
