import { useQuery } from "@tanstack/react-query"
import type { Choice } from "../../ui/choice/options.ts"
import type { AskedRuns } from "../list/asked.ts"
import { facetsQuery } from "../questions.ts"
import { type AtCaret, fieldChoices, fieldNamed, type QueryField, valueChoices } from "./complete.ts"
import { facetOfField } from "./fields.ts"

const noRuns: AskedRuns = { query: "", env: undefined, sort: "" }

/** What is offered at the caret. Values that occur are counted by the server, among what the rest of the query finds. */
export function useChoices(
  here: AtCaret,
  fields: readonly QueryField[],
  asked: AskedRuns,
  isWanted: boolean,
): readonly Choice[] {
  const field = here.kind === "value" ? fieldNamed(fields, here.field) : undefined
  const facet = field && facetOfField(field.name)
  const counted = useQuery({
    ...facetsQuery(facet ? asked : noRuns, facet?.field ?? "status"),
    enabled: isWanted && Boolean(facet),
  })
  if (here.kind === "field") return fieldChoices(fields, here.prefix)
  if (field === undefined) return []
  const values = counted.data?.facets.find(({ name }) => name === facet?.name)?.values ?? []
  return valueChoices(field, here, facet ? values : [])
}
