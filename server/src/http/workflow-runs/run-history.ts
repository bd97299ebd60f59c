/** A finished or living run from the side: events, context, timeline. */
import { ContextAt, ContextDiff, EventPage, Timeline } from "@waybill/contract"
import { type Engine, eventTypes } from "@waybill/engine"
import type { FastifyReply } from "fastify"
import { Type } from "typebox"
import { nearest } from "../../nearest.ts"
import { found } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import { eventJson } from "../shared/event-json.ts"
import { cursor, invalidParameter, limit, list, listOf, runParams, seqCursor } from "../shared/parameters.ts"
import { ProblemError } from "../shared/problem.ts"
import { sendText } from "../shared/send-text.ts"
import { timelineText } from "./documents/timeline-document.ts"

const CHANGES_MAX = 1_000
const LANES_MAX = 5_000
const LANES_DEFAULT = 2_000
const seq = Type.Integer({ minimum: 1 })
const lanes = Type.Optional(
  Type.Integer({ minimum: 1, maximum: LANES_MAX, default: LANES_DEFAULT, description: `Lanes, at most ${LANES_MAX}.` }),
)

export function runHistoryRoutes(app: App): void {
  app.get(
    "/workflow-runs/:runId/events",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["history"],
        operationId: "listEvents",
        summary: "The trail, oldest first",
        description: "Those with `seq` greater than `after`. `payload` is exactly what is stored and hashed.",
        params: runParams,
        querystring: Type.Object(
          { after: Type.Optional(Type.Integer({ minimum: 0, default: 0 })), type: list, cursor, limit },
          { additionalProperties: false },
        ),
        response: { 200: EventPage },
      },
    },
    async (request, reply) => {
      const { query, params } = request
      await knownRun(request.engine, params.runId)
      const size = query.limit ?? 50
      const after = Math.max(query.after ?? 0, seqCursor(query.cursor))
      const rows = await request.engine.queries.events(params.runId, {
        after,
        types: eventTypesOf(query.type),
        limit: size + 1,
      })
      const shown = rows.slice(0, size)
      const next = rows.length > size ? `"${shown.at(-1)!.seq}"` : "null"
      return reply
        .type("application/json")
        .send(`{"items":[${shown.map(eventJson).join(",")}],"nextCursor":${next}}` as never)
    },
  )

  app.get(
    "/workflow-runs/:runId/context",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["history"],
        operationId: "getContext",
        summary: "The context at an event, and which step wrote each path",
        params: runParams,
        querystring: Type.Object({ at: Type.Optional(seq) }, { additionalProperties: false }),
        response: { 200: ContextAt },
      },
    },
    async (request, reply) => {
      const { runId } = request.params
      const { engine, query } = request
      await knownPlaces(engine, runId, { at: query.at })
      const context = await engine.queries.contextText(runId, query.at ?? null)
      return withRunId(reply, runId, context ?? (await noContext(engine, runId)))
    },
  )

  app.get(
    "/workflow-runs/:runId/context/diff",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["history"],
        operationId: "diffContext",
        summary: "What changed in the context between two events",
        params: runParams,
        querystring: Type.Object({ from: seq, to: Type.Optional(seq) }, { additionalProperties: false }),
        response: { 200: ContextDiff },
      },
    },
    async ({ engine, params: { runId }, query: { from, to } }, reply) => {
      await knownPlaces(engine, runId, { from, to })
      const changes = await engine.queries.contextChanges(runId, { from, to: to ?? null }, CHANGES_MAX)
      return withRunId(reply, runId, changes ?? (await noContext(engine, runId)))
    },
  )

  app.get(
    "/workflow-runs/:runId/timeline",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["history"],
        operationId: "getTimeline",
        summary: "When each state was queued, running, waiting: a lane a step",
        description: `At most ${LANES_MAX} lanes an answer, with their segments.`,
        params: runParams,
        querystring: Type.Object({ cursor, limit: lanes }, { additionalProperties: false }),
        response: { 200: Timeline },
      },
    },
    async (request, reply) => {
      const { params, query } = request
      const { runId } = params
      const run = found(await request.engine.queries.run(runId), "run_not_found", `there is no run ${runId}`)
      const page = await request.engine.insights.timeline(runId, seqCursor(query.cursor), query.limit ?? LANES_DEFAULT)
      return sendText(reply, timelineText(run, found(page, "run_not_found", `there is no run ${runId}`)))
    },
  )
}

/** A misspelt type would find nothing, and look as if nothing had happened. */
function eventTypesOf(text: string | undefined): readonly string[] {
  const words = listOf(text)
  for (const word of words) if (!known.has(word)) throw unknownType(word)
  return words
}

const known: ReadonlySet<string> = new Set(eventTypes)

function unknownType(word: string): Error {
  const guess = nearest(word, eventTypes)
  return invalidParameter(
    "type",
    `${JSON.stringify(word.slice(0, 64))} is no type of event`,
    guess === null ? "The reference has them all: docs/reference/events.md." : `Did you mean ${guess}?`,
  )
}

async function knownRun(engine: Engine, runId: string): Promise<void> {
  found(await engine.queries.run(runId), "run_not_found", `there is no run ${runId}`)
}

/** What would be answered for an event to come is the newest, and taken for what it is not. */
async function knownPlaces(
  engine: Engine,
  runId: string,
  places: { readonly [parameter: string]: number | undefined },
): Promise<void> {
  const asked = Object.entries(places).filter((one): one is [string, number] => one[1] !== undefined)
  if (asked.length === 0) return
  const run = found(await engine.queries.run(runId), "run_not_found", `there is no run ${runId}`)
  for (const [name, at] of asked)
    if (at > run.seq) throw invalidParameter(name, `run ${runId} has ${run.seq} events so far`, `At most ${run.seq}.`)
}

/** @param text of an object */
function withRunId(reply: FastifyReply, runId: string, text: string): never {
  return sendText(reply, `{"runId":${JSON.stringify(runId)},${text.slice(1)}`)
}

async function noContext(engine: Engine, runId: string): Promise<never> {
  await knownRun(engine, runId)
  throw new ProblemError("evidence_expired", `what happened in run ${runId} is past its retention`)
}
