/**
 * `/api/v1/workflow-runs/{runId}/…`: annotations, tags, owner, resolution, and the trail of all of them. They lie beside
 * the run: none of these routes changes its history.
 */
import {
  Annotate,
  Annotation,
  AnnotationPage,
  AssignRun,
  ChangeTags,
  RemarkPage,
  ResolveRun,
  RunStanding,
  remarkKinds,
} from "@waybill/contract"
import type { Engine, Noted, RemarkAsked, RemarkKind, Said } from "@waybill/engine"
import type { FastifyReply, FastifyRequest } from "fastify"
import { Type } from "typebox"
import { accepted, found } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import { idempotency } from "../shared/idempotency.ts"
import { cursor, limit, list, listOf, runParams, seqCursor } from "../shared/parameters.ts"
import { oneOfEach } from "../shared/run-filter.ts"
import { annotationDocument, remarkDocument, standingDocument } from "./documents/remark-document.ts"

const tags = ["remarks"]
const noteParams = Type.Object({
  runId: Type.String({ minLength: 1, maxLength: 256 }),
  annotationId: Type.String({ minLength: 1, maxLength: 256 }),
})
const stepId = Type.Optional(Type.String({ minLength: 1, maxLength: 256, description: "Only those about this step." }))

export function remarkRoutes(app: App, engine: Engine): void {
  const said = async (
    request: FastifyRequest,
    reply: FastifyReply,
    runId: string,
    asked: RemarkAsked,
  ): Promise<Said> => {
    const origin = { door: "api", address: request.ip } as const
    const { actor } = request.caller
    return accepted(await engine.remarks.say(actor, runId, asked, origin, idempotency(request)), reply)
  }
  const stands = async (runId: string, said: Said): Promise<RunStanding> =>
    standingDocument(await runOf(engine, runId), said)

  app.post(
    "/workflow-runs/:runId/annotations",
    {
      config: { role: "operator" },
      schema: {
        tags,
        operationId: "annotateRun",
        summary: "Write a note beside a run, or beside one of its steps",
        params: runParams,
        body: Annotate,
        response: { 201: Annotation },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const asked: RemarkAsked = { kind: "annotate", note: body.note, stepId: body.stepId ?? null }
      const { remark } = await said(request, reply, params.runId, asked)
      reply.code(201)
      return annotationDocument({ ...remark!, withdrawn: null })!
    },
  )

  app.get(
    "/workflow-runs/:runId/annotations",
    {
      config: { role: "viewer" },
      schema: {
        tags,
        operationId: "listAnnotations",
        summary: "A run's notes, newest first; those withdrawn are among them and say so",
        params: runParams,
        querystring: Type.Object({ stepId, cursor, limit }, { additionalProperties: false }),
        response: { 200: AnnotationPage },
      },
    },
    async ({ params, query }) => {
      await runOf(engine, params.runId)
      const page = await pageOf(engine, params.runId, { ...query, kinds: ["note.added"] })
      return { ...page, items: page.items.map(annotationDocument).filter((one) => one !== null) }
    },
  )

  app.delete(
    "/workflow-runs/:runId/annotations/:annotationId",
    {
      config: { role: "operator" },
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
      return stands(runId, await said(request, reply, runId, { kind: "withdraw", remarkId: annotationId }))
    },
  )

  app.post(
    "/workflow-runs/:runId/tags",
    {
      config: { role: "operator" },
      schema: {
        tags,
        operationId: "changeTags",
        summary: "Add tags and remove others",
        description: "What is there already, or gone already, is left as it is.",
        params: runParams,
        body: ChangeTags,
        response: { 200: RunStanding },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const asked: RemarkAsked = { kind: "tag", add: body?.add ?? [], remove: body?.remove ?? [] }
      return stands(params.runId, await said(request, reply, params.runId, asked))
    },
  )

  app.post(
    "/workflow-runs/:runId/assign",
    {
      config: { role: "operator" },
      schema: {
        tags,
        operationId: "assignRun",
        summary: "Give the run an owner, or none",
        params: runParams,
        body: AssignRun,
        response: { 200: RunStanding },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      return stands(params.runId, await said(request, reply, params.runId, { kind: "assign", owner: body.owner }))
    },
  )

  app.post(
    "/workflow-runs/:runId/resolve",
    {
      config: { role: "operator" },
      schema: {
        tags,
        operationId: "resolveRun",
        summary: "Say what became of a run that did not complete",
        description: "A re-run that completes supersedes the failed run by itself.",
        params: runParams,
        body: ResolveRun,
        response: { 200: RunStanding },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const asked: RemarkAsked = { kind: "resolve", state: body.state, reason: body.reason ?? null }
      return stands(params.runId, await said(request, reply, params.runId, asked))
    },
  )

  app.delete(
    "/workflow-runs/:runId/resolution",
    {
      config: { role: "operator" },
      schema: {
        tags,
        operationId: "undoResolution",
        summary: "Take the resolution back",
        params: runParams,
        response: { 200: RunStanding },
      },
    },
    async (request, reply) => {
      const { runId } = request.params
      return stands(runId, await said(request, reply, runId, { kind: "reopen" }))
    },
  )

  app.get(
    "/workflow-runs/:runId/remarks",
    {
      config: { role: "viewer" },
      schema: {
        tags,
        operationId: "listRemarks",
        summary: "Everything that was said beside a run, newest first: who, when, from where, what",
        params: runParams,
        querystring: Type.Object({ kind: list, cursor, limit }, { additionalProperties: false }),
        response: { 200: RemarkPage },
      },
    },
    async ({ params, query }) => {
      await runOf(engine, params.runId)
      const kinds = oneOfEach("kind", listOf(query.kind), remarkKinds) as readonly RemarkKind[]
      const page = await pageOf(engine, params.runId, { ...query, kinds })
      return { ...page, items: page.items.map(remarkDocument) }
    },
  )
}

async function runOf(engine: Engine, runId: string) {
  return found(await engine.queries.run(runId), "run_not_found", `there is no run ${runId}`)
}

interface Asked {
  readonly kinds: readonly RemarkKind[]
  readonly stepId?: string
  readonly cursor?: string
  readonly limit?: number
}

async function pageOf(
  engine: Engine,
  runId: string,
  asked: Asked,
): Promise<{ readonly items: readonly Noted[]; readonly nextCursor: string | null }> {
  const most = asked.limit ?? 50
  const before = asked.cursor === undefined ? null : seqCursor(asked.cursor)
  const found = await engine.remarks.list(runId, {
    kinds: asked.kinds,
    stepId: asked.stepId ?? null,
    before,
    limit: most + 1,
  })
  const items = found.slice(0, most)
  return { items, nextCursor: found.length > most ? String(items[items.length - 1]!.number) : null }
}
