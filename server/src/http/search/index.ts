/** `/search`: one box for everything. It only translates; what a query finds is the engine's. */
import { SearchAnswer } from "@waybill/contract"
import type { Search, SearchHit } from "@waybill/engine"
import { Type } from "typebox"
import type { App } from "../shared/app.ts"
import { ProblemError } from "../shared/problem.ts"
import { queryFinding } from "../shared/run-filter.ts"
import { rfc3339 } from "../shared/time.ts"

const LIMIT_MAX = 50

export function searchRoutes(app: App, search: Search): void {
  app.get(
    "/search",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["search"],
        operationId: "search",
        summary: "Runs by what they were given and gave, and workflows, approvals and issues by their names",
        description:
          '`q` is the query language of run lists: words, `"a phrase"`, `in.customer:42`, `status:failed`. Redacted values are searched as they are stored.',
        querystring: Type.Object(
          {
            q: Type.String({ minLength: 1, maxLength: 2048 }),
            limit: Type.Optional(
              Type.Integer({ minimum: 1, maximum: LIMIT_MAX, default: 20, description: "Hits of each kind." }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 200: SearchAnswer },
      },
    },
    async ({ caller, engine, query: { q, limit } }) => {
      const found = await search.find(caller.workspaceId, engine, q, limit ?? 20)
      if (found.ok) {
        const hits = found.hits.map(document)
        return { hits, behind: search.behind(), archivedBehind: search.archivedBehind(), cut: search.cut() }
      }
      const errors = found.problems.map((problem) => ({ ...queryFinding(problem), pointer: "/q" }))
      const { column, message, hint } = errors[0]!
      throw new ProblemError("invalid_query", `column ${column}: ${message}`, {
        errors,
        ...(hint !== undefined && { hint }),
      })
    },
  )
}

function document({ at, places, ...hit }: SearchHit): SearchAnswer["hits"][number] {
  return {
    ...hit,
    at: at === null ? null : rfc3339(at),
    places: places.map(({ marks, ...place }) => ({ ...place, marks: marks.map((mark) => [...mark]) })),
  }
}
