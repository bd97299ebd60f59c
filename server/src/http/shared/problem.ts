/** Everything that goes wrong leaves the server as one shape: RFC 9457 with a code of the catalogue (api.md). */
import { type Finding, isProblemCode, PROBLEMS, type Problem, type ProblemCode } from "@waybill/contract"
import type { JsonObject, Rejection } from "@waybill/engine"
import type { FastifyReply, FastifyRequest } from "fastify"

export interface ProblemExtras {
  readonly hint?: string
  readonly errors?: readonly Finding[]
  readonly data?: JsonObject
}

/** Thrown by handlers and hooks; the error handler sends it. */
export class ProblemError extends Error {
  readonly code: ProblemCode
  readonly extras: ProblemExtras
  constructor(code: ProblemCode, detail: string, extras: ProblemExtras = {}) {
    super(detail)
    this.name = "ProblemError"
    this.code = code
    this.extras = extras
  }
}

/** The domain said no. Its codes are in the catalogue too; a test proves it. */
export class RejectionError extends Error {
  readonly rejection: Rejection
  readonly errors: readonly Finding[]
  constructor(rejection: Rejection, errors: readonly Finding[]) {
    super(rejection.message)
    this.name = "RejectionError"
    this.rejection = rejection
    this.errors = errors
  }
}

/** How long a caller should wait after a 503. */
const RETRY_AFTER_SECONDS = 1

export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  code: string,
  detail: string,
  extras: ProblemExtras = {},
): FastifyReply {
  const body = problemBody(code, detail, pathOf(request.url), request.id, extras)
  request.refusedAs = code
  // Also where no hook has run yet: a path that cannot be read.
  reply.header("x-request-id", request.id)
  if (body.status === 401) reply.header("www-authenticate", 'Bearer realm="waybill"')
  if (body.retry !== undefined) reply.header("retry-after", String(RETRY_AFTER_SECONDS))
  return reply.code(body.status).type("application/problem+json").send(JSON.stringify(body))
}

export function problemBody(
  code: string,
  detail: string,
  instance: string,
  requestId: string,
  extras: ProblemExtras = {},
): Problem {
  // A rejection that nobody catalogued is still a "no" of the domain, never a success and never our crash.
  const entry = isProblemCode(code) ? PROBLEMS[code] : { status: 409, title: "The request was refused", todo: detail }
  return {
    type: `urn:waybill:problem:${code}`,
    title: entry.title,
    status: entry.status,
    code,
    detail,
    instance,
    requestId,
    hint: extras.hint ?? entry.todo,
    ...(extras.errors && extras.errors.length > 0 && { errors: [...extras.errors] }),
    ...(extras.data && { data: extras.data }),
    // The same question again would take as long again.
    ...(entry.status === 503 && code !== "query_too_slow" && { retry: "same key" as const }),
  }
}

function pathOf(url: string): string {
  const query = url.indexOf("?")
  return query === -1 ? url : url.slice(0, query)
}
