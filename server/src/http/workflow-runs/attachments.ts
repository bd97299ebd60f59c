/**
 * Files that belong to a run: added, listed with links that expire, and fetched by such a link (settled 28). A content is
 * somebody's upload: it is only ever sent as a download, and never as something that a browser would run.
 */
import { createHash } from "node:crypto"
import { Readable } from "node:stream"
import { Attachment, AttachmentPage } from "@waybill/contract"
import {
  ArchiveDamaged,
  ArchiveUnavailable,
  type AttachmentRow,
  type Attachments,
  type AuditDraft,
} from "@waybill/engine"
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { Type } from "typebox"
import type { AttachmentLinks } from "../../access/attachment-links.ts"
import { accepted, found } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import { doorOf } from "../shared/audit-hook.ts"
import { idempotency } from "../shared/idempotency.ts"
import { cursor, limit, runParams, seqCursor } from "../shared/parameters.ts"
import { ProblemError } from "../shared/problem.ts"
import { rfc3339 } from "../shared/time.ts"
import { contentHeaders } from "./documents/content-headers.ts"
import { runOf } from "./remark-asking.ts"

export interface AttachmentDoor {
  readonly attachments: Attachments
  readonly links: AttachmentLinks
}

/** Contents held in memory at the same time. */
const uploadsMax = 8

interface AuditedDoor extends AttachmentDoor {
  noteRead(draft: AuditDraft): void
  now(): number
}

export async function attachmentRoutes(app: App, door: AuditedDoor): Promise<void> {
  // Its bodies are read differently, so it has a scope of its own.
  await app.register(async (scope) => uploadRoute(scope as unknown as App, door))
  listRoute(app, door)
  contentRoutes(app, door)
}

function uploadRoute(app: App, { attachments, links }: AttachmentDoor): void {
  readBytes(app as unknown as FastifyInstance)
  boundUploads(app as unknown as FastifyInstance)
  app.post(
    "/workflow-runs/:runId/attachments",
    {
      bodyLimit: attachments.contentBytesMax,
      config: { role: "operator", needs: "runs:write" },
      schema: {
        tags: ["history"],
        operationId: "attachFile",
        summary: "Attach a file to a run, also to one that has ended",
        description:
          "The body is the content as it is, of any type. A text passes the redaction before it is kept; what is no text is kept as it is. At most 200 files and 256 MiB a run.",
        params: runParams,
        querystring: Type.Object(
          { name: Type.String({ minLength: 1, maxLength: 255, description: "The file's name, without a folder." }) },
          { additionalProperties: false },
        ),
        response: { 201: Attachment },
      },
    },
    async (request, reply) => {
      const { workspaceId, environment, workflowId } = await runOf(request.engine, request.params.runId)
      const asked = {
        runId: request.params.runId,
        ...{ workspaceId, environment, workflowId },
        ...{ actor: request.caller.actor.id, stepId: null, attempt: null },
        name: request.query.name,
        contentType: request.headers["content-type"] ?? "application/octet-stream",
        content: (request.body as Uint8Array | undefined) ?? new Uint8Array(),
      }
      const row = accepted(await attachments.add(asked, idempotency(request)), reply)
      return reply
        .code(201)
        .header("location", `/api/v1/attachments/${row.attachmentId}`)
        .send(attachmentDocument(row, links))
    },
  )
}

function listRoute(app: App, { attachments, links }: AttachmentDoor): void {
  app.get(
    "/workflow-runs/:runId/attachments",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["history"],
        operationId: "listAttachments",
        summary: "The files of a run, each with a link that needs no key and expires",
        description:
          "Whoever has a link may fetch the file until `expiresAt`; who asked for links stands in the audit.",
        params: runParams,
        querystring: Type.Object({ cursor, limit }, { additionalProperties: false }),
        response: { 200: AttachmentPage },
      },
    },
    async ({ engine, params, query }) => {
      await runOf(engine, params.runId)
      const most = query.limit ?? 50
      const rows = await attachments.list(params.runId, seqCursor(query.cursor), most + 1)
      const items = rows.slice(0, most)
      const nextCursor = rows.length > most ? String(items.at(-1)!.number) : null
      return { items: items.map((row) => attachmentDocument(row, links)), nextCursor }
    },
  )
}

const linkQuery = Type.Object(
  { exp: Type.String({ maxLength: 16 }), sig: Type.String({ maxLength: 64 }) },
  { additionalProperties: false },
)
const linkParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 256 }) })

