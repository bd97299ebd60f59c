/**
 * `/api/v1/workflow-runs/{runId}/remarks`: the trail of all that people said beside the run. None of the routes that
 * write it changes the run's history.
 */
import { RemarkPage, remarkKinds } from "@waybill/contract"
import type { RemarkKind } from "@waybill/engine"
import { Type } from "typebox"
import type { App } from "../shared/app.ts"
import { cursor, limit, list, listOf, runParams } from "../shared/parameters.ts"
import { oneOfEach } from "../shared/run-filter.ts"
import { annotationRoutes } from "./annotations.ts"
import { remarkDocument } from "./documents/remark-document.ts"
import { remarksOf, runOf } from "./remark-asking.ts"
import { standingRoutes } from "./standing.ts"

export function remarkRoutes(app: App): void {
  annotationRoutes(app)
  standingRoutes(app)
  app.get(
    "/workflow-runs/:runId/remarks",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["remarks"],
        operationId: "listRemarks",
        summary: "Everything that was said beside a run, newest first: who, when, from where, what",
        params: runParams,
        querystring: Type.Object({ kind: list, cursor, limit }, { additionalProperties: false }),
        response: { 200: RemarkPage },
      },
    },
    async ({ engine, params, query }) => {
      await runOf(engine, params.runId)
      const kinds = oneOfEach("kind", listOf(query.kind), remarkKinds) as readonly RemarkKind[]
      const page = await remarksOf(engine, params.runId, { ...query, kinds })
      return { ...page, items: page.items.map(remarkDocument) }
    },
  )
}
