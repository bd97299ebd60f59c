/** Hits of a search over everything: what it is, and where the words stand in it. */
import { type Static, Type } from "typebox"
import { answer, count, oneOf, text, textOrNull, timeOrNull } from "./scalars.ts"

export const searchKinds = ["run", "workflow", "approval", "issue"] as const
export const searchParts = ["run", "input", "output", "result", "error", "signal", "decision"] as const

export const SearchHit = answer("SearchHit", {
  kind: oneOf(searchKinds),
  id: text,
  title: text,
  state: textOrNull,
  at: timeOrNull,
  runId: textOrNull,
  places: Type.Array(
    Type.Object({
      part: oneOf(searchParts, "`run`: in an id or a name; `result`: of a step; `decision`: what an approver wrote."),
      path: Type.String({ description: "Of the value within the part; list items have no number." }),
      stepId: textOrNull,
      snippet: Type.String({ description: "As it is stored, redacted." }),
      marks: Type.Array(Type.Array(Type.Integer(), { minItems: 2, maxItems: 2 }), {
        description: "From and to of what was found, in UTF-16 units of the snippet.",
      }),
    }),
    { description: "At most five; none where only other terms found it." },
  ),
})
export type SearchHit = Static<typeof SearchHit>

export const SearchAnswer = answer("SearchAnswer", {
  hits: Type.Array(SearchHit, {
    description: "Workflows, approvals and issues by their names, then runs, newest first.",
  }),
  behind: Type.Integer({
    minimum: 0,
    description: "Events whose values are not in the index yet; 0: it is up to date.",
  }),
  archivedBehind: Type.Integer({
    minimum: 0,
    description:
      "Archived runs whose values are not in the index: it was filled anew, and reads them from the archive.",
  }),
  cut: count,
})
export type SearchAnswer = Static<typeof SearchAnswer>
