/** `/api/v1/bulk`: the same thing done to many runs. */
import { Bulk, BulkItemPage, BulkPage, bulkItemStates, StartBulk } from "@waybill/contract"
import type { BulkChange, BulkRequest, BulkView, Engine, JsonObject, Names } from "@waybill/engine"
import { type Static, Type } from "typebox"
import { accepted, found } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import { idempotency } from "../shared/idempotency.ts"
import { cursor, invalidParameter, limit, nameCursor, nameOfCursor, seqCursor } from "../shared/parameters.ts"
import { runFilter } from "../shared/run-filter.ts"
import { rfc3339, rfc3339OrNull } from "../shared/time.ts"

const params = Type.Object({ bulkId: Type.String({ minLength: 1, maxLength: 256 }) })
const steering = {
  pause: "Begin with no further run",
  resume: "Go on with the runs that wait",
  abort: "Leave the runs that wait alone, for good",
} as const

export function bulkRoutes(app: App): void {
  app.post(
    "/bulk",
    {
      config: { role: "operator", needs: "runs:write" },
      schema: {
        tags: ["bulk"],
        operationId: "startBulk",
        summary: "Cancel or re-run many runs, or tag, assign or resolve them",
        description:
          "201: the runs are chosen and stored; they are dealt with one after the other, slower where production needs the room. With `dryRun`, 200 and nothing is done: how many, and which would be refused and why.",
        body: StartBulk,
        response: { 200: Bulk, 201: Bulk },
      },
    },
    async (request, reply) => {
      const { body, caller } = request
      const asked = bulkRequest(body, request.engine.names)
      if (body.dryRun) return bulkDocument(accepted(await request.engine.bulk.preview(caller.actor, asked), reply))
      const started = accepted(await request.engine.bulk.start(caller.actor, asked, idempotency(request)), reply)
      reply.code(201).header("location", `/api/v1/bulk/${started.bulkId}`)
      return bulkDocument(started)
    },
  )

  app.get(
    "/bulk",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["bulk"],
        operationId: "listBulk",
        summary: "What was done to many runs, newest first",
        querystring: Type.Object({ cursor, limit }, { additionalProperties: false }),
        response: { 200: BulkPage },
      },
    },
    async (request) => {
      const most = request.query.limit ?? 50
      const rows = await request.engine.bulk.list(nameOfCursor(request.query.cursor), most)
      return {
        items: rows.map(bulkDocument),
        nextCursor: rows.length < most ? null : nameCursor(rows[rows.length - 1]!.bulkId!),
      }
    },
  )

  app.get(
    "/bulk/:bulkId",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["bulk"],
        operationId: "getBulk",
        summary: "How far it is",
        params,
        response: { 200: Bulk },
      },
    },
    async (request) => bulkDocument(await bulkOf(request.engine, request.params.bulkId)),
  )

  app.get(
    "/bulk/:bulkId/items",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["bulk"],
        operationId: "listBulkItems",
        summary: "What became of each run",
        params,
        querystring: Type.Object(
          {
            state: Type.Optional(
              Type.Unsafe<(typeof bulkItemStates)[number]>({ type: "string", enum: [...bulkItemStates] }),
            ),
            cursor,
            limit,
          },
          { additionalProperties: false },
        ),
        response: { 200: BulkItemPage },
      },
    },
    async (request) => {
      const { bulkId, state: stands } = await bulkOf(request.engine, request.params.bulkId)
      const { state, limit: asked } = request.query
      const most = asked ?? 50
      const isOver = stands === "aborted"
      if (state === "left" && !isOver) return { items: [], nextCursor: null }
      const kept = state === "left" ? "waiting" : (state ?? null)
      const rows = await request.engine.bulk.items(bulkId!, kept, seqCursor(request.query.cursor), most)
      return {
        items: rows.map(({ number: _number, ...item }) => ({
          ...item,
          state: isOver && item.state === "waiting" ? ("left" as const) : item.state,
        })),
        nextCursor: rows.length < most ? null : String(rows[rows.length - 1]!.number),
      }
    },
  )

  for (const verb of ["pause", "resume", "abort"] as const) {
    app.post(
      `/bulk/:bulkId/${verb}`,
      {
        config: { role: "operator", needs: "runs:write" },
        schema: {
          tags: ["bulk"],
          operationId: `${verb}Bulk`,
          summary: steering[verb],
          description: "What is under way is finished. Asked again it is the same.",
          params,
          response: { 200: Bulk },
        },
      },
      async (request, reply) =>
        bulkDocument(accepted(await request.engine.bulk[verb](request.caller.actor, request.params.bulkId), reply)),
    )
  }
}

function bulkRequest(body: Static<typeof StartBulk>, names: Names): BulkRequest {
  const { action, runIds, query, reason, from } = body
  if ((runIds === undefined) === (query === undefined))
    throw invalidParameter("runIds", "name the runs by `runIds` or by `query`, one of the two")
  if (from !== undefined && action !== "rerun") throw invalidParameter("from", "only a re-run begins somewhere")
  const cohort = runIds === undefined ? { filter: runFilter({ query }, names) } : { runIds }
  return { action, cohort, query: query ?? null, reason, from: from ?? null, change: changeOf(body) }
}

/** What belongs to another action is refused: ignored, it would be taken for done. */
function changeOf({ action, tags, owner, state }: Static<typeof StartBulk>): BulkChange | null {
  const given = { tag: tags, assign: owner, resolve: state }
  for (const [name, value] of Object.entries(given))
    if (value !== undefined && name !== action) throw invalidParameter(fields[name]!, `that is for \`${name}\``)
  switch (action) {
    case "tag":
      if ((tags?.add ?? []).length + (tags?.remove ?? []).length === 0)
        throw invalidParameter("tags", "name the tags to add or to remove")
      return { kind: "tag", add: tags?.add ?? [], remove: tags?.remove ?? [] }
    case "assign":
      if (owner === undefined) throw invalidParameter("owner", "name the owner, or null for nobody")
      return { kind: "assign", owner }
    case "resolve":
      if (state === undefined) throw invalidParameter("state", "say what became of them")
      return { kind: "resolve", state, reason: null }
    default:
      return null
  }
}

const fields: { readonly [action: string]: string } = { tag: "tags", assign: "owner", resolve: "state" }

async function bulkOf(engine: Engine, bulkId: string): Promise<BulkView> {
  return found(await engine.bulk.find(bulkId), "bulk_not_found", `there is no bulk action ${bulkId}`)
}

function bulkDocument({ total, done, refused, refusals, change, createdAt, completedAt, ...view }: BulkView): Bulk {
  return {
    ...view,
    change: change === null ? null : changeDocument(change),
    createdAt: rfc3339(createdAt),
    completedAt: rfc3339OrNull(completedAt),
    counts: { total, done, refused, left: total - done - refused },
    refusals: refusals === null ? null : refusals.map((one) => ({ ...one, runIds: [...one.runIds] })),
  }
}

function changeDocument(change: BulkChange): JsonObject {
  switch (change.kind) {
    case "tag":
      return { add: [...change.add], remove: [...change.remove] }
    case "assign":
      return { owner: change.owner }
    case "resolve":
      return { state: change.state }
  }
}
