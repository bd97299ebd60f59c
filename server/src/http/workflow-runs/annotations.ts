/** `/api/v1/workflow-runs/{runId}/annotations`: notes beside a run, one of its steps, or a line of its log. They change none of its history. */
import { Annotate, Annotation, AnnotationPage, RunStanding } from "@waybill/contract"
import type { RemarkAsked } from "@waybill/engine"
import { Type } from "typebox"
import type { App } from "../shared/app.ts"
import { cursor, limit, runParams } from "../shared/parameters.ts"
import { annotationDocument } from "./documents/remark-document.ts"
import { remarksOf, runOf, say, standingBehind } from "./remark-asking.ts"

const tags = ["remarks"]
const noteParams = Type.Object({
  runId: Type.String({ minLength: 1, maxLength: 256 }),
  annotationId: Type.String({ minLength: 1, maxLength: 256 }),
})
const stepId = Type.Optional(Type.String({ minLength: 1, maxLength: 256, description: "Only those about this step." }))

export function annotationRoutes(app: App): void {
  app.post(
    "/workflow-runs/:runId/annotations",
    {
      config: { role: "operator", needs: "runs:write" },
      schema: {
        tags,
        operationId: "annotateRun",
        summary: "Write a note beside a run, one of its steps, or a line of its log",
        params: runParams,
        body: Annotate,
        response: { 201: Annotation },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const { note, stepId = null, logLine } = body
      const asked: RemarkAsked = { kind: "annotate", note, stepId, ...(logLine !== undefined && { logLine }) }
      const { remark } = await say(request.engine, request, reply, params.runId, asked)
      reply.code(201)
      return annotationDocument({ ...remark!, withdrawn: null })!
    },
  )

  app.get(
    "/workflow-runs/:runId/annotations",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags,
        operationId: "listAnnotations",
        summary: "A run's notes, newest first; those withdrawn are among them and say so",
        params: runParams,
        querystring: Type.Object({ stepId, cursor, limit }, { additionalProperties: false }),
        response: { 200: AnnotationPage },
      },
    },
    async ({ engine, params, query }) => {
      await runOf(engine, params.runId)
      const page = await remarksOf(engine, params.runId, { ...query, kinds: ["note.added"] })
      return { ...page, items: page.items.map(annotationDocument).filter((one) => one !== null) }
    },
  )

  app.delete(
    "/workflow-runs/:runId/annotations/:annotationId",
    {
      config: { role: "operator", needs: "runs:write" },
      schema: {
        tags,
        operationId: "withdrawAnnotation",
        summary: "Take a note back: it stays in the trail, marked as withdrawn",
        params: noteParams,
        response: { 200: RunStanding },
      },
    },
    async (request, reply) => {
      const { runId, annotationId } = request.params
      return standingBehind(request.engine, request, reply, runId, { kind: "withdraw", remarkId: annotationId })
    },
  )
}
