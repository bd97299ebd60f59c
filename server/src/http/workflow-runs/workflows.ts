/** `/api/v1/workflows`: definitions and their versions (004 §4.1, settled 1 and 18). */
import {
  syncStates,
  Version,
  VersionDiff,
  VersionPage,
  Workflow,
  WorkflowFile,
  WorkflowPage,
  WorkflowSummary,
} from "@waybill/contract"
import { type Engine, jsonChanges } from "@waybill/engine"
import { Type } from "typebox"
import { accepted, finding } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import { idempotency } from "../shared/idempotency.ts"
import { noVersion, noWorkflow } from "../shared/known-workflow.ts"
import { cursor, environment, limit, nameCursor, nameOfCursor, seqCursor, word } from "../shared/parameters.ts"
import { ProblemError } from "../shared/problem.ts"
import { versionDocument, versionSummary, workflowDocument, workflowSummary } from "./documents/workflow-document.ts"

const CHANGES_MAX = 1_000
const id = Type.String({ minLength: 1, maxLength: 256 })
const params = Type.Object({ id })
const inEnvironment = Type.Object({ env: environment }, { additionalProperties: false })

export function workflowRoutes(app: App): void {
  app.get(
    "/workflows",
    {
      config: { role: "viewer", needs: "definitions:read" },
      schema: {
        tags: ["workflows"],
        operationId: "listWorkflows",
        summary: "Workflows of an environment",
        querystring: Type.Object(
          {
            env: environment,
            status: Type.Optional(Type.Unsafe<"active" | "disabled">({ type: "string", enum: ["active", "disabled"] })),
            sync: Type.Optional(Type.Unsafe<(typeof syncStates)[number]>({ type: "string", enum: [...syncStates] })),
            q: word,
            cursor,
            limit,
          },
          { additionalProperties: false },
        ),
        response: { 200: WorkflowPage },
      },
    },
    async ({ engine, query }) => {
      const page = await engine.definitions.list({
        environment: query.env ?? "default",
        status: query.status ?? null,
        q: query.q ?? null,
        sync: query.sync ?? null,
        cursor: nameOfCursor(query.cursor),
        limit: query.limit ?? 50,
      })
      return {
        items: page.items.map(workflowSummary),
        nextCursor: page.nextCursor === null ? null : nameCursor(page.nextCursor),
        ...(page.total && { total: page.total }),
      }
    },
  )

  app.get(
    "/workflows/:id",
    {
      config: { role: "viewer", needs: "definitions:read" },
      schema: {
        tags: ["workflows"],
        operationId: "getWorkflow",
        summary: "One workflow with its current version, as text and as JSON",
        params,
        querystring: inEnvironment,
        response: { 200: Workflow },
      },
    },
    async (request) => workflow(request.engine, request.query.env ?? "default", request.params.id),
  )

  app.delete(
    "/workflows/:id",
    {
      config: { role: "admin", needs: "definitions:write" },
      schema: {
        tags: ["workflows"],
        operationId: "deleteWorkflow",
        summary: "Delete a workflow that never ran; one that did is disabled instead",
        params,
        querystring: inEnvironment,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { caller, query } = request
      const env = query.env ?? "default"
      accepted(
        await request.engine.definitions.remove(caller.actor, env, request.params.id, idempotency(request)),
        reply,
      )
      return reply.code(204).send(null)
    },
  )

  for (const [verb, status] of [
    ["disable", "disabled"],
    ["enable", "active"],
  ] as const) {
    app.post(
      `/workflows/:id/${verb}`,
      {
        config: { role: "admin", needs: "definitions:write" },
        schema: {
          tags: ["workflows"],
          operationId: `${verb}Workflow`,
          summary: verb === "disable" ? "Refuse new runs; those that run go on" : "Take new runs again",
          params,
          querystring: inEnvironment,
          response: { 200: WorkflowSummary },
        },
      },
      async (request, reply) => {
        const { caller, query } = request
        const answer = await request.engine.definitions.setStatus(
          caller.actor,
          query.env ?? "default",
          request.params.id,
          status,
          idempotency(request),
        )
        return workflowSummary(accepted(answer, reply))
      },
    )
  }

  versionRoutes(app)
}

function versionRoutes(app: App): void {
  app.get(
    "/workflows/:id/versions",
    {
      config: { role: "viewer", needs: "definitions:read" },
      schema: {
        tags: ["workflows"],
        operationId: "listVersions",
        summary: "Versions, newest first",
        params,
        querystring: Type.Object({ env: environment, cursor, limit }, { additionalProperties: false }),
        response: { 200: VersionPage },
      },
    },
    async (request) => {
      const { query } = request
      const env = query.env ?? "default"
      await known(request.engine, env, request.params.id)
      const size = query.limit ?? 50
      const before = query.cursor === undefined ? null : seqCursor(query.cursor)
      const versions = await request.engine.definitions.versions(env, request.params.id, size + 1, before)
      const shown = versions.slice(0, size)
      return {
        items: shown.map(versionSummary),
        nextCursor: versions.length > size ? String(shown.at(-1)!.versionNumber) : null,
      }
    },
  )

  app.get(
    "/workflows/:id/file",
    {
      config: { role: "viewer", needs: "definitions:read" },
      schema: {
        tags: ["workflows"],
        operationId: "getWorkflowFile",
        summary: "The file of a workflow as it is now, with its problems; what serves may be another version",
        params,
        querystring: inEnvironment,
        response: { 200: WorkflowFile },
      },
    },
    async (request) => {
      const env = request.query.env ?? "default"
      await known(request.engine, env, request.params.id)
      const file = await request.engine.definitions.file(env, request.params.id)
      if (file === null) {
        const detail = `the workflow ${request.params.id} was made over the API: it has no file`
        throw new ProblemError("workflow_has_no_file", detail)
      }
      const { problems, ...rest } = file
      return { ...rest, problems: problems.map(finding) }
    },
  )

  app.get(
    "/workflows/:id/versions/:versions",
    {
      config: { role: "viewer", needs: "definitions:read" },
      schema: {
        tags: ["workflows"],
        operationId: "getVersions",
        summary: "One version (`7`), or what changed between two (`5...7`)",
        params: Type.Object({
          id,
          versions: Type.String({ pattern: "^[0-9]{1,9}(\\.\\.\\.[0-9]{1,9})?$", description: "`7` or `5...7`" }),
        }),
        querystring: inEnvironment,
        response: { 200: Type.Unsafe<Version | VersionDiff>({ anyOf: [Version, VersionDiff] }) },
      },
      // One of two documents: told apart here, not by trying schemas.
      serializerCompiler: () => (document) => JSON.stringify(document),
    },
    async (request) => {
      const { id: workflowId, versions } = request.params
      const env = request.query.env ?? "default"
      const [from, to] = versions.split("...").map(Number)
      const first = await version(request.engine, env, workflowId, from!)
      return to === undefined ? versionDocument(first) : diff(first, await version(request.engine, env, workflowId, to))
    },
  )

  app.post(
    "/workflows/:id/versions/:versionNumber/rollback",
    {
      config: { role: "admin", needs: "definitions:write" },
      schema: {
        tags: ["workflows"],
        operationId: "rollbackWorkflow",
        summary: "Make an old version the newest again, as a new version",
        params: Type.Object({ id, versionNumber: Type.Integer({ minimum: 1 }) }),
        querystring: inEnvironment,
        response: { 200: WorkflowSummary },
      },
    },
    async (request, reply) => {
      const { caller, params: asked, query } = request
      const answer = await request.engine.definitions.rollback(
        caller.actor,
        query.env ?? "default",
        asked.id,
        asked.versionNumber,
        idempotency(request),
      )
      return workflowSummary(accepted(answer, reply))
    },
  )
}

async function known(engine: Engine, env: string, workflowId: string) {
  const summary = await engine.definitions.get(env, workflowId)
  if (summary !== null) return summary
  throw await noWorkflow(engine, workflowId, env)
}

async function workflow(engine: Engine, env: string, workflowId: string): Promise<Workflow> {
  const summary = await known(engine, env, workflowId)
  return workflowDocument(summary, await version(engine, env, workflowId, summary.versionNumber))
}

async function version(engine: Engine, env: string, workflowId: string, versionNumber: number) {
  const one = await engine.definitions.version(env, workflowId, versionNumber)
  if (one !== null) return one
  await known(engine, env, workflowId)
  throw noVersion(env, workflowId, versionNumber)
}

function diff(from: Awaited<ReturnType<typeof version>>, to: Awaited<ReturnType<typeof version>>): VersionDiff {
  const { changes, truncated } = jsonChanges(from.document, to.document, CHANGES_MAX)
  return {
    workflowId: to.workflowId,
    environment: to.environment,
    from: versionDocument(from),
    to: versionDocument(to),
    changes: [...changes] as VersionDiff["changes"],
    truncated,
  }
}
