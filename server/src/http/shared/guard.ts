/**
 * The one hook in front of every route: request id, Host and Origin, credentials, workspace, scope, role.
 * Authorisation goes by the matched route's declared role and scope, never by the text of the path; a route that declares
 * none does not boot. It is one synchronous function because it is on the way of every request.
 */
import type { KeyScope } from "@waybill/contract"
import type { Engine } from "@waybill/engine"
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from "fastify"
import {
  type Authenticate,
  type Caller,
  defaultWorkspace,
  mayAct,
  narrowed,
  noSuchWorkspace,
  type Role,
} from "./auth.ts"
import type { HostGuard } from "./host-guard.ts"
import { isOwnPage } from "./own-page.ts"
import { ProblemError } from "./problem.ts"
import { isAllOf, noWorkspace, workspaceAsked } from "./workspace-query.ts"

declare module "fastify" {
  interface FastifyContextConfig {
    /** Who may call the route: at least this role; `public` needs no credentials. */
    role?: Role | "public"
    /** Which scope a key that has scopes must have; `any`: whatever it has. */
    needs?: KeyScope | "any"
    /** A key without that scope and with this one may call it too; the route shows it what the scope is for. */
    orFor?: KeyScope
    /** `server`: it reaches beyond one workspace, so that only those of the workspace `default` may call it. */
    scope?: "server"
  }
  interface FastifyRequest {
    caller: Caller
    /** As the caller's workspace has it: what is another's is not there. */
    engine: Engine
    /** The body as it came, for idempotency (rule 24) and definitions; null without one. */
    bodyText: string | null
  }
}

export interface GuardOptions {
  readonly authenticate: Authenticate
  readonly engine: Engine
  readonly hosts: HostGuard
}

export function guardRoutes(app: FastifyInstance, options: GuardOptions): void {
  const declared: RouteOptions[] = []
  // Set by the hook below before any handler of a route that is not public.
  app.decorateRequest("caller", null as never)
  app.decorateRequest("engine", null as never)
  app.decorateRequest("bodyText", null)
  app.addHook("onRoute", (route) => {
    declared.push(route)
  })
  app.addHook("onReady", async () => {
    const missing = declared.filter(({ config }) => !isDeclared(config))
    if (missing.length > 0) {
      throw new Error(
        `routes without a declared role and scope: ${missing.map((r) => `${r.method} ${r.url}`).join(", ")}`,
      )
    }
  })
  app.addHook("onRequest", (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => {
    reply.header("x-request-id", request.id)
    reply.header("x-content-type-options", "nosniff")
    done(request.is404 ? undefined : refusal(request, options))
  })
}

function isDeclared(config: RouteOptions["config"]): boolean {
  return config?.role === "public" || (config?.role !== undefined && config.needs !== undefined)
}

function isWithin(scopes: Caller["scopes"], needs: KeyScope | "any" | undefined): boolean {
  return scopes === null || needs === "any" || (needs !== undefined && scopes.includes(needs))
}

/** Behind a door that changes something a key with scopes has the role of that door's scope, not of its highest one. */
function behind(caller: Caller, needs: KeyScope | "any" | undefined, needed: Role | undefined): Caller {
  if (caller.scopes === null || needs === undefined || needs === "any" || needed === "viewer") return caller
  const role = narrowed(caller.role, [needs])
  return role === caller.role ? caller : { ...caller, role, actor: { ...caller.actor, role } }
}

function refusal(request: FastifyRequest, options: GuardOptions): ProblemError | undefined {
  const { role: needed, needs, orFor, scope } = request.routeOptions.config
  if (needed === "public") return undefined
  const foreign = options.hosts.refuse(request.headers.host, request.headers.origin)
  if (foreign !== null) return foreign
  const caller = options.authenticate(request.headers, workspaceAsked(request))
  if (caller === null) {
    const sent = request.headers.authorization !== undefined
    const why = sent ? "the key is not known here: it is none, was revoked or has expired" : "no key was sent"
    return new ProblemError("unauthenticated", why)
  }
  if (caller === noSuchWorkspace || !isAllOf(request, caller)) return noWorkspace()
  if (caller.auth === "session" && !isOwnPage(request))
    return new ProblemError("origin_refused", "what changes something has to come from a page of this server")
  // Known from here on, so that a refusal is somebody's.
  request.caller = caller
  if (!isWithin(caller.scopes, needs) && !(orFor !== undefined && isWithin(caller.scopes, orFor))) {
    return new ProblemError(
      "scope_missing",
      `this needs the scope ${[needs, orFor].filter(Boolean).join(" or ")}, the key has ${caller.scopes?.join(", ")}`,
      {
        data: { scopes: caller.scopes, needed: needs ?? null },
      },
    )
  }
  if (needed === undefined || !mayAct(caller.role, needed)) {
    return new ProblemError("forbidden", `this needs the role ${needed}, the credential has ${caller.role}`, {
      data: { role: caller.role, needed: needed ?? null },
    })
  }
  request.caller = behind(caller, needs, needed)
  if (scope === "server" && caller.workspaceId !== defaultWorkspace) {
    return new ProblemError(
      "forbidden",
      `this concerns the whole server: it needs the role ${needed} in the workspace default`,
    )
  }
  request.engine = options.engine.within(caller.workspaceId)
  return undefined
}
