/** `/api/v1/policies/retention`: how long what is kept, and what would go next. */
import {
  type ArchivedBatch,
  ArchivedBatchPage,
  EraseRun,
  type Json,
  PreviewRetention,
  PurgeReport,
  PutRetention,
  Retention,
  RetentionPreview,
  RetentionVersion,
  RetentionVersionPage,
  RunErased,
} from "@waybill/contract"
import type { ListedBatch, PreviewAnswer, RedactionDoor, RetentionDoor, RetentionRow } from "@waybill/engine"
import { redactedText, storedRetention } from "@waybill/engine"
import { Type } from "typebox"
import { said } from "../../access/deed.ts"
import type { Access } from "../../access/open-access.ts"
import type { App } from "../shared/app.ts"
import { deedOf } from "../shared/deed-of.ts"
import { cursor, limit, nameCursor, nameOfCursor, runParams } from "../shared/parameters.ts"
import { ProblemError } from "../shared/problem.ts"
import { rfc3339, rfc3339OrNull } from "../shared/time.ts"
import { keptNote } from "./kept-note.ts"
import { invalidPolicy, policyChanged } from "./problems.ts"

const tags = ["policies"]
const admin = { role: "admin", needs: "admin" } as const

export interface RetentionRouteOptions {
  readonly retention: RetentionDoor
  readonly access: Access
  readonly redaction: RedactionDoor
}

