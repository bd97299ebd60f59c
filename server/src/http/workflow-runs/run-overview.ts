/** All runs that match, looked at together: counts, a histogram of their starts, and the values they have. */
import { RunCounts, RunFacets, RunHistogram } from "@waybill/contract"
import { Type } from "typebox"
import type { App } from "../shared/app.ts"
import { instant, instantOf, invalidParameter } from "../shared/parameters.ts"
import { filterParameters, runFilter } from "../shared/run-filter.ts"
import { rfc3339 } from "../shared/time.ts"

const { from: _from, to: _to, ...withoutTime } = filterParameters

export function runOverviewRoutes(app: App): void {
  app.get(
    "/workflow-runs/counts",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["runs"],
        operationId: "countRuns",
        summary: "How many runs match, by status",
        description: "The filters of the list. Counting is bounded in time: `exact` says whether it came to its end.",
        querystring: Type.Object(filterParameters, { additionalProperties: false }),
        response: { 200: RunCounts },
      },
    },
    async (request) => {
      const { byStatus, total, exact } = await request.engine.queries.countRuns(
        runFilter(request.query, request.engine.names),
      )
      return { total: { value: total, exact }, byStatus }
    },
  )

  app.get(
    "/workflow-runs/histogram",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["runs"],
        operationId: "runHistogram",
        summary: "When the runs that match started, by status",
        description:
          "`from` and `to` bound the start; without them it is what the query says of `started`, else from the first run that matches until now.",
        querystring: Type.Object(
          {
            ...withoutTime,
            from: instant,
            to: instant,
            buckets: Type.Optional(
              Type.Integer({ minimum: 1, maximum: 500, default: 60, description: "At most so many." }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 200: RunHistogram },
      },
    },
    async (request) => {
      const { from: fromText, to: toText, buckets: most, ...query } = request.query
      const asked = { from: instantOf("from", fromText), to: instantOf("to", toText), buckets: most ?? 60 }
      if (asked.from !== null && asked.to !== null && asked.from >= asked.to)
        throw invalidParameter("to", "it is not behind `from`")
      const { from, to, bucketMs, buckets, exact } = await request.engine.queries.runHistogram(
        runFilter(query, request.engine.names),
        asked,
      )
      return {
        from: rfc3339(from),
        to: rfc3339(to),
        bucketMs,
        buckets: buckets.map((byStatus, index) => ({ at: rfc3339(from + index * bucketMs), byStatus })),
        exact,
      }
    },
  )

  app.get(
    "/workflow-runs/facets",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["runs"],
        operationId: "runFacets",
        summary: "The most frequent values among the runs that match",
        description: "The filters of the list; each field's values are counted among the runs that match all of it.",
        querystring: Type.Object(filterParameters, { additionalProperties: false }),
        response: { 200: RunFacets },
      },
    },
    async (request) => {
      const { facets, exact } = await request.engine.queries.runFacets(runFilter(request.query, request.engine.names))
      return { facets: facets.map((facet) => ({ ...facet, values: [...facet.values] })), exact }
    },
  )
}
