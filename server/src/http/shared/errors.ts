/**
 * The last place of every request that went wrong: thrown problems, the framework's own refusals, faults and bugs.
 * What we do not know is logged under the request id and answered without its details.
 */
import type { Socket } from "node:net"
import type { Finding } from "@waybill/contract"
import { ArchiveDamaged, ArchiveUnavailable, type Json, type JsonObject, QueryTooSlow } from "@waybill/engine"
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { BODY_BYTES_MAX } from "./body.ts"
import { ProblemError, problemBody, RejectionError, sendProblem } from "./problem.ts"

/** `isFault`: the store took nothing of a write, so that it may be sent again. */
export function answerErrors(app: FastifyInstance, isFault: (error: unknown) => boolean): void {
  const methods = knownMethods(app)
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (!isFault(error)) return onError(error, request, reply)
    request.log.error({ err: error, requestId: request.id, route: request.routeOptions.url }, "the store took no write")
    return sendProblem(
      request,
      reply,
      "store_unavailable",
      "nothing can be stored now; nothing of the request was done",
    )
  })
  app.setNotFoundHandler((request, reply) => {
    const allowed = methods(request.url)
    if (allowed.length === 0 || allowed.includes(request.method)) {
      return sendProblem(request, reply, "route_not_found", `no route ${request.method} ${plain(request.url)}`)
    }
    reply.header("allow", allowed.join(", "))
    return sendProblem(request, reply, "method_not_allowed", `the route answers to ${allowed.join(", ")}`)
  })
}

export function onError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof ProblemError) return sendProblem(request, reply, error.code, error.message, error.extras)
  if (error instanceof RejectionError) {
    const { code, message, data, hint } = error.rejection
    const errors = error.errors.length > 0 ? error.errors : findingsIn(data)
    return sendProblem(request, reply, code, message, { data, hint, errors })
  }
  if (error instanceof QueryTooSlow) return sendProblem(request, reply, "query_too_slow", error.message)
  if (error instanceof ArchiveUnavailable) return sendProblem(request, reply, "archive_unavailable", error.message)
  if (error instanceof ArchiveDamaged) return sendProblem(request, reply, "archive_damaged", error.message)
  switch (error.code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return sendProblem(
        request,
        reply,
        "payload_too_large",
        `the body is larger than ${request.routeOptions.bodyLimit ?? BODY_BYTES_MAX} bytes`,
      )
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return sendProblem(
        request,
        reply,
        "unsupported_media_type",
        `this route does not read ${plain(request.headers["content-type"] ?? "that")}`,
      )
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
    case "FST_ERR_BAD_URL":
    case "FST_ERR_MAX_PARAM_LENGTH":
      return sendProblem(request, reply, "invalid_request", error.message)
  }
  request.log.error(
    { err: error, requestId: request.id, method: request.method, route: request.routeOptions.url },
    "request failed",
  )
  return sendProblem(request, reply, "internal_error", "the request failed inside the server")
}

/** What an input or a form breaks stands in the domain's data; every door says it where problems of any kind are said. */
function findingsIn(data: JsonObject | undefined): readonly Finding[] {
  const found = Array.isArray(data?.errors) ? data.errors : []
  return found.flatMap((one) => {
    const { code = "invalid_value", message, pointer } = one as { readonly [name: string]: Json | undefined }
    if (typeof code !== "string" || typeof message !== "string" || typeof pointer !== "string") return []
    return [{ code, message, pointer }]
  })
}

/** What Node could not even read as HTTP: there is no request to answer, only a socket. */
export function onClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed || !socket.writable) {
    socket.destroy()
    return
  }
  const body = JSON.stringify(
    problemBody("invalid_request", "the request is not HTTP that this server reads", "", "none"),
  )
  const head = [
    "HTTP/1.1 400 Bad Request",
    "content-type: application/problem+json",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ]
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`)
}

/** Text of a client in a message: short and without control characters. */
function plain(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 200)
}

/** The methods of the routes that match a path; asked only when nothing matched. */
function knownMethods(app: FastifyInstance): (url: string) => readonly string[] {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = []
  app.addHook("onRoute", (route) => {
    // A page is there for those who accept HTML; to others the address has no route.
    if (route.constraints !== undefined && "accepts" in route.constraints) return
    routes.push({ pattern: patternOf(route.url), methods: [route.method].flat() })
  })
  return (url) => {
    const path = url.split("?", 1)[0] ?? ""
    const methods = routes.filter((route) => route.pattern.test(path)).flatMap((route) => route.methods)
    return [...new Set(methods)].sort()
  }
}

function patternOf(template: string): RegExp {
  const parts = template.split("/").map((part) => {
    if (part.startsWith(":")) return "[^/]+"
    if (part === "*") return ".*"
    return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
  })
  return new RegExp(`^${parts.join("/")}/?$`)
}