/** Who has a link has no name: where they came from stands in the audit, and what they read. */
function readBy(request: FastifyRequest, row: AttachmentRow, at: number): AuditDraft {
  return {
    workspaceId: row.workspaceId,
    at,
    actor: "anybody with the link",
    credential: "link",
    action: "run.attachment.read",
    target: `${row.runId} ${row.attachmentId}`,
    door: doorOf(request),
    address: request.ip,
    outcome: "done",
    status: 200,
    requestId: request.id,
    detail: null,
  }
}

function contentRoutes(app: App, door: AuditedDoor): void {
  const schema = { params: linkParams, querystring: linkQuery }
  app.get(
    "/attachments/:id",
    {
      exposeHeadRoute: false,
      config: { role: "public" },
      schema: {
        ...schema,
        tags: ["history"],
        operationId: "getAttachment",
        summary: "The content of a file, for whoever has its link",
        description: "403 for a link that was altered or has expired, without saying which.",
      },
    },
    async (request, reply) => {
      const row = await linked(door, request.params.id, request.query)
      const content = found(await opened(request, door, row), "attachment_not_found", "its content is not there")
      door.noteRead(readBy(request, row, door.now()))
      return reply.headers(contentHeaders(row)).send(bodyOf(content) as never)
    },
  )
  app.head(
    "/attachments/:id",
    { config: { role: "public" }, schema: { ...schema, hide: true } },
    async ({ params, query }, reply) => reply.headers(contentHeaders(await linked(door, params.id, query))).send(),
  )
}

/** Who has a link is nobody we know: where the archive lies, and what it says, is for the log. */
async function opened({ log }: FastifyRequest, { attachments }: AttachmentDoor, row: AttachmentRow) {
  try {
    return await attachments.open(row)
  } catch (error) {
    const isAway = error instanceof ArchiveUnavailable
    if (!isAway && !(error instanceof ArchiveDamaged)) throw error
    const { attachmentId, runId } = row
    log.warn({ err: error, attachmentId, runId }, "an archived attachment could not be handed out")
    throw isAway
      ? new ProblemError("archive_unavailable", "the archive that has the content cannot be reached now")
      : new ProblemError("archive_damaged", "what the archive has of the content is not what was attached")
  }
}

/** A file goes as it is: of one that nobody begins to read, since who asked is gone by now, only it closes itself. */
function bodyOf(content: AsyncIterable<Uint8Array>): Readable {
  return content instanceof Readable ? content : Readable.from(content, { objectMode: false })
}

async function linked(
  { attachments, links }: AttachmentDoor,
  attachmentId: string,
  { exp, sig }: { readonly exp: string; readonly sig: string },
): Promise<AttachmentRow> {
  if (!links.holds(attachmentId, exp, sig))
    throw new ProblemError("link_refused", "the link is not one of this server's, or has expired")
  const row = found(await attachments.get(attachmentId), "attachment_not_found", "its run is not kept any more")
  if (row.file === null && !row.archived)
    throw new ProblemError("evidence_expired", "the content is past its retention")
  return row
}

/** Any type, as it came. */
function readBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser("*", { parseAs: "buffer" }, (request: FastifyRequest, body: Buffer, done) => {
    const encoding = request.headers["content-encoding"]
    if (encoding !== undefined && encoding !== "identity")
      return done(new ProblemError("unsupported_media_type", "a content is sent plain, without a content-encoding"))
    // What the key of a repeated request stands for.
    const digest = createHash("sha256").update(body).digest("hex")
    request.bodyText = `${request.headers["content-type"] ?? ""}\n${digest}`
    return done(null, body)
  })
}

function boundUploads(app: FastifyInstance): void {
  let under = 0
  app.addHook("preParsing", (_request, reply: FastifyReply, _payload, done) => {
    if (under >= uploadsMax)
      return done(new ProblemError("overloaded", `${uploadsMax} files are being attached`, { hint: "retry: same key" }))
    under += 1
    let isOut = false
    const out = () => {
      if (!isOut) under -= 1
      isOut = true
    }
    // A connection that breaks off never finishes.
    reply.raw.once("finish", out).once("close", out)
    return done()
  })
}

function attachmentDocument(row: AttachmentRow, links: AttachmentLinks): Attachment {
  const { attachmentId, runId, number, at, actor, stepId, attempt, name, contentType, bytes, sha256, redacted } = row
  const expired = row.file === null && !row.archived
  const link = expired ? null : links.make(attachmentId)
  return {
    ...{ attachmentId, runId, number, at: rfc3339(at), by: actor, stepId, attempt, name, contentType },
    ...{ bytes, sha256, redacted },
    url: link?.url ?? null,
    expiresAt: link === null ? null : rfc3339(link.expiresAt),
    archived: row.archived,
    expired,
  }
}
