/** `/api/v1/session` and `/sessions`: who one is here, where one is signed in, and how that ends. */
import { ChangePassword, Session, SignedInPage } from "@waybill/contract"
import { Type } from "typebox"
import { isOfServer } from "../../access/manage-people.ts"
import type { Access } from "../../access/open-access.ts"
import type { App } from "../shared/app.ts"
import type { Caller } from "../shared/auth.ts"
import { deedOf, done } from "../shared/deed-of.ts"
import { ProblemError } from "../shared/problem.ts"
import { rfc3339OrNull } from "../shared/time.ts"
import { clearedCookie } from "./cookie.ts"
import { sessionDocument } from "./documents.ts"

const environmentsMax = 200
const tags = ["access"]
const params = Type.Object({ sessionId: Type.String({ minLength: 1, maxLength: 256 }) })

export function sessionRoutes(app: App, access: Access): void {
  const { sessions, stored, people, directory, now } = access

  app.get(
    "/session",
    {
      config: { role: "viewer", needs: "any" },
      schema: {
        tags: ["system"],
        operationId: "getSession",
        summary: "Who the credentials are",
        response: { 200: Session },
      },
    },
    async ({ caller, engine }) => ({
      actor: caller.actor.id,
      name: directory.user(caller.actor.id)?.name ?? null,
      teams: [...caller.actor.teams],
      role: caller.role,
      scopes: caller.scopes === null ? null : [...caller.scopes],
      workspaceId: caller.workspaceId,
      workspaceSlug: caller.workspaceSlug,
      workspaces: workspacesOf(access, caller),
      environments: engine.definitions.environments().slice(0, environmentsMax),
      auth: caller.auth,
      credential: caller.auth === "open" ? null : caller.credential,
      expiresAt: rfc3339OrNull(expiresAt(access, caller)),
    }),
  )

  app.delete(
    "/session",
    {
      config: { role: "viewer", needs: "admin" },
      schema: {
        tags,
        operationId: "signOut",
        summary: "Sign out: this session ends",
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const sessionId = sessionIdOf(request.caller)
      if (sessionId === null) throw new ProblemError("session_not_found", "these credentials are no session")
      await done(request, sessions.end(deedOf(request, now()), sessionId, false))
      return reply.header("set-cookie", clearedCookie(access.cookie)).code(204).send(null)
    },
  )

  app.put(
    "/session/password",
    {
      config: { role: "viewer", needs: "admin" },
      schema: {
        tags,
        operationId: "changePassword",
        summary: "Change one's own password; all other sessions end",
        body: ChangePassword,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { body, caller } = request
      const deed = deedOf(request, now())
      await done(request, people.changeOwnPassword(deed, sessionIdOf(caller), body.current, body.next))
      return reply.code(204).send(null)
    },
  )

  app.get(
    "/sessions",
    {
      config: { role: "viewer", needs: "admin" },
      schema: {
        tags,
        operationId: "listSessions",
        summary: "Where one is signed in; with `all`, where everybody is",
        querystring: Type.Object(
          { all: Type.Optional(Type.Boolean({ description: "For admins of the workspace `default`." })) },
          { additionalProperties: false },
        ),
        response: { 200: SignedInPage },
      },
    },
    async (request) => {
      const { caller, query } = request
      const isAll = query.all === true
      if (isAll && !isOfServer(caller))
        throw new ProblemError("forbidden", "only an admin of the workspace default sees the sessions of others")
      const rows = sessions.list(deedOf(request, now()), isAll).slice(0, 200)
      return { items: rows.map((row) => sessionDocument(row, stored, caller.credential)), nextCursor: null }
    },
  )

  app.delete(
    "/sessions/:sessionId",
    {
      config: { role: "viewer", needs: "admin" },
      schema: {
        tags,
        operationId: "endSession",
        summary: "End a session: one's own, or, as an admin of the workspace `default`, anybody's",
        params,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { caller, params } = request
      await done(request, sessions.end(deedOf(request, now()), params.sessionId, isOfServer(caller)))
      return reply.code(204).send(null)
    },
  )
}

function sessionIdOf({ auth, credential }: Caller): string | null {
  return auth === "session" ? credential.slice("session:".length) : null
}

function workspacesOf({ directory }: Access, { auth, actor, role, workspaceId }: Caller) {
  const all =
    auth === "session" ? directory.memberships(actor.id) : [{ workspace: directory.workspace(workspaceId)!, role }]
  return all.map(({ workspace, role }) => ({
    workspaceId: workspace.workspaceId,
    slug: workspace.slug,
    name: workspace.name,
    role,
  }))
}

function expiresAt({ directory }: Access, { credential }: Caller): number | null {
  const [kind, id = ""] = credential.split(":", 2)
  if (kind === "session") return directory.session(id)?.expiresAt ?? null
  return kind === "key" ? (directory.key(id)?.expiresAt ?? null) : null
}
