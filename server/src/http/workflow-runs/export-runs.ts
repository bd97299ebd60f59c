/**
 * Many runs as one file, however many: a page is read from the store when the client has taken the one before, and no
 * transaction stays open between them (rule 29).
 */
import { Readable } from "node:stream"
import type { Engine, ListedRun, RunFilter } from "@waybill/engine"
import { Type } from "typebox"
import { accepted, found } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import type { Caller } from "../shared/auth.ts"
import { listOf } from "../shared/parameters.ts"
import { filterParameters, runFilter, runSorts } from "../shared/run-filter.ts"
import { csvHead, csvLine } from "./documents/run-csv.ts"
import { runSummary } from "./documents/run-document.ts"

const formats = {
  csv: "text/csv; charset=utf-8",
  json: "application/json; charset=utf-8",
  ndjson: "application/x-ndjson; charset=utf-8",
} as const
type Format = keyof typeof formats

/** Small enough that making its text holds up no run: it is made on the engine's thread. */
const pageSize = 200
const file = { schema: Type.String() }

export function exportRoutes(app: App): void {
  app.get(
    "/workflow-runs/export",
    {
      exposeHeadRoute: false,
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["runs"],
        operationId: "exportRuns",
        summary: "The runs that match, or that are named, as a file: CSV, JSON or NDJSON",
        description:
          "The filters of the list, and `runIds`. It is written while it is read, so it may be of any length; where it breaks off the connection is closed. In CSV a cell that a spreadsheet would take for a formula begins with an apostrophe.",
        querystring: Type.Object(
          {
            ...filterParameters,
            format: Type.Optional(Type.Unsafe<Format>({ type: "string", enum: Object.keys(formats), default: "csv" })),
            sort: Type.Optional(
              Type.Unsafe<(typeof runSorts)[number]>({ type: "string", enum: [...runSorts], default: "-startedAt" }),
            ),
            runIds: Type.Optional(
              Type.String({ maxLength: 8192, description: "Only these of them; separated by commas." }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: {
            description: "A file",
            content: { "text/csv": file, "application/json": file, "application/x-ndjson": file },
          },
        },
      },
    },
    async (request, reply) => {
      const { format = "csv", sort = "-startedAt", runIds, ...query } = request.query
      const asked = runFilter(query, request.engine.names)
      const filter = runIds === undefined ? asked : await onlyThese(request.engine, asked, listOf(runIds))
      const next = async (cursor: string | null) =>
        accepted(await request.engine.queries.runs(filter, sort, cursor, pageSize), reply)
      // The first page before the headers: what can be refused is refused as a problem.
      const pages = following(await next(null), next)
      reply.header("content-type", formats[format])
      reply.header("content-disposition", `attachment; filename="${fileName(format, Date.now())}"`)
      const body = Readable.from(chunks(request.engine, pages, format, request.caller), { objectMode: false })
      // The schema documents text; a stream of it is what fastify takes as well.
      return reply.send(body as never)
    },
  )
}

interface RunPages {
  readonly items: readonly ListedRun[]
  readonly nextCursor: string | null
}

async function* following(
  first: RunPages,
  next: (cursor: string) => Promise<RunPages>,
): AsyncGenerator<readonly ListedRun[], void> {
  for (let page = first; ; page = await next(page.nextCursor)) {
    yield page.items
    if (page.nextCursor === null) return
  }
}

/** Among what the filters mean, the runs that are named; one that does not exist is told before anything is sent. */
async function onlyThese(engine: Engine, filter: RunFilter, runIds: readonly string[]): Promise<RunFilter> {
  for (const runId of runIds) found(await engine.queries.run(runId), "run_not_found", `there is no run ${runId}`)
  const any = runIds.map((text) => ({ kind: "is", text }) as const)
  return { ...filter, terms: [...filter.terms, { negated: false, test: { kind: "text", field: "runId", any } }] }
}

/** A page a chunk: the client's reading decides when the next one is made. */
async function* chunks(
  engine: Engine,
  pages: AsyncIterable<readonly ListedRun[]>,
  format: Format,
  caller: Caller,
): AsyncGenerator<string, void> {
  const document = (row: ListedRun): string => {
    const { actions: _actions, ...rest } = runSummary(engine, row, caller)
    return JSON.stringify(rest)
  }
  if (format === "csv") yield csvHead
  let isFirst = true
  for await (const rows of pages) {
    if (rows.length === 0) continue
    if (format === "csv") yield rows.map(csvLine).join("")
    else if (format === "ndjson") yield rows.map((row) => `${document(row)}\n`).join("")
    else yield `${isFirst ? "[\n" : ",\n"}${rows.map(document).join(",\n")}`
    isFirst = false
  }
  if (format === "json") yield isFirst ? "[]\n" : "\n]\n"
}

function fileName(format: Format, now: number): string {
  const at = new Date(now).toISOString().slice(0, 19).replaceAll(":", "-")
  return `waybill-runs-${at}Z.${format}`
}
