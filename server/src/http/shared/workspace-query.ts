/**
 * The workspace that a request names: by header everywhere, by the address too on 002's routes and sockets (settled 31),
 * and as the `tenant` of lists of runs (settled 28). It chooses among the credential's own and never more.
 */
import type { FastifyRequest } from "fastify"
import { Type } from "typebox"
import type { Caller } from "./auth.ts"
import { ProblemError } from "./problem.ts"

const name = Type.Optional(Type.String({ minLength: 1, maxLength: 256, description: "Like the header." }))

export const workspaceParameters = { workspace_id: name, workspace_slug: name }

/** 000's filter: `tenant_id` of a run is its workspace's slug, and a list is of one workspace. */
export const tenant = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 256,
    description:
      "The workspace by its slug, as in `tenant_id`: one that the credential may use; absent: as by the header.",
  }),
)

type Asked = { readonly workspace_id?: unknown; readonly workspace_slug?: unknown; readonly tenant?: unknown }

export const noWorkspace = (): ProblemError =>
  new ProblemError("workspace_not_found", "the credential has no such workspace")

/** Null: none is named. */
export function workspaceAsked(request: FastifyRequest): string | null {
  const { headers } = request
  const asked = headers["x-workspace-id"] ?? headers["x-workspace-slug"] ?? inQuery(request)
  return typeof asked === "string" ? asked : null
}

function inQuery(request: FastifyRequest): unknown {
  if (!/[?&](?:workspace_(?:id|slug)|tenant)=/.test(request.url)) return null
  const { workspace_id, workspace_slug, tenant } = request.query as Asked
  return workspace_id ?? workspace_slug ?? tenant ?? null
}

/** Several may be sent, and then they mean the same. */
export function isAllOf({ headers, query }: FastifyRequest, { workspaceId, workspaceSlug }: Caller): boolean {
  return [headers["x-workspace-id"], headers["x-workspace-slug"], (query as Asked).tenant].every(
    (one) => one === undefined || one === workspaceId || one === workspaceSlug,
  )
}

/** A hook behind the guard: the caller is known, and all that names a workspace has to name the same. */
export function checkWorkspace(request: FastifyRequest, _reply: unknown, done: (error?: Error) => void): void {
  const { workspaceId, workspaceSlug } = request.caller
  const asked = request.query as Asked
  const isOwn = [asked.workspace_id, asked.workspace_slug].every(
    (one) => one === undefined || one === workspaceId || one === workspaceSlug,
  )
  done(isOwn ? undefined : noWorkspace())
}
