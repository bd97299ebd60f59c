/** For writes of which no answer is kept, so that a second request would be done again: said, and not ignored. */
import type { FastifyRequest } from "fastify"
import { ProblemError } from "./problem.ts"

export const refuseKey =
  (what: string) =>
  (request: FastifyRequest, _reply: unknown, done: (error?: Error) => void): void => {
    const isSent = request.headers["idempotency-key"] !== undefined
    done(isSent ? new ProblemError("not_supported_yet", `${what} take no Idempotency-Key`) : undefined)
  }
