/**
 * The routes whose body is a definition: create, new version, validate. The text goes to the engine as it came, so that
 * problems have lines and columns and come all at once; JSON as `application/json`, YAML as `application/yaml`.
 */
import { DefinitionDocument, Validation, WorkflowSummary } from "@waybill/contract"
import type { FastifyInstance } from "fastify"
import { Type } from "typebox"
import { noSecret } from "../../access/refuse-secrets.ts"
import { accepted, finding, found } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import { type DefinitionText, readDefinitions } from "../shared/body.ts"
import { idempotency } from "../shared/idempotency.ts"
import { environment } from "../shared/parameters.ts"
import { CHECKED_ELSEWHERE } from "../shared/validation.ts"
import { workflowSummary } from "./documents/workflow-document.ts"

const definitionBody = {
  description: "A workflow definition.",
  content: {
    "application/json": { schema: Type.Unsafe<unknown>({ ...DefinitionDocument, [CHECKED_ELSEWHERE]: true }) },
    "application/yaml": { schema: Type.Unsafe<unknown>({ type: "string", [CHECKED_ELSEWHERE]: true }) },
  },
}
const note = Type.Optional(Type.String({ maxLength: 1000, description: "Why this version was made." }))
const saving = Type.Object({ env: environment, note }, { additionalProperties: false })

export async function definitionRoutes(app: App): Promise<void> {
  readDefinitions(app as unknown as FastifyInstance)

  app.post(
    "/workflows",
    {
      config: { role: "admin", needs: "definitions:write" },
      schema: {
        tags: ["workflows"],
        operationId: "createWorkflow",
        summary: "Create a workflow",
        description: "422 with all problems when the definition has errors.",
        querystring: saving,
        body: definitionBody,
        response: { 201: WorkflowSummary },
      },
    },
    async (request, reply) => {
      const { caller, query } = request
      const save = {
        environment: query.env ?? "default",
        workflowId: null,
        ...definitionOf(request.body),
        expectNew: true,
        note: query.note === undefined ? null : noSecret("note", query.note),
      }
      const summary = accepted(await request.engine.definitions.save(caller.actor, save, idempotency(request)), reply)
      return reply
        .code(201)
        .header(
          "location",
          `/api/v1/workflows/${encodeURIComponent(summary.workflowId)}?env=${encodeURIComponent(summary.environment)}`,
        )
        .send(workflowSummary(summary))
    },
  )

  app.put(
    "/workflows/:id",
    {
      config: { role: "admin", needs: "definitions:write" },
      schema: {
        tags: ["workflows"],
        operationId: "updateWorkflow",
        summary: "A new version of a workflow; the same content is no new version",
        params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 256 }) }),
        querystring: saving,
        body: definitionBody,
        response: { 200: WorkflowSummary },
      },
    },
    async (request, reply) => {
      const { caller, query } = request
      const save = {
        environment: query.env ?? "default",
        workflowId: request.params.id,
        ...definitionOf(request.body),
        expectNew: false,
        note: query.note === undefined ? null : noSecret("note", query.note),
      }
      return workflowSummary(
        accepted(await request.engine.definitions.save(caller.actor, save, idempotency(request)), reply),
      )
    },
  )

  app.post(
    "/workflows/validate",
    {
      config: { role: "viewer", needs: "definitions:read" },
      schema: {
        tags: ["workflows"],
        operationId: "validateWorkflow",
        summary: "All problems of a definition; nothing is stored and nothing runs",
        querystring: Type.Object(
          {
            env: environment,
            file: Type.Optional(Type.String({ maxLength: 1024, description: "Named in the problems." })),
          },
          { additionalProperties: false },
        ),
        body: definitionBody,
        response: { 200: Validation },
      },
    },
    async (request) => {
      const { query } = request
      const { text, format } = definitionOf(request.body)
      const result = await request.engine.definitions.validate(query.env ?? "default", text, format, query.file ?? null)
      return { valid: result.valid, workflowId: result.workflowId, problems: result.problems.map(finding) }
    },
  )
}

function definitionOf(body: unknown): DefinitionText {
  return found(body as DefinitionText | undefined, "invalid_request", "the body must be a workflow definition")
}