export function retentionRoutes(app: App, { retention, access, redaction }: RetentionRouteOptions): void {
  app.get(
    "/policies/retention",
    {
      config: admin,
      schema: {
        tags,
        operationId: "getRetention",
        summary: "How long the workspace keeps what",
        response: { 200: Retention },
      },
    },
    async ({ caller }) => {
      const { waits, ...archive } = await retention.archive(caller.workspaceId)
      const waiting = waits === null ? null : { ...waits, since: rfc3339(waits.since), nextTry: rfc3339(waits.nextTry) }
      const { version, policy } = retention.kept(caller.workspaceId)
      const sampled = [...(await retention.sampled(caller.workspaceId))]
      return { version, policy, sampled, archive: { ...archive, waits: waiting } }
    },
  )

  app.get(
    "/policies/retention/archive",
    {
      config: admin,
      schema: {
        tags,
        operationId: "listArchivedBatches",
        summary: "What lies in the archive, newest first: batches of finished runs with their files",
        querystring: Type.Object({ limit, cursor }, { additionalProperties: false }),
        response: { 200: ArchivedBatchPage },
      },
    },
    async ({ caller, query }) => {
      const size = query.limit ?? 50
      const batches = await retention.batches(caller.workspaceId, nameOfCursor(query.cursor), size + 1)
      const shown = batches.slice(0, size)
      return {
        items: shown.map(batchDocument),
        nextCursor: batches.length > size ? nameCursor(shown[shown.length - 1]!.batchId) : null,
      }
    },
  )

  app.get(
    "/policies/retention/versions",
    {
      config: admin,
      schema: {
        tags,
        operationId: "listRetentionVersions",
        summary: "What held before, newest first",
        querystring: Type.Object({ limit }, { additionalProperties: false }),
        response: { 200: RetentionVersionPage },
      },
    },
    async ({ caller, query }) => {
      const rows = await retention.versions(caller.workspaceId, query.limit ?? 50)
      return { items: rows.map(document), nextCursor: null }
    },
  )

  app.put(
    "/policies/retention",
    {
      config: admin,
      schema: {
        tags,
        operationId: "putRetention",
        summary: "Say how long what is kept; what is due by it goes within the hour",
        body: PutRetention,
        response: { 200: RetentionVersion },
      },
    },
    async (request) => {
      const { caller, body } = request
      const asked = {
        note: keptNote(redaction, caller.workspaceId, body.note),
        basedOn: body.basedOn ?? null,
        by: caller.actor.id,
      }
      const policy = body.policy as Json
      const entry = said(deedOf(request, access.now()), "retention.put", "", { policy, note: asked.note })
      const put = await retention.put(caller.workspaceId, policy, asked, entry)
      switch (put.kind) {
        case "put":
          request.isAudited = true
          return document(put.row)
        case "invalid":
          throw invalidPolicy(put.problems)
        case "stale":
          throw policyChanged(put.version)
      }
    },
  )

  app.post(
    "/policies/retention/preview",
    {
      config: admin,
      schema: {
        tags,
        operationId: "previewRetention",
        summary: "What the next purge takes, under the policy that holds or under another; nothing goes",
        body: PreviewRetention,
        response: { 200: RetentionPreview },
      },
    },
    async ({ caller, body }) => {
      const preview = await retention.preview(caller.workspaceId, (body.policy ?? null) as Json)
      if (preview.kind === "invalid") throw invalidPolicy(preview.problems)
      const classes = preview.classes.map((one) => ({
        class: one.class,
        days: one.days,
        until: rfc3339OrNull(one.until),
        runs: { value: one.runs, exact: one.isExact },
        oldest: rfc3339OrNull(one.oldest),
        newest: rfc3339OrNull(one.newest),
      }))
      const { archive, sampled } = preview
      return {
        sampled: sampled === null ? null : sampledDocument(sampled),
        classes,
        archive: archive === null ? null : archivedDocument(archive),
      }
    },
  )

  app.post(
    "/policies/retention/purge",
    {
      config: admin,
      schema: {
        tags,
        operationId: "purge",
        summary: "Clear away all that is due now, instead of within the hour",
        response: { 200: PurgeReport },
      },
    },
    async ({ caller }) => {
      const { logs, ...report } = await retention.purge(caller.workspaceId)
      return { ...report, logs: { runs: logs.runs, lines: logs.events } }
    },
  )

  app.post(
    "/workflow-runs/:runId/erase",
    {
      config: admin,
      schema: {
        tags,
        operationId: "eraseRun",
        summary: "Take one finished run away before its time, out of the archive too; it cannot be undone",
        params: runParams,
        body: EraseRun,
        response: { 200: RunErased },
      },
    },
    async (request) => {
      const { caller, params, body } = request
      const { runId } = params
      const workflowId = request.workflowId ?? ""
      const place = { workspaceId: caller.workspaceId, environment: "", workflowId, kind: "comment" } as const
      const reason = redactedText(redaction.redaction, place, body.reason)
      const entry = said(deedOf(request, access.now()), "run.erase", runId, { reason })
      const answer = await retention.erase(caller.workspaceId, runId, entry)
      switch (answer.kind) {
        case "erased": {
          const { waits, ...erased } = answer.erased
          request.isAudited = waits === null
          // That it is done stands in the audit once it is, with the same reason.
          if (waits !== null) request.auditedAs = "run.erase.asked"
          return { runId, state: waits === null ? ("erased" as const) : ("waits" as const), waits, ...erased }
        }
        case "missing":
          throw new ProblemError("run_not_found", `there is no run ${runId}`)
        case "unfinished":
          throw new ProblemError("run_not_finished", "a run that has not ended is not erased: cancel it first")
      }
    },
  )
}

type Previewed = Extract<PreviewAnswer, { kind: "done" }>

function sampledDocument({ since, until, runs, isExact }: NonNullable<Previewed["sampled"]>) {
  return { since: rfc3339(since), until: rfc3339(until), runs: { value: runs, exact: isExact } }
}

function archivedDocument({ runs, isExact, events, bytes }: NonNullable<Previewed["archive"]>) {
  return { runs: { value: runs, exact: isExact }, events, bytes }
}

/** A policy from before there was an archive says nothing of it. */
function document({ version, policy, note, at, by }: RetentionRow): RetentionVersion {
  return {
    version,
    policy: storedRetention(policy),
    note,
    at: rfc3339(at),
    by,
  }
}

function batchDocument({ batchId, state, firstAt, to, runs, events, bytes, at, files }: ListedBatch): ArchivedBatch {
  return {
    batchId,
    state,
    from: rfc3339(firstAt),
    to: rfc3339(to.completedAt),
    runs,
    events,
    bytes,
    at: rfc3339(at),
    files: files.map(({ table: _table, ...file }) => file),
  }
}
