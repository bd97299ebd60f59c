/** What agents logged for a run: pages of it, which a tail goes on from without gap or double (R4). */
import { RunLogPage, runLogLevels } from "@waybill/contract"
import type { Json, RunLogLine, RunLogStore } from "@waybill/engine"
import { Type } from "typebox"
import { found } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import { cursor, runParams, seqCursor } from "../shared/parameters.ts"
import { rfc3339 } from "../shared/time.ts"

const LINES_MAX = 1_000

export function runLogRoutes(app: App, logs: Pick<RunLogStore, "page">): void {
  app.get(
    "/workflow-runs/:runId/logs",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["history"],
        operationId: "listLogs",
        summary: "What the run's agents logged, oldest first",
        description:
          "Those with a `number` greater than `after`; a page ends with 1 MiB. Numbers of a run have no gap, so a tail asks again after the last one. At most 1,000 lines an attempt and 20,000 a run are kept (an attempt that logs more than 5,000 is not listened to any further), stored within some 200 ms, and not part of the run's history.",
        params: runParams,
        querystring: Type.Object(
          {
            after: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
            level: Type.Optional(
              Type.Union(
                runLogLevels.map((name) => Type.Literal(name)),
                { default: "debug", description: "This one and the graver ones." },
              ),
            ),
            stepId: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
            attempt: Type.Optional(Type.Integer({ minimum: 1 })),
            cursor,
            limit: Type.Optional(
              Type.Integer({ minimum: 1, maximum: LINES_MAX, default: 200, description: `At most ${LINES_MAX}.` }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 200: RunLogPage },
      },
    },
    async (request) => {
      const { runId } = request.params
      const { query } = request
      found(await request.engine.queries.run(runId), "run_not_found", `there is no run ${runId}`)
      const { lines, to } = await logs.page(runId, {
        after: Math.max(query.after ?? 0, seqCursor(query.cursor)),
        level: query.level ?? "debug",
        stepId: query.stepId ?? null,
        attempt: query.attempt ?? null,
        limit: query.limit ?? 200,
      })
      return { items: lines.map(lineDocument), nextCursor: to === null ? null : String(to) }
    },
  )
}

function lineDocument({
  number,
  at,
  stepId,
  attempt,
  level,
  message,
  fields,
}: RunLogLine): RunLogPage["items"][number] {
  const given = fields === null ? null : (JSON.parse(fields) as { readonly [name: string]: Json })
  return { number, at: rfc3339(at), stepId, attempt, level, message, fields: given }
}
