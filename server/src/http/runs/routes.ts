/** `/runs`: list, get, steps, re-run, cancel, annotate, tag (000, API). */
import {
  AnnotateRecord,
  CancelRecord,
  ChangeTags,
  RerunRecord,
  RunRecord,
  RunRecordPage,
  StepRecordPage,
} from "@waybill/contract"
import type { Engine, ListedRun, RemarkAsked, RunRow } from "@waybill/engine"
import type { FastifyReply, FastifyRequest } from "fastify"
import { Type } from "typebox"
import { accepted, found } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import type { Caller } from "../shared/auth.ts"
import { idempotency } from "../shared/idempotency.ts"
import { inTurns } from "../shared/in-turns.ts"
import { LIST_LIMIT_MAX, limit, runParams } from "../shared/parameters.ts"
import { ProblemError } from "../shared/problem.ts"
import { noRoom, someRoom } from "../shared/summaries.ts"
import { type ListRequest, listParameters, listRequest } from "./list-query.ts"
import { runRecord } from "./run-record.ts"
import { stepRecords } from "./step-record.ts"

const tags = ["run records"]

export function readingRoutes(app: App, engine: Engine): void {
  app.get(
    "/runs",
    {
      config: { role: "viewer" },
      schema: {
        tags,
        operationId: "listRunRecords",
        summary: "Runs, newest first",
        description:
          "Filters take several values, separated by commas. `from`/`to`: the run's time overlaps them. To those who accept text/html this address is a page.",
        querystring: listParameters,
        response: { 200: RunRecordPage },
      },
    },
    async (request, reply) => {
      const asked = await listRequest(engine, request.query)
      const { rows, next } = await pageOf(asked, async (cursor, size) =>
        accepted(await engine.queries.runs(asked.filter, asked.sort, cursor, size), reply),
      )
      const items = await inTurns(rows, (row) => runRecord(engine, row, request.caller, noRoom))
      return { items, next_token: next }
    },
  )

  app.get(
    "/runs/:runId",
    {
      config: { role: "viewer" },
      schema: {
        tags,
        operationId: "getRunRecord",
        summary: "A run",
        description: "To those who accept text/html this address is a page.",
        params: runParams,
        response: { 200: RunRecord },
      },
    },
    async ({ caller, params }) => runRecord(engine, await runOf(engine, params.runId, caller), caller, someRoom()),
  )

  app.get(
    "/runs/:runId/steps",
    {
      config: { role: "viewer" },
      schema: {
        tags,
        operationId: "listStepRecords",
        summary: "A run's steps, in the order they were entered",
        params: runParams,
        querystring: Type.Object(
          { limit, next_token: Type.Optional(Type.String({ maxLength: 2048 })) },
          { additionalProperties: false },
        ),
        response: { 200: StepRecordPage },
      },
    },
    async ({ caller, params, query }) => {
      const { runId } = await runOf(engine, params.runId, caller)
      const size = query.limit ?? 50
      const rows = await engine.queries.steps(runId, stepsAfter(runId, query.next_token), size + 1)
      const shown = rows.slice(0, size)
      const last = rows.length > size ? shown.at(-1)! : null
      return {
        items: await stepRecords(engine, shown),
        next_token: last === null ? null : stepsToken(runId, last.firstSeq),
      }
    },
  )
}

