/** 000's query parameters as the engine's filter: several values by comma, every spelling of a status, tags by pattern. */
import {
  type Engine,
  noFilter,
  type RunFilter,
  type RunSort,
  type RunStatus,
  runsWords,
  statusesOf,
} from "@waybill/engine"
import { type Static, Type } from "typebox"
import { asKept } from "../shared/as-kept.ts"
import { instant, invalidParameter, LIST_LIMIT_MAX, limit, list, listOf, periodOf } from "../shared/parameters.ts"
import { tagFilter, tagParameter } from "../shared/tag-filter.ts"
import { tenant } from "../shared/workspace-query.ts"

/** How many runs may stand in front of a numbered page. */
export const PAGED_MAX = 1_000

const sorts = {
  "-started_at": "-startedAt",
  started_at: "startedAt",
  status: "status",
  "-status": "-status",
  duration: "duration",
  "-duration": "-duration",
} as const satisfies { readonly [word: string]: RunSort }

export const listParameters = Type.Object(
  {
    workflow: Type.Optional(Type.String({ maxLength: 8192, description: "Ids or names, separated by commas." })),
    status: Type.Optional(
      Type.String({
        maxLength: 2048,
        description: `Of ${[...new Set(Object.values(runsWords))].join(", ")}; other doors' spellings too.`,
      }),
    ),
    env: list,
    from: instant,
    to: instant,
    tag: tagParameter,
    tenant,
    page: Type.Optional(
      Type.Integer({
        minimum: 1,
        default: 1,
        description: `For the first pages: at most ${PAGED_MAX} runs may stand in front. Behind them \`next_token\` goes on.`,
      }),
    ),
    limit,
    sort: Type.Optional(
      Type.Unsafe<keyof typeof sorts>({ type: "string", enum: Object.keys(sorts), default: "-started_at" }),
    ),
    next_token: Type.Optional(Type.String({ maxLength: 2048, description: "Of the page before; bound to its query." })),
  },
  { additionalProperties: false },
)
type ListQuery = Static<typeof listParameters>

export interface ListRequest {
  readonly filter: RunFilter
  readonly sort: RunSort
  readonly token: string | null
  /** Runs in front of the page. */
  readonly skip: number
  readonly limit: number
}

export async function listRequest(engine: Engine, query: ListQuery): Promise<ListRequest> {
  const size = query.limit ?? 50
  const skip = ((query.page ?? 1) - 1) * size
  if (skip > PAGED_MAX)
    throw invalidParameter("page", `more than ${PAGED_MAX} runs stand in front of it`, "Go on with next_token.")
  if (skip > 0 && query.next_token !== undefined)
    throw invalidParameter("page", "next_token says already where to go on", "Leave one of them out.")
  return {
    filter: asKept(engine.names, await filterOf(engine, query)),
    sort: sorts[query.sort ?? "-started_at"],
    token: query.next_token ?? null,
    skip,
    limit: Math.min(size, LIST_LIMIT_MAX),
  }
}

async function filterOf(engine: Engine, query: ListQuery): Promise<RunFilter> {
  return {
    ...noFilter,
    workflowId: await workflowIds(engine, listOf(query.workflow)),
    status: listOf(query.status).flatMap(statusesMeant),
    environment: listOf(query.env),
    ...periodOf(query),
    ...tagFilter(query.tag),
  }
}

function statusesMeant(word: string): readonly RunStatus[] {
  const statuses = statusesOf(word, "runs")
  if (statuses !== null) return statuses
  const words = [...new Set(Object.values(runsWords))].join(", ")
  throw invalidParameter("status", `${JSON.stringify(word.slice(0, 64))} is not one of ${words}`)
}

const NAMES_MAX = 20

/** Each word as an id, and as the name that definitions have now. */
async function workflowIds(engine: Engine, words: readonly string[]): Promise<readonly string[]> {
  if (words.length > NAMES_MAX) throw invalidParameter("workflow", `at most ${NAMES_MAX} can be asked for at once`)
  const ids = new Set(words)
  for (const environment of words.length === 0 ? [] : engine.definitions.environments()) {
    for (const q of words) {
      const asked = { environment, status: null, q, sync: null, cursor: null, limit: LIST_LIMIT_MAX }
      for (const { name, workflowId } of (await engine.definitions.list(asked)).items)
        if (name === q) ids.add(workflowId)
    }
  }
  return [...ids]
}
