/** What a workflow page asks besides the workflow: how its runs went, and what a start would make of an input. */
import { CheckedInput, CheckInput, type Finding, WorkflowStats } from "@waybill/contract"
import type { Json } from "@waybill/engine"
import { Type } from "typebox"
import { accepted } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import { knownWorkflow } from "../shared/known-workflow.ts"
import { environment, instant, instantOf, invalidParameter } from "../shared/parameters.ts"
import { rfc3339 } from "../shared/time.ts"

const dayMs = 86_400_000
const defaultMs = 30 * dayMs
const params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 256 }) })

export function workflowInsightRoutes(app: App): void {
  app.get(
    "/workflows/:id/stats",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["workflows"],
        operationId: "getWorkflowStats",
        summary: "How its runs went: by status, how long they took, and what each state did",
        description: "Of runs that began in [`from`, `to`); without them, in the last 30 days.",
        params,
        querystring: Type.Object({ env: environment, from: instant, to: instant }, { additionalProperties: false }),
        response: { 200: WorkflowStats },
      },
    },
    async (request) => {
      const { query, params: asked } = request
      const env = query.env ?? "default"
      await knownWorkflow(request.engine, asked.id, env)
      // A run that begins in this moment belongs to it.
      const to = instantOf("to", query.to) ?? Date.now() + 1
      const from = instantOf("from", query.from) ?? to - defaultMs
      if (from >= to) throw invalidParameter("from", "it is not before `to`")
      const { total, byStatus, states, ...stats } = await request.engine.insights.workflowStats(env, asked.id, from, to)
      return {
        workflowId: asked.id,
        environment: env,
        from: rfc3339(from),
        to: rfc3339(to),
        runs: { total, byStatus },
        ...stats,
        states: [...states],
      }
    },
  )

  app.post(
    "/workflows/:id/check-input",
    {
      config: { role: "viewer", needs: "definitions:read" },
      schema: {
        tags: ["workflows"],
        operationId: "checkInput",
        summary: "What a start would make of an input: its problems, and the input with defaults; nothing is started",
        params,
        querystring: Type.Object({ env: environment }, { additionalProperties: false }),
        body: CheckInput,
        response: { 200: CheckedInput },
      },
    },
    async (request, reply) => {
      const { body, caller, query } = request
      const answer = await request.engine.runs.checkInput(caller.actor, {
        workflowId: request.params.id,
        environment: query.env ?? "default",
        version: body.version ?? null,
        input: body.input as Json,
      })
      const { valid, problems, input } = accepted(answer, reply)
      return { valid, problems: problems.map((problem) => ({ ...problem })) as Finding[], input: input as never }
    },
  )
}
