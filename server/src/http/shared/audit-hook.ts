/**
 * Writes down what a request did once it is answered: who, what, to what, from where, and how it ended. The action is the
 * route's, the target is what its address names, or what was made. Of bodies only a few words go in, that say what was
 * wanted and why; the rest may hold anything. Nothing is cut here: half a key is no key to the redaction behind it.
 */
import type { AuditDraft, AuditOutcome } from "@waybill/engine"
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from "fastify"
import { auditActions } from "./audited.ts"

declare module "fastify" {
  interface FastifyRequest {
    /** What was done stands in the audit already, in the commit that did it. */
    isAudited: boolean
    /** What was done, where that is not what the route is there for. */
    auditedAs: string | null
    /** The code of the problem that it was answered with. */
    refusedAs: string | null
    /** Whose policy the words of the body come under; empty: the workspace's; null: that is not known. */
    workflowId: string | null
  }
}

export interface AuditedDoors {
  /** Gets the words as they came, and by whose policy they may be kept. */
  note(draft: AuditDraft, workflowId: string | null): void
  /** Null: there is no such issue in the workspace. */
  workflowOfIssue(workspaceId: string, issueId: string): Promise<string | null>
  now(): number
}

export function auditRequests(app: FastifyInstance, { note, workflowOfIssue, now }: AuditedDoors): void {
  const missing: string[] = []
  app.decorateRequest("isAudited", false)
  app.decorateRequest("auditedAs", null)
  app.decorateRequest("refusedAs", null)
  app.decorateRequest("workflowId", null)
  app.addHook("onRoute", (route) => {
    if (mustBeNamed(route) && actionOf(route) === undefined) missing.push(`${route.method} ${route.url}`)
  })
  app.addHook("onReady", async () => {
    if (missing.length > 0) throw new Error(`routes without a name in the audit: ${missing.join(", ")}`)
  })
  // Before the handler: an erased run's workflow is not known any more behind it.
  app.addHook("preHandler", (request, _reply, done) => {
    if (request.caller === null || typeof actionOf(request.routeOptions) !== "string") return done()
    workflowOf(request, workflowOfIssue).then((workflowId) => {
      request.workflowId = workflowId
      done()
    }, done)
  })
  app.addHook("onResponse", (request, reply, done) => {
    const action = actionOf(request.routeOptions)
    // A request that nobody was behind is no deed: whoever sends nonsense must not fill the store.
    if (typeof action === "string" && !request.isAudited && request.caller !== null)
      note(draftOf(request, reply, request.auditedAs ?? action, now()), request.workflowId)
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

/** The run's or the issue's that the address names, or the one that is named itself. */
async function workflowOf(
  { engine, caller, params, body, routeOptions }: FastifyRequest,
  workflowOfIssue: AuditedDoors["workflowOfIssue"],
): Promise<string | null> {
  // About runs of any workflow: what is kept with it comes under the workspace's policy, too.
  if (actionOf(routeOptions) === "bulk.start") return ""
  const { runId, issueId, workflowId } = (params ?? {}) as Readonly<Record<string, unknown>>
  if (typeof runId === "string") return (await engine.queries.run(runId))?.workflowId ?? null
  if (typeof issueId === "string") return workflowOfIssue(caller.workspaceId, issueId)
  const named = workflowId ?? (body as Readonly<Record<string, unknown>> | null | undefined)?.workflowId
  return typeof named === "string" ? named : null
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
/** One of a few. They are kept where nobody can say which policy holds, if they look it: a refused body may hold anything. */
const closedWords = ["action", "state", "outcome", "origin"]
const closedForm = /^[a-z][\w-]{0,63}$/i
/** What is longer was refused. */
const wordMax = 10_000

function detailOf({ body, refusedAs, workflowId }: FastifyRequest): string | null {
  const given = (name: string) => (body as Readonly<Record<string, unknown>> | null | undefined)?.[name]
  const kept = workflowId === null ? closedWords.filter((name) => closedForm.test(String(given(name)))) : words
  const said = Object.fromEntries(
    kept.flatMap((name) => {
      const value = wordsIn(given(name))
      return value === null ? [] : [[name, value]]
    }),
  )
  const detail = { ...(refusedAs !== null && { code: refusedAs }), ...said }
  return Object.keys(detail).length === 0 ? null : JSON.stringify(detail)
}

/** A word, a number or a short list of words; else null. */
function wordsIn(value: unknown): string | number | readonly string[] | null {
  if (typeof value === "number") return value
  if (isWord(value)) return value
  if (!Array.isArray(value) || value.length === 0 || value.length > 50) return null
  return value.every(isWord) ? value : null
}

function isWord(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= wordMax
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
  if (named.length > 0) return named.join(" ")
  const location = reply.getHeader("location")
  return typeof location === "string" ? (location.split("/").pop() ?? "") : ""
}