export function actingRoutes(app: App, engine: Engine): void {
  app.post(
    "/runs/:runId/rerun",
    {
      config: { role: "operator" },
      schema: {
        tags,
        operationId: "rerunRecord",
        summary: "A new run with the same input, linked to this one",
        description: "201 with the new run; 200 when the Idempotency-Key was used before.",
        params: runParams,
        body: RerunRecord,
        response: { 200: RunRecord, 201: RunRecord },
      },
    },
    async (request, reply) => {
      const { caller, params, body } = request
      await runOf(engine, params.runId, caller)
      const reason = body.note === undefined ? body.reason : `${body.reason}\n${body.note}`
      const asked = { from: null, version: null, inputPatch: null, contextPatch: null, reason }
      const { runId, replayed } = accepted(
        await engine.runs.rerun(caller.actor, params.runId, asked, idempotency(request)),
        reply,
      )
      reply.code(replayed ? 200 : 201).header("location", `/runs/${runId}`)
      return runRecord(engine, await runOf(engine, runId, caller), caller, someRoom())
    },
  )

  app.post(
    "/runs/:runId/cancel",
    {
      config: { role: "operator" },
      schema: {
        tags,
        operationId: "cancelRecord",
        summary: "Cancel a run",
        params: runParams,
        body: CancelRecord,
        response: { 200: RunRecord },
      },
    },
    async (request, reply) => {
      const { caller, params, body } = request
      await runOf(engine, params.runId, caller)
      const options = { reason: body?.reason ?? null, force: false }
      const row = accepted(await engine.runs.cancel(caller.actor, params.runId, options, idempotency(request)), reply)
      return runRecord(engine, row, caller, someRoom())
    },
  )
}

/** What is said beside a run; its history stays as it is. */
export function remarkingRoutes(app: App, engine: Engine): void {
  const say = async (request: FastifyRequest, reply: FastifyReply, runId: string, asked: RemarkAsked) => {
    const { caller } = request
    await runOf(engine, runId, caller)
    const origin = { door: "api", address: request.ip } as const
    accepted(await engine.remarks.say(caller.actor, runId, asked, origin, idempotency(request)), reply)
    return runRecord(engine, await runOf(engine, runId, caller), caller, someRoom())
  }

  app.post(
    "/runs/:runId/annotate",
    {
      config: { role: "operator" },
      schema: {
        tags,
        operationId: "annotateRecord",
        summary: "Write a note beside a run",
        params: runParams,
        body: AnnotateRecord,
        response: { 200: RunRecord },
      },
    },
    async (request, reply) =>
      say(request, reply, request.params.runId, { kind: "annotate", note: request.body.note, stepId: null }),
  )

  app.post(
    "/runs/:runId/tags",
    {
      config: { role: "operator" },
      schema: {
        tags,
        operationId: "tagRecord",
        summary: "Add tags and remove others",
        params: runParams,
        body: ChangeTags,
        response: { 200: RunRecord },
      },
    },
    async (request, reply) => {
      const { add = [], remove = [] } = request.body ?? {}
      return say(request, reply, request.params.runId, { kind: "tag", add, remove })
    },
  )
}

async function runOf(engine: Engine, runId: string, caller: Caller): Promise<RunRow> {
  const row = await engine.queries.run(runId)
  const own = row?.workspaceId === caller.workspaceId ? row : null
  return found(own, "run_not_found", `there is no run ${runId}`)
}

interface Page {
  readonly items: readonly ListedRun[]
  readonly nextCursor: string | null
}

/** A numbered page is found by walking there; a page may hold fewer than asked for and still have a next one. */
async function pageOf(
  { token, skip, limit: size }: ListRequest,
  read: (cursor: string | null, size: number) => Promise<Page>,
): Promise<{ readonly rows: readonly ListedRun[]; readonly next: string | null }> {
  let cursor = token
  for (let left = skip; left > 0; ) {
    const { items, nextCursor } = await read(cursor, Math.min(left, LIST_LIMIT_MAX))
    left -= items.length
    cursor = nextCursor
    if (cursor === null) return { rows: [], next: null }
  }
  const { items, nextCursor } = await read(cursor, size)
  return { rows: items, next: nextCursor }
}

function stepsToken(runId: string, seq: number): string {
  return Buffer.from(JSON.stringify([runId, seq])).toString("base64url")
}

function stepsAfter(runId: string, token: string | undefined): number {
  if (token === undefined) return 0
  const refused = new ProblemError("cursor_mismatch", "the next_token is not one of this list")
  try {
    const [of, seq] = JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as [unknown, unknown]
    if (of === runId && Number.isSafeInteger(seq)) return seq as number
  } catch {
    throw refused
  }
  throw refused
}
