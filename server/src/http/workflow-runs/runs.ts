/** `/api/v1/workflow-runs`: start, list, get (004 §4.2). */
import { Run, RunPage, RunSummary, runStatuses, StartRun } from "@waybill/contract"
import { type FoldKind, foldKinds, type Json } from "@waybill/engine"
import { Type } from "typebox"
import { accepted, found } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import { idempotency } from "../shared/idempotency.ts"
import { cursor, limit, listOf, runParams } from "../shared/parameters.ts"
import { filterParameters, oneOfEach, runFilter, runSorts } from "../shared/run-filter.ts"
import { sendText } from "../shared/send-text.ts"
import { type RunValueName, runSummary, runText, runValueNames } from "./documents/run-document.ts"

const WAIT_SECONDS_MAX = 60

export const wait = Type.Optional(
  Type.Number({
    minimum: 0,
    maximum: WAIT_SECONDS_MAX,
    description: `Answer when the run has ended, or after so many seconds (≤ ${WAIT_SECONDS_MAX}) with where it stands.`,
  }),
)

const leftOut = (what: string) =>
  Type.Optional(Type.Boolean({ default: true, description: `\`false\` leaves out ${what}.` }))

const values = {
  values: leftOut("input, context and output: of a run of 100,000 steps they are megabytes"),
  context: leftOut("the context, which of a long run is put together from its events"),
}

function valueNames(query: { readonly values?: boolean; readonly context?: boolean }): readonly RunValueName[] {
  if (query.values === false) return []
  return query.context === false ? ["input", "output"] : runValueNames
}

export function runRoutes(app: App): void {
  app.post(
    "/workflow-runs",
    {
      config: { role: "operator", needs: "runs:write" },
      schema: {
        tags: ["runs"],
        operationId: "startRun",
        summary: "Start a run",
        description: "201 with the run; 200 with the first answer's run when the Idempotency-Key was used before.",
        querystring: Type.Object({ wait }, { additionalProperties: false }),
        body: StartRun,
        response: { 200: Run, 201: Run },
      },
    },
    async (request, reply) => {
      const { body, caller } = request
      const answer = await request.engine.runs.start(
        caller.actor,
        {
          workflowId: body.workflowId,
          environment: body.environment ?? "default",
          version: body.version ?? null,
          input: (body.input ?? {}) as Json,
          businessEventId: body.businessEventId ?? null,
          correlationId: body.correlationId ?? null,
          traceparent: traceparent(request.headers.traceparent),
          parentRunId: body.parentRunId ?? null,
          tags: body.tags ?? [],
          startPaused: body.startPaused ?? false,
          ...(body.origin !== undefined && { origin: body.origin }),
          trigger: { kind: "api" },
        },
        idempotency(request),
      )
      const { runId, replayed } = accepted(answer, reply)
      const seconds = request.query.wait ?? 0
      if (seconds > 0) await request.engine.runs.settled(runId, seconds * 1000)
      const row = found(await request.engine.queries.run(runId), "run_not_found", `the run ${runId} is gone`)
      reply.code(replayed ? 200 : 201).header("location", `/api/v1/workflow-runs/${runId}`)
      return sendText(reply, await runText(request.engine, row, caller))
    },
  )

  app.get(
    "/workflow-runs",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["runs"],
        operationId: "listRuns",
        summary: "Runs, newest first",
        description: `Filters take several values, separated by commas. \`status\`: ${runStatuses.join(", ")}. \`from\`/\`to\`: the run's time overlaps them.`,
        querystring: Type.Object(
          {
            ...filterParameters,
            sort: Type.Optional(
              Type.Unsafe<(typeof runSorts)[number]>({ type: "string", enum: [...runSorts], default: "-startedAt" }),
            ),
            fold: Type.Optional(
              Type.String({
                maxLength: 64,
                description:
                  "Of `duplicates`: of the runs of one business event only the last; `children`: no run that another one started. Only under runs that match as well; each row says how many stand under it.",
              }),
            ),
            cursor,
            limit,
          },
          { additionalProperties: false },
        ),
        response: { 200: RunPage },
      },
    },
    async (request, reply) => {
      const { query, caller } = request
      const page = accepted(
        await request.engine.queries.runs(
          runFilter(query, request.engine.names),
          query.sort ?? "-startedAt",
          query.cursor ?? null,
          query.limit ?? 50,
          oneOfEach("fold", listOf(query.fold), foldKinds) as readonly FoldKind[],
        ),
        reply,
      )
      return {
        items: page.items.map((row) => runSummary(request.engine, row, caller)),
        nextCursor: page.nextCursor,
        ...(page.total && { total: page.total }),
      }
    },
  )

  app.get(
    "/workflow-runs/:runId",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["runs"],
        operationId: "getRun",
        summary: "One run with its input, context and output",
        description: "With `wait`, answers when the run has ended, or when the time is over.",
        params: runParams,
        querystring: Type.Object({ wait, ...values }, { additionalProperties: false }),
        response: { 200: Type.Union([Run, RunSummary]) },
      },
    },
    async (request, reply) => {
      const { runId } = request.params
      const seconds = request.query.wait ?? 0
      if (seconds > 0) await request.engine.runs.settled(runId, seconds * 1000)
      const row = found(await request.engine.queries.run(runId), "run_not_found", `there is no run ${runId}`)
      return sendText(reply, await runText(request.engine, row, request.caller, valueNames(request.query)))
    },
  )
}

/** W3C Trace Context, version 00; anything else is left out, as the specification asks. */
function traceparent(header: string | string[] | undefined): string | null {
  if (typeof header !== "string" || !/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(header)) return null
  return /^00-0{32}|-0{16}-/.test(header) ? null : header
}
