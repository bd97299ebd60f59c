/** The steps of a run: pages of them, one with all there is about it, and what it did to the context. */
import { Step, StepContext, StepPage } from "@waybill/contract"
import { Type } from "typebox"
import { found } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import { cursor, invalidParameter, LIST_LIMIT_MAX, runParams, seqCursor } from "../shared/parameters.ts"
import { stepDocuments, stepsWithoutValues } from "./documents/step-document.ts"

/** Of a page without values. */
const ROWS_MAX = 1_000
const stepParams = Type.Object({
  runId: Type.String({ minLength: 1, maxLength: 256 }),
  stepId: Type.String({ minLength: 1, maxLength: 256 }),
})

export function stepRoutes(app: App): void {
  app.get(
    "/workflow-runs/:runId/steps",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["history"],
        operationId: "listSteps",
        summary: "Steps in the order they were entered, with attempts, input and output",
        description: `With \`values=false\` without attempts, models, validation, children, input and output; then a page has at most ${ROWS_MAX}.`,
        params: runParams,
        querystring: Type.Object(
          {
            cursor,
            limit: Type.Optional(
              Type.Integer({
                minimum: 1,
                maximum: ROWS_MAX,
                default: 50,
                description: `At most ${LIST_LIMIT_MAX}; ${ROWS_MAX} with \`values=false\`.`,
              }),
            ),
            values: Type.Optional(Type.Boolean({ default: true })),
          },
          { additionalProperties: false },
        ),
        response: { 200: StepPage },
      },
    },
    async (request) => {
      const { runId } = request.params
      const { query } = request
      const values = query.values ?? true
      const size = query.limit ?? 50
      if (values && size > LIST_LIMIT_MAX)
        throw invalidParameter("limit", `${size} is more than ${LIST_LIMIT_MAX}`, "With `values=false` it may be 1000.")
      found(await request.engine.queries.run(runId), "run_not_found", `there is no run ${runId}`)
      const rows = await request.engine.queries.steps(runId, seqCursor(query.cursor), size + 1)
      const shown = rows.slice(0, size)
      return {
        items: values ? await stepDocuments(request.engine, runId, shown) : stepsWithoutValues(shown),
        nextCursor: rows.length > size ? String(shown.at(-1)!.firstSeq) : null,
      }
    },
  )

  app.get(
    "/workflow-runs/:runId/steps/:stepId",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["history"],
        operationId: "getStep",
        summary: "One step with its attempts, input and output",
        params: stepParams,
        response: { 200: Step },
      },
    },
    async (request) => {
      const { runId, stepId } = request.params
      const row = await request.engine.insights.step(runId, stepId)
      const [step] = await stepDocuments(request.engine, runId, [
        found(row, "step_not_found", `there is no step ${stepId}`),
      ])
      return step!
    },
  )

  app.get(
    "/workflow-runs/:runId/steps/:stepId/context",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["history"],
        operationId: "getStepContext",
        summary: "What a step added, changed and removed in the context, and who had written what was there",
        params: stepParams,
        response: { 200: StepContext },
      },
    },
    async (request) => {
      const { runId, stepId } = request.params
      const did = found(
        await request.engine.insights.stepContext(runId, stepId),
        "step_not_found",
        `there is no step ${stepId}`,
      )
      const { writes, changes, truncated } = did
      return { runId, stepId, writes: [...writes], changes: [...changes], truncated } as StepContext
    },
  )
}
