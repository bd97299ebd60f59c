/** What a run page asks besides the run: why it is where it is, the runs around it, all of it as one file. */
import { Readable } from "node:stream"
import { Lineage, RunExport, Why } from "@waybill/contract"
import { found } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import { runParams } from "../shared/parameters.ts"
import { lineageDocument } from "./documents/lineage-document.ts"
import { openRunExport } from "./documents/run-export.ts"
import { whyDocument } from "./documents/why-document.ts"

export function insightRoutes(app: App): void {
  app.get(
    "/workflow-runs/:runId/why",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["history"],
        operationId: "explainRun",
        summary: "Why a run is where it is: cause, what changed, who else, what it waits for, and the next thing to do",
        params: runParams,
        response: { 200: Why },
      },
    },
    async (request) => {
      const { runId } = request.params
      const view = await request.engine.insights.why(runId, request.caller.actor)
      return whyDocument(found(view, "run_not_found", `there is no run ${runId}`))
    },
  )

  app.get(
    "/workflow-runs/:runId/lineage",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["history"],
        operationId: "getLineage",
        summary: "The runs around a run: parents, children, re-runs in both directions, the same business event",
        params: runParams,
        response: { 200: Lineage },
      },
    },
    async (request) => {
      const { runId } = request.params
      return lineageDocument(
        found(await request.engine.insights.lineage(runId), "run_not_found", `there is no run ${runId}`),
      )
    },
  )

  app.get(
    "/workflow-runs/:runId/export",
    {
      exposeHeadRoute: false,
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["history"],
        operationId: "exportRun",
        summary:
          "Everything there is about a run in one JSON document: definition, steps, approvals, events, chain heads",
        description: "It is written while it is read; where it breaks off the connection is closed.",
        params: runParams,
        response: { 200: RunExport },
      },
    },
    async (request, reply) => {
      const { runId } = request.params
      const parts = await openRunExport(request.engine, runId, request.caller)
      reply.header("content-type", "application/json; charset=utf-8")
      reply.header("content-disposition", `attachment; filename="${runId.replace(/[^\w-]/g, "_")}.json"`)
      return reply.send(Readable.from(parts, { objectMode: false }) as never)
    },
  )
}
