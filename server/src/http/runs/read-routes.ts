/** `GET /runs`, a run, its steps (000, API). */
import { RunRecord, RunRecordPage, StepRecordPage } from "@waybill/contract"
import { Type } from "typebox"
import { accepted } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import { inTurns } from "../shared/in-turns.ts"
import { limit, runParams } from "../shared/parameters.ts"
import { noRoom, someRoom } from "../shared/summaries.ts"
import { runOf } from "./find-run.ts"
import { listParameters, listRequest } from "./list-query.ts"
import { pageOf, stepsAfter, stepsToken } from "./paging.ts"
import { runRecord } from "./run-record.ts"
import { stepRecords } from "./step-record.ts"

const tags = ["run records"]

export function readingRoutes(app: App): void {
  app.get(
    "/runs",
    {
      config: { role: "viewer", needs: "runs:read" },
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
      const asked = await listRequest(request.engine, request.query)
      const { rows, next } = await pageOf(asked, async (cursor, size) =>
        accepted(await request.engine.queries.runs(asked.filter, asked.sort, cursor, size), reply),
      )
      const items = await inTurns(rows, (row) => runRecord(request.engine, row, request.caller, noRoom))
      return { items, next_token: next }
    },
  )

  app.get(
    "/runs/:runId",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags,
        operationId: "getRunRecord",
        summary: "A run",
        description: "To those who accept text/html this address is a page.",
        params: runParams,
        response: { 200: RunRecord },
      },
    },
    async ({ engine, caller, params }) =>
      runRecord(engine, await runOf(engine, params.runId, caller), caller, someRoom()),
  )

  app.get(
    "/runs/:runId/steps",
    {
      config: { role: "viewer", needs: "runs:read" },
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
    async ({ engine, caller, params, query }) => {
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
