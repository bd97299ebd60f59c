/**
 * OpenAPI 3.1 from the routes' schemas, at /openapi.json, and its reader at /docs (served from disk, no network).
 * Schemas with a title become components, so that generated clients have their names.
 */
import swagger from "@fastify/swagger"
import swaggerUi from "@fastify/swagger-ui"
import { Problem } from "@waybill/contract"
import type { FastifyInstance } from "fastify"
import type { App } from "./app.ts"

type Tree = { [key: string]: unknown }

export async function documentRoutes(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Waybill",
        version,
        description: "Durable workflows of agents and people, with the evidence of every run.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: "/" }],
      tags: [
        { name: "workflows", description: "Definitions and their versions." },
        { name: "runs", description: "Starting, watching and steering runs." },
        { name: "history", description: "Steps, events, context and timeline of a run." },
        { name: "bulk", description: "The same thing done to many runs." },
        { name: "approvals", description: "What waits for a person." },
        { name: "run records", description: "`/runs`: a run and its steps as the documents of run management." },
        {
          name: "executions",
          description: "`/api/workflows`: a run as an execution, with seconds and a success rate.",
        },
        { name: "environments", description: "Agents and workflow files." },
        { name: "access", description: "Who may, and what they did." },
        { name: "admin", description: "Looking after the store." },
        { name: "system", description: "Health, metrics, this document." },
      ],
      components: {
        securitySchemes: {
          key: { type: "http", scheme: "bearer" },
          session: { type: "apiKey", in: "cookie", name: "waybill_session" },
        },
      },
    },
    transform: ({ schema, url, route }) => {
      const { role, needs, orFor, scope } = route.config ?? {}
      const { response, ...rest } = (schema ?? {}) as Tree & { response?: Tree }
      return {
        url,
        schema: {
          ...rest,
          ...(role === "public"
            ? {}
            : {
                security: [...secured],
                "x-role": role,
                "x-needs": needs,
                ...(orFor && { "x-or-for": orFor }),
                ...(scope && { "x-scope": scope }),
              }),
          response: role === "public" ? response : { ...response, default: problemResponse },
        },
      }
    },
    transformObject: (document) =>
      hoistTitled(("openapiObject" in document ? document.openapiObject : {}) as Tree) as never,
  })
}

/** By either. */
const secured: Record<string, string[]>[] = [{ key: [] }, { session: [] }]

const problemResponse = {
  description: "Refused or failed",
  content: { "application/problem+json": { schema: Problem } },
}

export async function serveDocuments(app: App): Promise<void> {
  // Titled schemas are hoisted once; the document does not change while the server runs.
  let text: string | null = null
  app.get(
    "/openapi.json",
    { config: { role: "public" }, schema: { tags: ["system"], summary: "This document", operationId: "getOpenApi" } },
    async (_request, reply) => {
      text ??= JSON.stringify(app.swagger())
      return reply.type("application/json").send(text)
    },
  )
  await app.register(async (scope) => {
    scope.addHook("onRoute", (route) => {
      route.config = { ...route.config, role: "public" }
    })
    await (scope as unknown as FastifyInstance).register(swaggerUi, {
      routePrefix: "/docs",
      staticCSP: {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "connect-src": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
      },
      uiConfig: { url: "/openapi.json", docExpansion: "list", deepLinking: true },
    })
  })
}

/** Replaces every schema that has a title by a reference to `components.schemas.<title>`. */
export function hoistTitled(document: Tree): Tree {
  const schemas: Tree = {}
  const walk = (node: unknown, isNamed: boolean): unknown => {
    if (Array.isArray(node)) return node.map((item) => walk(item, false))
    if (typeof node !== "object" || node === null) return node
    const copy: Tree = {}
    for (const [key, value] of Object.entries(node)) copy[key] = walk(value, false)
    const title = copy.title
    if (isNamed || typeof title !== "string" || copy.type === undefined) return copy
    const named = { $ref: `#/components/schemas/${title}` }
    const isNullable = Array.isArray(copy.type) && copy.type.includes("null")
    schemas[title] ??= isNullable ? { ...copy, type: (copy.type as string[])[0] } : copy
    return isNullable ? { anyOf: [named, { type: "null" }] } : named
  }
  const { paths, components, ...rest } = document
  const walked = walk(paths, true) as Tree
  return {
    ...rest,
    paths: walked,
    components: { ...(components as Tree), schemas: { ...((components as Tree)?.schemas as Tree), ...schemas } },
  }
}
