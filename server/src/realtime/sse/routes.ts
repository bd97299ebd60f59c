import type { FastifyReply, FastifyRequest } from "fastify"
import { Type } from "typebox"
import { found } from "../../http/shared/answer.ts"
import type { App } from "../../http/shared/app.ts"
import { invalidParameter, runParams } from "../../http/shared/parameters.ts"
import { ProblemError } from "../../http/shared/problem.ts"
import { filterParameters, runFilter } from "../../http/shared/run-filter.ts"
import type { StreamHub } from "./hub.ts"
import { listFilter } from "./list-filter.ts"

const finalStatuses: ReadonlySet<string> = new Set(["COMPLETED", "FAILED", "CANCELLED", "TIMED_OUT"])
const after = Type.Optional(Type.Integer({ minimum: 0, description: "Like Last-Event-ID, which wins over it." }))
const stream = (description: string) => ({ description, content: { "text/event-stream": { schema: Type.String() } } })

export function streamRoutes(app: App, hub: StreamHub): void {
  app.get(
    "/workflow-runs/:runId/stream",
    {
      exposeHeadRoute: false,
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["runs"],
        operationId: "streamRun",
        summary: "A run's events as they happen (SSE)",
        description:
          "`id:` is `seq`, `event:` the type, `data:` the event. From the first event, or after Last-Event-ID. Ends after the terminal event; from there on the answer is 204. A comment every 15 s.",
        params: runParams,
        querystring: Type.Object({ after }, { additionalProperties: false }),
        response: { 200: stream("Events"), 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { runId } = request.params
      const asked = lastId(request, request.query.after) ?? 0
      refuseWhenFull(hub)
      const row = found(await request.engine.queries.run(runId), "run_not_found", `there is no run ${runId}`)
      if (finalStatuses.has(row.status) && asked >= row.seq) return reply.code(204).send(null)
      await open(request, reply, hub.followRun(begin(request, reply), runId, asked, row.seq))
      return reply
    },
  )

  app.get(
    "/workflow-runs/stream",
    {
      exposeHeadRoute: false,
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["runs"],
        operationId: "streamRuns",
        summary: "Events of all runs that match, live from now or after an id (SSE)",
        description:
          "`id:` is the feed's position. A run that leaves the filter is told once, with `matches: false`. The payload is left out; read it from the run.",
        querystring: Type.Object({ ...filterParameters, after }, { additionalProperties: false }),
        response: { 200: stream("Events") },
      },
    },
    async (request, reply) => {
      const filter = await listFilter(
        request.engine,
        request.caller.workspaceId,
        runFilter(request.query, request.engine.names),
      )
      const asked = lastId(request, request.query.after)
      refuseWhenFull(hub)
      await open(request, reply, hub.followList(begin(request, reply), filter, asked))
      return reply
    },
  )
}

function lastId(request: FastifyRequest, parameter: number | undefined): number | null {
  const header = request.headers["last-event-id"]
  if (header === undefined || header === "") return parameter ?? null
  if (typeof header !== "string" || !/^\d{1,15}$/.test(header)) {
    throw invalidParameter("last-event-id", "the Last-Event-ID is not one that this stream has sent")
  }
  return Number(header)
}

function refuseWhenFull(hub: StreamHub): void {
  if (hub.isFull) throw new ProblemError("overloaded", "as many streams are open as this server allows")
}

/** From here on the socket is ours. */
function begin(request: FastifyRequest, reply: FastifyReply) {
  reply.hijack()
  reply.raw.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
    "x-request-id": request.id,
  })
  return reply.raw
}

/** What fails after the headers can only be logged; the reader comes back with its last id. */
async function open(request: FastifyRequest, reply: FastifyReply, stream: Promise<void>): Promise<void> {
  const forget = request.server.lasting.keep(request, () => reply.raw.end())
  try {
    await stream
  } catch (error) {
    request.log.error({ err: error, requestId: request.id }, "a stream broke")
    reply.raw.destroy()
  } finally {
    forget()
  }
}
