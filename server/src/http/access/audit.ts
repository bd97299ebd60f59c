/** `/api/v1/audit`: what was done in the workspace, for its admins; as a page, and whole as lines or as a table. */
import { Readable } from "node:stream"
import { AuditPage, auditOutcomeNames } from "@waybill/contract"
import type { AuditEntry, AuditQuestion, AuditStore } from "@waybill/engine"
import type { FastifyReply } from "fastify"
import { type Static, Type } from "typebox"
import type { Access } from "../../access/open-access.ts"
import type { App } from "../shared/app.ts"
import { csvLine } from "../shared/csv.ts"
import { cursor, instant, instantOf, limit, seqCursor, word } from "../shared/parameters.ts"
import { auditDocument } from "./documents.ts"

const tags = ["access"]
const filters = {
  actor: word,
  action: Type.Optional(
    Type.String({ maxLength: 200, description: "`run.cancel`; ending in a dot, `run.`, all that begin so." }),
  ),
  target: word,
  outcome: Type.Optional(
    Type.Unsafe<(typeof auditOutcomeNames)[number]>({ type: "string", enum: [...auditOutcomeNames] }),
  ),
  from: instant,
  to: instant,
}
const Filters = Type.Object(filters)
const columns = [
  "number",
  "at",
  "actor",
  "credential",
  "action",
  "target",
  "door",
  "address",
  "outcome",
  "status",
  "requestId",
  "detail",
  "prevHash",
  "hash",
] as const

export function auditRoutes(app: App, { audit }: Access): void {
  app.get(
    "/audit",
    {
      config: { role: "admin", needs: "audit:read" },
      schema: {
        tags,
        operationId: "listAudit",
        summary: "Who did what, when, from where and how it ended, newest first",
        querystring: Type.Object({ ...filters, cursor, limit }, { additionalProperties: false }),
        response: { 200: AuditPage },
      },
    },
    async ({ caller, query }) => {
      const most = query.limit ?? 50
      const before = query.cursor === undefined ? null : seqCursor(query.cursor)
      const rows = await audit.list({ ...question(caller.workspaceId, query), before, limit: most + 1 })
      const items = rows.slice(0, most)
      return {
        items: items.map(auditDocument),
        nextCursor: rows.length > most ? String(items[items.length - 1]!.number) : null,
      }
    },
  )

  app.get(
    "/audit/export",
    {
      exposeHeadRoute: false,
      config: { role: "admin", needs: "audit:read" },
      schema: {
        tags,
        operationId: "exportAudit",
        summary: "All of it that matches, newest first, as it is read",
        querystring: Type.Object(
          {
            ...filters,
            format: Type.Optional(
              Type.Unsafe<"ndjson" | "csv">({ type: "string", enum: ["ndjson", "csv"], default: "ndjson" }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: {
            description: "A line an entry",
            content: {
              "application/x-ndjson": { schema: Type.String() },
              "text/csv": { schema: Type.String() },
            },
          },
        },
      },
    },
    async ({ caller, query }, reply) => {
      const isCsv = query.format === "csv"
      const pages = entries(audit, question(caller.workspaceId, query))
      reply.header("content-disposition", `attachment; filename="audit.${isCsv ? "csv" : "ndjson"}"`)
      reply.type(isCsv ? "text/csv; charset=utf-8" : "application/x-ndjson")
      const lines = Readable.from(isCsv ? csv(pages) : ndjson(pages), { objectMode: false })
      return (reply as FastifyReply).send(lines) as never
    },
  )
}

type Question = Omit<AuditQuestion, "before" | "limit">

function question(workspaceId: string, query: Static<typeof Filters>): Question {
  return {
    workspaceId,
    actor: query.actor ?? null,
    action: query.action ?? null,
    target: query.target ?? null,
    outcome: query.outcome ?? null,
    from: instantOf("from", query.from),
    to: instantOf("to", query.to),
  }
}

const pageSize = 500

/** Page by page, when the one before has been taken. */
async function* entries(audit: AuditStore, asked: Question): AsyncGenerator<readonly AuditEntry[]> {
  for (let before: number | null = null; ; ) {
    const page = await audit.list({ ...asked, before, limit: pageSize })
    if (page.length > 0) yield page
    if (page.length < pageSize) return
    before = page[page.length - 1]!.number
  }
}

async function* ndjson(pages: AsyncGenerator<readonly AuditEntry[]>): AsyncGenerator<string> {
  for await (const page of pages) yield page.map((entry) => `${JSON.stringify(auditDocument(entry))}\n`).join("")
}

async function* csv(pages: AsyncGenerator<readonly AuditEntry[]>): AsyncGenerator<string> {
  yield csvLine(columns)
  for await (const page of pages) {
    const lines = page.map((entry) => {
      const document = auditDocument(entry)
      return csvLine(columns.map((column) => cellOf(document[column])))
    })
    yield lines.join("")
  }
}

function cellOf(value: unknown): string {
  if (value === null) return ""
  return typeof value === "object" ? JSON.stringify(value) : String(value)
}
