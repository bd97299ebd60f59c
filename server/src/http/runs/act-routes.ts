/** `POST /runs/{id}/rerun`, `/cancel` (000, API). */
import { CancelRecord, RerunRecord, RunRecord } from "@waybill/contract"
import { accepted } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import { idempotency } from "../shared/idempotency.ts"
import { runParams } from "../shared/parameters.ts"
import { someRoom } from "../shared/summaries.ts"
import { runOf } from "./find-run.ts"
import { runRecord } from "./run-record.ts"

const tags = ["run records"]

export function actingRoutes(app: App): void {
  app.post(
    "/runs/:runId/rerun",
    {
      config: { role: "operator", needs: "runs:write" },
      schema: {
        tags,
        operationId: "rerunRecord",
        summary: "A new run with the same input, linked to this one",
        description: "201 with the new run; 200 when the Idempotency-Key was used before.",
        params: runParams,
        body: RerunRecord,
        response: { 200: RunRecord, 201: RunRecord },
      },
    },
    async (request, reply) => {
      const { caller, params, body } = request
      await runOf(request.engine, params.runId, caller)
      const reason = body.note === undefined ? body.reason : `${body.reason}\n${body.note}`
      const asked = { from: null, version: null, inputPatch: null, contextPatch: null, reason }
      const { runId, replayed } = accepted(
        await request.engine.runs.rerun(caller.actor, params.runId, asked, idempotency(request)),
        reply,
      )
      reply.code(replayed ? 200 : 201).header("location", `/runs/${runId}`)
      return runRecord(request.engine, await runOf(request.engine, runId, caller), caller, someRoom())
    },
  )

  app.post(
    "/runs/:runId/cancel",
    {
      config: { role: "operator", needs: "runs:write" },
      schema: {
        tags,
        operationId: "cancelRecord",
        summary: "Cancel a run",
        params: runParams,
        body: CancelRecord,
        response: { 200: RunRecord },
      },
    },
    async (request, reply) => {
      const { caller, params, body } = request
      await runOf(request.engine, params.runId, caller)
      const options = { reason: body.reason ?? null, force: false }
      const row = accepted(
        await request.engine.runs.cancel(caller.actor, params.runId, options, idempotency(request)),
        reply,
      )
      return runRecord(request.engine, row, caller, someRoom())
    },
  )
}
