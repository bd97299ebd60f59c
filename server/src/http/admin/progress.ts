/**
 * What takes minutes over a large store: the report as one JSON document at its end or, for whoever accepts
 * `application/x-ndjson`, a line a second on how far it is and the report as the last line. Without them a client that
 * waits for the first byte gives up after five minutes. When the client has gone, the work ends at its next step.
 */
import { Readable } from "node:stream"
import type { Progress } from "@waybill/engine"
import type { FastifyReply, FastifyRequest } from "fastify"
import { problemBody } from "../shared/problem.ts"

type Work<T> = (progress: (at: Progress) => void) => Promise<T>

const everyMs = 1_000

/** The report, or, when lines were asked for, the reply that gives them. */
export async function withProgress<T>(request: FastifyRequest, reply: FastifyReply, work: Work<T>): Promise<T> {
  if (!(request.headers.accept ?? "").includes("application/x-ndjson")) return work(() => {})
  const body = Readable.from(lines(request, work), { objectMode: false })
  return reply.type("application/x-ndjson").send(body) as never
}

async function* lines<T>(request: FastifyRequest, work: Work<T>): AsyncGenerator<string> {
  let at: Progress = { runs: 0, events: 0 }
  let gone = false
  const done = work((now) => {
    if (gone) throw new Error("nobody waits for it any more")
    at = now
  }).then(
    (report) => ({ report }),
    (error: unknown) => (gone ? {} : { problem: failed(request, error) }),
  )
  try {
    for (;;) {
      yield `${JSON.stringify({ progress: at })}\n`
      const ended = await Promise.race([done, later()])
      if (ended === null) continue
      yield `${JSON.stringify(ended)}\n`
      return
    }
  } finally {
    gone = true
  }
}

function later(): Promise<null> {
  return new Promise((resolve) => setTimeout(resolve, everyMs, null).unref())
}

function failed(request: FastifyRequest, error: unknown) {
  request.log.error({ err: error, requestId: request.id, route: request.routeOptions.url }, "request failed")
  const path = request.url.split("?")[0]!
  return problemBody("internal_error", "the request failed inside the server", path, request.id)
}
