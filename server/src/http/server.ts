/**
 * All doors on one engine: frame, documents, facades, streams. It opens nothing and listens nowhere; `main.ts` does,
 * and tests inject requests into what this returns.
 */
import {
  type AuditDraft,
  type Engine,
  type Measures,
  type RedactionDoor,
  type RetentionDoor,
  type RunLogStore,
  redactedText,
  type Search,
} from "@waybill/engine"
import type { FastifyBaseLogger, FastifyInstance } from "fastify"
import type { Access } from "../access/open-access.ts"
import { StreamHub, type StreamOptions } from "../realtime/sse/hub.ts"
import { streamRoutes } from "../realtime/sse/routes.ts"
import { alertRoutes } from "../realtime/webhooks/alerts/routes.ts"
import type { Webhooks } from "../realtime/webhooks/open-webhooks.ts"
import { webhookRoutes } from "../realtime/webhooks/routes.ts"
import { socketHub, socketRoutes } from "../realtime/websocket/routes.ts"
import { accessRoutes } from "./access/index.ts"
import { loginRoutes } from "./access/login.ts"
import { healthRoutes } from "./admin/health.ts"
import { adminRoutes } from "./admin/routes.ts"
import { executionsFacade } from "./executions/index.ts"
import { measureRoutes } from "./measures/index.ts"
import { redactionRoutes } from "./policies/redaction.ts"
import { retentionRoutes } from "./policies/retention.ts"
import { runsFacade } from "./runs/index.ts"
import { searchRoutes } from "./search/index.ts"
import { type App, buildFrame } from "./shared/app.ts"
import { auditRequests } from "./shared/audit-hook.ts"
import type { Authenticate } from "./shared/auth.ts"
import type { HostGuard } from "./shared/host-guard.ts"
import { documentRoutes, serveDocuments } from "./shared/openapi.ts"
import { pageForUnreadable } from "./web/pages.ts"
import { webRoutes } from "./web/routes.ts"
import { type AttachmentDoor, attachmentRoutes } from "./workflow-runs/attachments.ts"
import { evidenceRoutes } from "./workflow-runs/evidence.ts"
import { workflowRunsFacade } from "./workflow-runs/index.ts"
import { runLogRoutes } from "./workflow-runs/run-logs.ts"

export interface ServerOptions {
  readonly engine: Engine
  readonly authenticate: Authenticate
  readonly hosts: HostGuard
  readonly logger: FastifyBaseLogger
  readonly trustedProxies?: readonly string[]
  readonly isFault?: (error: unknown) => boolean
  readonly version: string
  /** The built UI; absent: its pages say that it was not built. */
  readonly webDir?: string | null
  readonly streams: StreamOptions
  readonly webhooks: Webhooks
  readonly access: Access
  readonly redaction: RedactionDoor
  readonly measures: Measures
  readonly search: Search
  readonly retention: RetentionDoor
  readonly logs: Pick<RunLogStore, "page">
  readonly attachments: AttachmentDoor
  /** The file that a backup of this name goes to. */
  backupFile(name: string | null): Promise<string>
}

export async function buildServer(options: ServerOptions): Promise<App> {
  const { engine } = options
  const { access } = options
  const app = buildFrame({ ...options, pageForUnreadable })
  auditRequests(app as unknown as FastifyInstance, {
    note: (draft, workflowId) => access.log.note(withoutSecrets(options.redaction, draft, workflowId)),
    workflowOfIssue: async (workspaceId, issueId) =>
      (await options.measures.issues.get(workspaceId, issueId))?.workflowId ?? null,
    now: access.now,
  })
  const hub = new StreamHub(engine, options.streams)
  app.addHook("preClose", async () => hub.close())
  const sockets = await socketHub(app, engine, options.streams)
  await documentRoutes(app, options.version)
  healthRoutes(app, engine)
  await app.register(
    async (scope) => {
      const api = scope as unknown as App
      await workflowRunsFacade(api)
      runLogRoutes(api, options.logs)
      const noteRead = (draft: AuditDraft) => access.log.note(withoutSecrets(options.redaction, draft, null))
      await attachmentRoutes(api, { ...options.attachments, noteRead, now: access.now })
      streamRoutes(api, hub)
      webhookRoutes(api, options.webhooks)
      alertRoutes(api, options.webhooks.alerts)
      accessRoutes(api, options.access)
      redactionRoutes(api, options)
      measureRoutes(api, options.measures)
      searchRoutes(api, options.search)
      retentionRoutes(api, options)
      evidenceRoutes(api, options)
      adminRoutes(api, options)
    },
    { prefix: "/api/v1" },
  )
  await app.register(async (scope) => runsFacade(scope as unknown as App))
  await app.register(async (scope) => executionsFacade(scope as unknown as App), { prefix: "/api/workflows" })
  await app.register(async (scope) => socketRoutes(scope as unknown as App, sockets))
  await serveDocuments(app)
  await loginRoutes(app, { access: options.access, hosts: options.hosts })
  await webRoutes(app, options)
  return app
}

/**
 * An address may name anything, and people may say anything. Each word is looked at by itself, and cut only then: of what
 * was cut before, the beginning of a secret would stay.
 */
function withoutSecrets({ redaction }: RedactionDoor, draft: AuditDraft, workflowId: string | null): AuditDraft {
  const { workspaceId, target, detail } = draft
  const kept = (kind: "comment" | "identifier", text: string, most: number) =>
    redactedText(redaction, { workspaceId, environment: "", workflowId: workflowId ?? "", kind }, text).slice(0, most)
  const word = (name: string, value: unknown) =>
    typeof value === "string" ? kept(name === "reason" ? "comment" : "identifier", value, 500) : value
  return {
    ...draft,
    target: kept("identifier", target, 512),
    detail: detail === null ? null : JSON.stringify(JSON.parse(detail, word)),
  }
}
