/** The four routes of 002 under `/api/workflows`. */
import { Execution, ExecutionMetrics, ExecutionPage, ExecutionTimeline, executionStatuses } from "@waybill/contract"
import { type Engine, type RunRow, type RunStatus, statusesOf } from "@waybill/engine"
import { Type } from "typebox"
import { found } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import type { Caller } from "../shared/auth.ts"
import { inTurns } from "../shared/in-turns.ts"
import { knownWorkflow } from "../shared/known-workflow.ts"
import { invalidParameter, listOf } from "../shared/parameters.ts"
import { workspaceParameters } from "../shared/workspace-query.ts"
import { executionDocument, executionItem } from "./execution.ts"
import { executionMetrics } from "./metrics.ts"
import { executionTimeline } from "./timeline.ts"

const tags = ["executions"]
const id = Type.String({ minLength: 1, maxLength: 256 })
const ofExecution = Type.Object({ execution_id: id })
const ofWorkflow = Type.Object({ workflow_id: id })
const workspace = Type.Object(workspaceParameters, { additionalProperties: false })
const env = Type.Optional(
  Type.String({ minLength: 1, maxLength: 256, description: "One environment; absent: all of them." }),
)

/** How far `skip` reaches. */
const SKIP_MAX = 1_000_000

export function executionRoutes(app: App): void {
  app.get(
    "/executions/:execution_id/timeline",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags,
        operationId: "getExecutionTimeline",
        summary: "An execution with its steps in the definition's order",
        params: ofExecution,
        querystring: workspace,
        response: { 200: ExecutionTimeline },
      },
    },
    async ({ engine, caller, params }) => executionTimeline(engine, await runOf(engine, params.execution_id, caller)),
  )

  app.get(
    "/executions/:execution_id",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags,
        operationId: "getExecution",
        summary: "An execution with its step executions, values uncut",
        params: ofExecution,
        querystring: workspace,
        response: { 200: Execution },
      },
    },
    async ({ engine, caller, params }) => executionDocument(engine, await runOf(engine, params.execution_id, caller)),
  )

  app.get(
    "/:workflow_id/metrics",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags,
        operationId: "getExecutionMetrics",
        summary: "All executions of a workflow in a few numbers",
        params: ofWorkflow,
        querystring: Type.Object({ ...workspaceParameters, env }, { additionalProperties: false }),
        response: { 200: ExecutionMetrics },
      },
    },
    async ({ engine, params, query }) => {
      await knownWorkflow(engine, params.workflow_id, query.env ?? null)
      return executionMetrics(await engine.insights.workflowTotals(query.env ?? null, params.workflow_id))
    },
  )

  app.get(
    "/:workflow_id/executions",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags,
        operationId: "listExecutions",
        summary: "Executions of a workflow, newest first",
        params: ofWorkflow,
        querystring: Type.Object(
          {
            ...workspaceParameters,
            env,
            skip: Type.Optional(Type.Integer({ minimum: 0, maximum: SKIP_MAX, default: 0 })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 10 })),
            status: Type.Optional(
              Type.String({
                maxLength: 2048,
                description: `Of ${executionStatuses.join(", ")}; other doors' spellings too.`,
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 200: ExecutionPage },
      },
    },
    async ({ engine, params, query }) => {
      const { env: environment = null, skip = 0, limit = 10 } = query
      await knownWorkflow(engine, params.workflow_id, environment)
      const statuses = listOf(query.status).flatMap(statusesMeant)
      const asked = { workflowId: params.workflow_id, environment, statuses, skip, limit }
      const page = await engine.insights.workflowPage(asked)
      const items = await inTurns(page.items, (row) => executionItem(engine, row))
      return { items, total: page.total, skip, limit }
    },
  )
}

async function runOf(engine: Engine, runId: string, caller: Caller): Promise<RunRow> {
  const row = await engine.queries.run(runId)
  const own = row?.workspaceId === caller.workspaceId ? row : null
  return found(own, "run_not_found", `there is no execution ${runId.slice(0, 200)}`)
}

function statusesMeant(word: string): readonly RunStatus[] {
  const statuses = statusesOf(word, "executions")
  if (statuses !== null) return statuses
  throw invalidParameter("status", `${JSON.stringify(word.slice(0, 64))} is not one of ${executionStatuses.join(", ")}`)
}
