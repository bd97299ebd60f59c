/** `POST /runs/{id}/annotate`, `/tags` (000, API). */
import { AnnotateRecord, ChangeTags, RunRecord } from "@waybill/contract"
import type { RemarkAsked } from "@waybill/engine"
import type { FastifyReply, FastifyRequest } from "fastify"
import { accepted } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import { idempotency } from "../shared/idempotency.ts"
import { runParams } from "../shared/parameters.ts"
import { someRoom } from "../shared/summaries.ts"
import { runOf } from "./find-run.ts"
import { runRecord } from "./run-record.ts"

const tags = ["run records"]

/** What is said beside a run; its history stays as it is. */
export function remarkingRoutes(app: App): void {
  const say = async (request: FastifyRequest, reply: FastifyReply, runId: string, asked: RemarkAsked) => {
    const { caller, engine } = request
    await runOf(engine, runId, caller)
    const origin = { door: "api", address: request.ip } as const
    accepted(await engine.remarks.say(caller.actor, runId, asked, origin, idempotency(request)), reply)
    return runRecord(engine, await runOf(engine, runId, caller), caller, someRoom())
  }

  app.post(
    "/runs/:runId/annotate",
    {
      config: { role: "operator", needs: "runs:write" },
      schema: {
        tags,
        operationId: "annotateRecord",
        summary: "Write a note beside a run",
        params: runParams,
        body: AnnotateRecord,
        response: { 200: RunRecord },
      },
    },
    async (request, reply) =>
      say(request, reply, request.params.runId, { kind: "annotate", note: request.body.note, stepId: null }),
  )

  app.post(
    "/runs/:runId/tags",
    {
      config: { role: "operator", needs: "runs:write" },
      schema: {
        tags,
        operationId: "tagRecord",
        summary: "Add tags and remove others",
        params: runParams,
        body: ChangeTags,
        response: { 200: RunRecord },
      },
    },
    async (request, reply) => {
      const { add = [], remove = [] } = request.body
      return say(request, reply, request.params.runId, { kind: "tag", add, remove })
    },
  )
}
