/**
 * The HTTP frame that every facade stands in: bodies, validation, guard, errors, request ids.
 * It knows no route and no engine; `build` and `listen` are two things, so that tests need no socket.
 */
import { randomBytes } from "node:crypto"
import type { IncomingMessage, Server, ServerResponse } from "node:http"
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox"
import { holdsSecret } from "@waybill/engine"
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify"
import { BODY_BYTES_MAX, readBodies } from "./body.ts"
import { answerErrors, onClientError, onError } from "./errors.ts"
import { type GuardOptions, guardRoutes } from "./guard.ts"
import { keepLasting } from "./lasting.ts"
import { makeSchemasLate } from "./late-schemas.ts"
import { validateRequests } from "./validation.ts"

export type App = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, TypeBoxTypeProvider>

export interface FrameOptions extends GuardOptions {
  readonly logger: FastifyBaseLogger
  /** Who may say for whom they ask: the audit and the limit of sign-ins go by that address then. Absent: nobody. */
  readonly trustedProxies?: readonly string[]
  /** An error of an adapter that says: nothing was stored, try again. Only the composition root knows adapters. */
  readonly isFault?: (error: unknown) => boolean
  /** Where a browser is sent whose address no route can even read; null: it gets the problem. */
  readonly pageForUnreadable?: (url: string, accept: string | undefined) => string | null
}

export function buildFrame(options: FrameOptions): App {
  const app = Fastify({
    loggerInstance: options.logger,
    // No line and no child logger a request: what is logged names its request id itself.
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (logger) => logger,
    bodyLimit: BODY_BYTES_MAX,
    genReqId: requestId,
    requestIdHeader: false,
    trustProxy:
      options.trustedProxies === undefined || options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    exposeHeadRoutes: true,
    forceCloseConnections: "idle",
    requestTimeout: 120_000,
    routerOptions: { maxParamLength: 512 },
    clientErrorHandler: onClientError,
    frameworkErrors: (error, request, reply) => {
      const page = options.pageForUnreadable?.(request.url, request.headers.accept) ?? null
      return page === null ? onError(error, request, reply) : reply.redirect(page, 303)
    },
  }).withTypeProvider<TypeBoxTypeProvider>() as unknown as App
  const plain = app as unknown as FastifyInstance
  answerErrors(plain, options.isFault ?? (() => false))
  guardRoutes(plain, options)
  keepLasting(plain, options.authenticate)
  readBodies(plain)
  validateRequests(plain, makeSchemasLate(plain))
  return app
}

const prefix = randomBytes(6).toString("hex")
let counter = 0

function requestId(request: { readonly headers: IncomingMessage["headers"] }): string {
  const given = request.headers["x-request-id"]
  // It stands in logs and in the audit: what looks like a key is no name for a request.
  if (typeof given === "string" && /^[\w.:-]{1,128}$/.test(given) && !holdsSecret(given)) return given
  counter = (counter + 1) % Number.MAX_SAFE_INTEGER
  return `req_${prefix}${counter.toString(36)}`
}
