/** The filters of run lists and of the list stream, from their query text (api.md). */
import { type Finding, runStatuses } from "@waybill/contract"
import {
  type Names,
  type ParsedRunQuery,
  parseRunQuery,
  type QueryProblem,
  type RunFilter,
  type RunSort,
  resolutionWords,
  runOrigins,
  withQuery,
} from "@waybill/engine"
import { type Static, Type } from "typebox"
import { nearest } from "../../nearest.ts"
import { asKept } from "./as-kept.ts"
import { instant, invalidParameter, list, listOf, periodOf, word } from "./parameters.ts"
import { ProblemError } from "./problem.ts"
import { tagFilter, tagParameter } from "./tag-filter.ts"
import { tenant } from "./workspace-query.ts"

export const query = Type.Optional(
  Type.String({
    maxLength: 2048,
    description: "The query language: `status:failed wf:invoice_* -tag:x dur:>30s`; docs/reference/query.md.",
  }),
)

export const filterParameters = {
  tenant,
  workflowId: list,
  status: Type.Optional(
    Type.String({ maxLength: 2048, description: `Of ${runStatuses.join(", ")}; other doors' spellings too.` }),
  ),
  env: list,
  version: list,
  from: instant,
  to: instant,
  tag: tagParameter,
  q: word,
  errorCode: list,
  hitl: list,
  actor: list,
  correlationId: word,
  traceId: word,
  businessEventId: word,
  parentRunId: word,
  query,
  owner: list,
  resolution: Type.Optional(Type.String({ maxLength: 2048, description: `Of ${resolutionWords.join(", ")}.` })),
  origin: Type.Optional(
    Type.String({ maxLength: 2048, description: `Of ${runOrigins.join(", ")}; absent: all of them.` }),
  ),
}
const filterSchema = Type.Object(filterParameters)
export type FilterQuery = Static<typeof filterSchema>

/** @param names of the workspace that is asked */
export function runFilter(query: FilterQuery, names: Names): RunFilter {
  const filter: RunFilter = {
    workflowId: listOf(query.workflowId),
    status: statuses(query.status),
    environment: listOf(query.env),
    version: listOf(query.version),
    ...periodOf(query),
    ...tagFilter(query.tag),
    q: query.q ?? null,
    errorCode: listOf(query.errorCode),
    hitl: oneOfEach("hitl", listOf(query.hitl), ["requested", "approved", "rejected"]),
    actor: listOf(query.actor),
    owner: listOf(query.owner),
    resolution: oneOfEach("resolution", listOf(query.resolution), resolutionWords),
    origin: oneOfEach("origin", listOf(query.origin), runOrigins),
    correlationId: query.correlationId ?? null,
    traceId: query.traceId ?? null,
    businessEventId: query.businessEventId ?? null,
    parentRunId: query.parentRunId ?? null,
  }
  if (query.query === undefined) return asKept(names, filter)
  const asked = withQuery(filter, understood(query.query))
  return asKept(names, { ...asked, terms: [...filter.terms, ...asked.terms] })
}

/** A list of something else than was asked would be an answer that lies: a query with a problem is refused. */
function understood(text: string): ParsedRunQuery {
  const parsed = parseRunQuery(text)
  if (parsed.problems.length === 0) return parsed
  const errors = parsed.problems.map(queryFinding)
  const first = errors[0]!
  throw new ProblemError("invalid_query", `column ${first.column}: ${first.message}`, {
    errors,
    ...(first.hint !== undefined && { hint: first.hint }),
  })
}

export function queryFinding({ code, message, from, hint }: QueryProblem): Finding {
  return { code, severity: "error", message, column: from + 1, pointer: "/query", ...(hint !== null && { hint }) }
}

/** Architecture §6: filters accept every door's spelling. */
const spellings: ReadonlyMap<string, string> = new Map([
  ...runStatuses.map((status) => [status.toLowerCase(), status] as const),
  ["queued", "PENDING"],
  ["waiting_human", "WAITING_APPROVAL"],
  ["succeeded", "COMPLETED"],
  ["canceled", "CANCELLED"],
  ["timeout", "TIMED_OUT"],
])

export function statuses(text: string | undefined): readonly string[] {
  return listOf(text).map((word) => {
    const status = spellings.get(word.toLowerCase())
    if (status !== undefined) return status
    throw unknownWord("status", word, runStatuses)
  })
}

export function oneOfEach(name: string, words: readonly string[], allowed: readonly string[]): readonly string[] {
  for (const word of words) if (!allowed.includes(word)) throw unknownWord(name, word, allowed)
  return words
}

function unknownWord(name: string, word: string, allowed: readonly string[]): ProblemError {
  const guess = nearest(word, allowed)
  return invalidParameter(
    name,
    `${JSON.stringify(word.slice(0, 64))} is not one of ${allowed.join(", ")}`,
    guess === null ? undefined : `Did you mean ${guess}?`,
  )
}

export const runSorts = [
  "-startedAt",
  "startedAt",
  "-createdAt",
  "createdAt",
  "status",
  "-status",
  "duration",
  "-duration",
] as const satisfies readonly RunSort[]
