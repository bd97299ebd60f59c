/** What a page asks of many runs at once: how many, when, which values, and how its query is read (000 success criteria). */
import { type Static, Type } from "typebox"
import type { RunStatus } from "./run.ts"
import { answer, count, oneOf, text, time } from "./scalars.ts"

/** Runs by status: `{COMPLETED: 12}`; what is not named is zero. */
export const StatusCounts = Type.Unsafe<{ readonly [status in RunStatus]?: number }>({
  type: "object",
  additionalProperties: { type: "integer", minimum: 0 },
  description: "What is not named is zero.",
})
export type StatusCounts = Static<typeof StatusCounts>

const exact = Type.Boolean({ description: "False: counting stopped at its bound, of the newest runs only." })

export const RunCounts = answer("RunCounts", {
  total: Type.Object({ value: count, exact }),
  byStatus: StatusCounts,
})
export type RunCounts = Static<typeof RunCounts>

export const RunHistogram = answer("RunHistogram", {
  from: time,
  to: time,
  bucketMs: Type.Integer({ minimum: 1 }),
  buckets: Type.Array(Type.Object({ at: time, byStatus: StatusCounts }), {
    description: "Oldest first, without gaps; `at` is the first moment in it. Runs lie where they started.",
  }),
  exact,
})
export type RunHistogram = Static<typeof RunHistogram>

export const facetNames = ["workflowId", "status", "env", "version", "tag", "errorCode", "hitl", "actor"] as const
export const RunFacets = answer("RunFacets", {
  facets: Type.Array(
    Type.Object({
      name: oneOf(facetNames),
      values: Type.Array(Type.Object({ value: text, count }), { description: "Most frequent first, at most 20." }),
      exact,
    }),
  ),
  exact,
})
export type RunFacets = Static<typeof RunFacets>

/** A query as the server understood it, so that a page can show chips and mark what is wrong. */
export const ParsedQuery = answer("ParsedQuery", {
  query: text,
  terms: Type.Array(
    Type.Object({
      text,
      from: Type.Integer({ minimum: 0, description: "0-based, in UTF-16 units as JavaScript counts them." }),
      to: Type.Integer({ minimum: 0, description: "Behind the last character." }),
      field: Type.String({
        description: "Its full name; empty for a free word; as written when there is no such field.",
      }),
      negated: Type.Boolean(),
      value: Type.String({ description: "As written, behind the colon." }),
      understood: Type.Boolean({ description: "False: one of `problems` says why." }),
    }),
    { description: "In order; together with the spaces between them they are the query." },
  ),
  problems: Type.Array(
    Type.Object({
      code: text,
      message: text,
      column: Type.Integer({ minimum: 1, description: "1-based, of `from`." }),
      from: count,
      to: count,
      hint: Type.Optional(Type.String({ description: "What was probably meant." })),
    }),
  ),
})
export type ParsedQuery = Static<typeof ParsedQuery>

/** The fields a query can name: what a search box offers while somebody types. */
export const QueryFields = answer("QueryFields", {
  fields: Type.Array(
    Type.Object({
      name: text,
      aliases: Type.Array(text),
      kind: oneOf(["text", "contained", "words", "number", "duration", "time", "value"]),
      words: Type.Array(text, { description: "All values of a field that has only these; empty: any." }),
      about: text,
      example: text,
    }),
  ),
})
export type QueryFields = Static<typeof QueryFields>
