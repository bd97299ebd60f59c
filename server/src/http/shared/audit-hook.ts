/**
 * Writes down what a request did once it is answered: who, what, to what, from where, and how it ended. The action is the
 * route's, the target is what its address names, or what was made. Of bodies only a few words go in, that say what was
 * wanted and why; the rest may hold anything.
 */
import type { AuditDraft, AuditOutcome } from "@waybill/engine"
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from "fastify"
import { auditActions } from "./audited.ts"

declare module "fastify" {
  interface FastifyRequest {
    /** What was done stands in the audit already, in the commit that did it. */
    isAudited: boolean
    /** The code of the problem that it was answered with. */
    refusedAs: string | null
  }
}

export function auditRequests(app: FastifyInstance, note: (draft: AuditDraft) => void, now: () => number): void {
  const missing: string[] = []
  app.decorateRequest("isAudited", false)
  app.decorateRequest("refusedAs", null)
  app.addHook("onRoute", (route) => {
    if (mustBeNamed(route) && actionOf(route) === undefined) missing.push(`${route.method} ${route.url}`)
  })
  app.addHook("onReady", async () => {
    if (missing.length > 0) throw new Error(`routes without a name in the audit: ${missing.join(", ")}`)
  })
  app.addHook("onResponse", (request, reply, done) => {
    const action = actionOf(request.routeOptions)
    // A request that nobody was behind is no deed: whoever sends nonsense must not fill the store.
    if (typeof action === "string" && !request.isAudited && request.caller !== null)
      note(draftOf(request, reply, action, now()))
    done()
  })
}

function mustBeNamed({ method, config, schema }: RouteOptions): boolean {
  const role = config?.role
  if (role === undefined || role === "public" || (schema as { readonly hide?: boolean } | undefined)?.hide) return false
  const isRead = [method].flat().every((one) => one === "GET" || one === "HEAD")
  return !isRead || role !== "viewer"
}

function actionOf({ schema }: { readonly schema?: unknown }): string | null | undefined {
  const { operationId } = (schema ?? {}) as { readonly operationId?: string }
  return operationId === undefined ? undefined : auditActions[operationId]
}

function draftOf(request: FastifyRequest, reply: FastifyReply, action: string, at: number): AuditDraft {
  const { caller } = request
  return {
    workspaceId: caller.workspaceId,
    at,
    actor: caller.actor.id,
    credential: caller.credential,
    action,
    target: targetOf(request, reply),
    door: doorOf(request),
    address: request.ip,
    outcome: outcomeOf(reply.statusCode),
    status: reply.statusCode,
    requestId: request.id,
    detail: detailOf(request),
  }
}

/** Fields of bodies that say what was wanted and why. They are people's words, and pass the redaction. */
const words = [
  "reason",
  "action",
  "state",
  "outcome",
  "owner",
  "to",
  "from",
  "version",
  "workflowId",
  "origin",
  "add",
  "remove",
]
const wordMax = 500

function detailOf({ body, refusedAs }: FastifyRequest): string | null {
  const said = Object.fromEntries(
    words.flatMap((name) => {
      const value = wordsIn((body as Readonly<Record<string, unknown>> | null | undefined)?.[name])
      return value === null ? [] : [[name, value]]
    }),
  )
  const detail = { ...(refusedAs !== null && { code: refusedAs }), ...said }
  return Object.keys(detail).length === 0 ? null : JSON.stringify(detail)
}

/** A word, a number or a short list of words; else null. */
function wordsIn(value: unknown): string | number | readonly string[] | null {
  if (typeof value === "number") return value
  if (typeof value === "string") return value === "" ? null : value.slice(0, wordMax)
  if (!Array.isArray(value) || value.length === 0 || value.length > 50) return null
  return value.every((one) => typeof one === "string") ? value.map((one) => one.slice(0, wordMax)) : null
}

export function doorOf(request: FastifyRequest): string {
  return `${request.method} ${request.routeOptions.url}`
}

function outcomeOf(status: number): AuditOutcome {
  if (status < 400) return "done"
  return status < 500 ? "refused" : "failed"
}

/** What the address names; of what was made, what its `location` ends with. */
function targetOf({ params }: FastifyRequest, reply: FastifyReply): string {
  const named = Object.values((params ?? {}) as Record<string, unknown>).filter((one) => typeof one === "string")
  if (named.length > 0) return named.join(" ").slice(0, 512)
  const location = reply.getHeader("location")
  return typeof location === "string" ? (location.split("/").pop() ?? "").slice(0, 512) : ""
}
