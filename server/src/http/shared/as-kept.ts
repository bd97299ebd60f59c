/** A filter as its names are kept, if it does not ask for too many: each costs the engine's thread a moment. */
import { askedNames, askedNamesMax, type Names, type RunFilter } from "@waybill/engine"
import { invalidParameter } from "./parameters.ts"

export function asKept(names: Names, filter: RunFilter): RunFilter {
  if (askedNames(filter) <= askedNamesMax) return names.asKept(filter)
  throw invalidParameter(
    filter.tag.length > askedNamesMax ? "tag" : "query",
    `at most ${askedNamesMax} tags, correlation ids and business event ids can be asked for at once`,
    "Ask in several questions, or by a pattern: tag:q4-*.",
  )
}
