/** `/api/v1/admin`: what looks after the store of a living server (settled 22): the whole of it, so that it
 * needs an admin of the workspace `default`. */
import {
  BackupReport,
  BackupRequest,
  FsckReport,
  RebuildReport,
  RebuildRequest,
  ResumeAllReport,
  VerifyReport,
  VerifyRequest,
} from "@waybill/contract"
import type { Engine } from "@waybill/engine"
import { Type } from "typebox"
import type { App } from "../shared/app.ts"
import { withProgress } from "./progress.ts"

export interface AdminDoor {
  readonly engine: Engine
  /** The file that a backup of this name goes to; the server chooses the folder, never the caller. */
  backupFile(name: string | null): Promise<string>
}

const asLines =
  "With `Accept: application/x-ndjson` a line `{progress}` a second, and `{report}` or `{problem}` as the last one."

const nothing = Type.Object({}, { title: "Nothing", additionalProperties: false })

export function adminRoutes(app: App, { engine, backupFile }: AdminDoor): void {
  app.post(
    "/admin/verify",
    {
      config: { role: "admin", needs: "admin", scope: "server" },
      schema: {
        tags: ["admin"],
        operationId: "verify",
        summary: "Check the hash chains of one run or of all",
        description: asLines,
        body: VerifyRequest,
        response: { 200: VerifyReport },
      },
    },
    async (request, reply) =>
      withProgress(request, reply, async (progress) => {
        const { body } = request
        const { runId = null, head = null, archive = false } = body
        const report = await engine.admin.verify({ runId, head, archive }, progress)
        return { ...report, findings: [...report.findings] } as VerifyReport
      }),
  )

  app.post(
    "/admin/fsck",
    {
      config: { role: "admin", needs: "admin", scope: "server" },
      schema: {
        tags: ["admin"],
        operationId: "fsck",
        summary: "Check the invariants over the whole store",
        description: asLines,
        body: nothing,
        response: { 200: FsckReport },
      },
    },
    async (request, reply) =>
      withProgress(request, reply, async (progress) => {
        const report = await engine.admin.fsck(progress)
        return { ...report, findings: [...report.findings], skipped: [...report.skipped] }
      }),
  )

  app.post(
    "/admin/rebuild",
    {
      config: { role: "admin", needs: "admin", scope: "server" },
      schema: {
        tags: ["admin"],
        operationId: "rebuild",
        summary: "Make the rows again from the events",
        description: asLines,
        body: RebuildRequest,
        response: { 200: RebuildReport },
      },
    },
    async (request, reply) =>
      withProgress(request, reply, async (progress) => {
        const report = await engine.admin.rebuild({ runId: request.body.runId ?? null }, progress)
        return { ...report, skipped: [...report.skipped] }
      }),
  )

  app.post(
    "/admin/backup",
    {
      config: { role: "admin", needs: "admin", scope: "server" },
      schema: {
        tags: ["admin"],
        operationId: "backup",
        summary: "Copy the store while it runs",
        description: asLines,
        body: BackupRequest,
        response: { 201: BackupReport },
      },
    },
    async (request, reply) => {
      const file = await backupFile(request.body.name ?? null)
      reply.code(201)
      return withProgress(request, reply, () => engine.admin.backup(file))
    },
  )

  app.post(
    "/admin/resume-all",
    {
      config: { role: "admin", needs: "admin", scope: "server" },
      schema: {
        tags: ["admin"],
        operationId: "resumeAll",
        summary: "Let a restored store start work again",
        body: nothing,
        response: { 200: ResumeAllReport },
      },
    },
    async () => engine.admin.resumeAll(),
  )
}
