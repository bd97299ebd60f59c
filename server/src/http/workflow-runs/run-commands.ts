/** What people do to a run: pause, resume, cancel, signal, retry now, run again (004 §4.2). */
import {
  CancelRun,
  Reason,
  Rerun,
  RerunPlan,
  RetryNow,
  Run,
  RunSummary,
  SendSignal,
  SignalReceipt,
} from "@waybill/contract"
import type { Json, RerunRequest } from "@waybill/engine"
import { Type } from "typebox"
import { accepted, found } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import { idempotency } from "../shared/idempotency.ts"
import { runParams } from "../shared/parameters.ts"
import { sendText } from "../shared/send-text.ts"
import { runSummaryNow, runText } from "./documents/run-document.ts"
import { wait } from "./runs.ts"

export function runCommandRoutes(app: App): void {
  for (const verb of ["pause", "resume"] as const) {
    app.post(
      `/workflow-runs/:runId/${verb}`,
      {
        config: { role: "operator", needs: "runs:write" },
        schema: {
          tags: ["runs"],
          operationId: `${verb}Run`,
          summary: verb === "pause" ? "Start no new step; what runs goes on" : "Go on with a paused run",
          params: runParams,
          body: Reason,
          response: { 200: RunSummary },
        },
      },
      async (request, reply) => {
        const { caller, params, body } = request
        const answer = await request.engine.runs[verb](
          caller.actor,
          params.runId,
          body.reason ?? null,
          idempotency(request),
        )
        return runSummaryNow(request.engine, accepted(answer, reply), caller)
      },
    )
  }

  app.post(
    "/workflow-runs/:runId/cancel",
    {
      config: { role: "operator", needs: "runs:write" },
      schema: {
        tags: ["runs"],
        operationId: "cancelRun",
        summary: "Cancel a run",
        description: "Running agents are asked to stop and clean-up blocks run; the answer says how far it is.",
        params: runParams,
        body: CancelRun,
        response: { 200: RunSummary },
      },
    },
    async (request, reply) => {
      const { caller, params, body } = request
      const options = { reason: body.reason ?? null, force: body.force ?? false }
      const answer = await request.engine.runs.cancel(caller.actor, params.runId, options, idempotency(request))
      return runSummaryNow(request.engine, accepted(answer, reply), caller)
    },
  )

  app.post(
    "/workflow-runs/:runId/signals",
    {
      config: { role: "operator", needs: "runs:write" },
      schema: {
        tags: ["runs"],
        operationId: "sendSignal",
        summary: "Send a signal",
        description: "Kept until a state listens for it. 202; 200 when a signal of this name and id was taken before.",
        params: runParams,
        body: SendSignal,
        response: { 200: SignalReceipt, 202: SignalReceipt },
      },
    },
    async (request, reply) => {
      const { caller, params, body } = request
      const signal = { name: body.name, id: body.id ?? null, data: (body.data ?? null) as Json }
      const receipt = accepted(
        await request.engine.runs.signal(caller.actor, params.runId, signal, idempotency(request)),
        reply,
      )
      reply.code(receipt.replayed ? 200 : 202)
      return { runId: params.runId, ...receipt }
    },
  )

  app.post(
    "/workflow-runs/:runId/retry-now",
    {
      config: { role: "operator", needs: "runs:write" },
      schema: {
        tags: ["runs"],
        operationId: "retryNow",
        summary: "End a backoff, or an exhausted retry that waits for a person",
        params: runParams,
        body: RetryNow,
        response: { 200: RunSummary },
      },
    },
    async (request, reply) => {
      const { caller, params, body } = request
      const answer = await request.engine.runs.retryNow(
        caller.actor,
        params.runId,
        body.stepId ?? null,
        idempotency(request),
      )
      return runSummaryNow(request.engine, accepted(answer, reply), caller)
    },
  )

  app.post(
    "/workflow-runs/:runId/rerun",
    {
      config: { role: "operator", needs: "runs:write" },
      schema: {
        tags: ["runs"],
        operationId: "rerun",
        summary: "A new run from an old one, linked to it",
        description: "With `dryRun` only the plan: what would be reused, and which agents would act again.",
        params: runParams,
        querystring: Type.Object({ dryRun: Type.Optional(Type.Boolean()), wait }, { additionalProperties: false }),
        body: Rerun,
        response: { 200: Type.Unsafe<Run | RerunPlan>({ anyOf: [RerunPlan, Run] }), 201: Run },
      },
      // One of two documents: told apart here, not by trying schemas.
      serializerCompiler: () => (document) => JSON.stringify(document),
    },
    async (request, reply) => {
      const { caller, params, query } = request
      const body = rerunRequest(request.body)
      if (query.dryRun === true) {
        const plan = accepted(await request.engine.runs.planRerun(caller.actor, params.runId, body), reply)
        const { reused, actsAgain, steps } = plan
        return reply.code(200).send({ ...plan, reused: [...reused], actsAgain: [...actsAgain], steps: [...steps] })
      }
      const { runId, replayed } = accepted(
        await request.engine.runs.rerun(caller.actor, params.runId, body, idempotency(request)),
        reply,
      )
      if ((query.wait ?? 0) > 0) await request.engine.runs.settled(runId, query.wait! * 1000)
      const row = found(await request.engine.queries.run(runId), "run_not_found", `the run ${runId} is gone`)
      reply.header("location", `/api/v1/workflow-runs/${runId}`)
      return sendText(reply.code(replayed ? 200 : 201), await runText(request.engine, row, caller))
    },
  )
}

function rerunRequest(body: Rerun): RerunRequest {
  return {
    from: body.from ?? null,
    version: body.version ?? null,
    inputPatch: body.inputPatch ?? null,
    contextPatch: body.contextPatch ?? null,
    reason: body.reason,
    ...(body.origin !== undefined && { origin: body.origin }),
  }
}
