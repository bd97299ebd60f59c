/** The workspace that a request names: by header everywhere, by the address too on 002's routes and sockets (settled 31). */
import type { FastifyRequest } from "fastify"
import { Type } from "typebox"
import { ProblemError } from "./problem.ts"

const name = Type.Optional(Type.String({ minLength: 1, maxLength: 256, description: "Like the header." }))

export const workspaceParameters = { workspace_id: name, workspace_slug: name }

type Asked = { readonly workspace_id?: unknown; readonly workspace_slug?: unknown }

/** Null: none is named. */
export function workspaceAsked(request: FastifyRequest): string | null {
  const { headers } = request
  const asked = headers["x-workspace-id"] ?? headers["x-workspace-slug"] ?? inQuery(request)
  return typeof asked === "string" ? asked : null
}

function inQuery(request: FastifyRequest): unknown {
  if (!/[?&]workspace_(id|slug)=/.test(request.url)) return null
  const { workspace_id, workspace_slug } = request.query as Asked
  return workspace_id ?? workspace_slug ?? null
}

/** A hook behind the guard: the caller is known, and all that names a workspace has to name the same. */
export function checkWorkspace(request: FastifyRequest, _reply: unknown, done: (error?: Error) => void): void {
  const { workspaceId, workspaceSlug } = request.caller
  const asked = request.query as Asked
  const isOwn = [asked.workspace_id, asked.workspace_slug].every(
    (one) => one === undefined || one === workspaceId || one === workspaceSlug,
  )
  done(isOwn ? undefined : new ProblemError("workspace_not_found", "the credential has no such workspace"))
}
