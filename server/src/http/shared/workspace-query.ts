/** 002's routes and sockets name their workspace in the address too (settled 31): checked as the headers are. */
import type { FastifyRequest } from "fastify"
import { Type } from "typebox"
import { ProblemError } from "./problem.ts"

const name = Type.Optional(Type.String({ minLength: 1, maxLength: 256, description: "Like the header." }))

export const workspaceParameters = { workspace_id: name, workspace_slug: name }

/** A hook behind the guard: the caller is known. */
export function checkWorkspace(request: FastifyRequest, _reply: unknown, done: (error?: Error) => void): void {
  const { workspaceId, workspaceSlug } = request.caller
  const asked = request.query as { readonly workspace_id?: unknown; readonly workspace_slug?: unknown }
  const isOwn = [asked.workspace_id, asked.workspace_slug].every(
    (one) => one === undefined || one === workspaceId || one === workspaceSlug,
  )
  done(isOwn ? undefined : new ProblemError("workspace_not_found", "the credential has no such workspace"))
}
