/** How long what is kept, by class, and what would go next (000, "Retention"; 003, "Retention and Archiving"). */
import { type Static, Type } from "typebox"
import { answer, count, json, nullable, oneOf, page, request, text, textOrNull, time, timeOrNull } from "./scalars.ts"

export const retentionClasses = ["logs", "io", "events", "summaries"] as const

const days = nullable(Type.Integer({ minimum: 1, description: "Days from a run's end; null: for ever." }))

interface Sampling {
  readonly afterHours: number
  readonly rules: readonly { readonly workflow: string; readonly keepOneIn: number }[]
}

export const RetentionDays = Type.Object(
  {
    logs: days,
    io: days,
    events: days,
    summaries: days,
    archive: Type.Boolean({ description: "What `io` and `events` clear away is archived first." }),
    sampling: nullable(
      Type.Unsafe<Sampling>({
        type: "object",
        description: "Of completed runs that ended since, so many are kept; null: all.",
        properties: {
          afterHours: { type: "integer", minimum: 0, description: "From a run's end." },
          rules: {
            type: "array",
            items: {
              type: "object",
              properties: {
                workflow: { type: "string", description: "Its id, or the beginning of one and a star." },
                keepOneIn: { type: "integer", minimum: 2 },
              },
            },
          },
        },
      }),
    ),
  },
  { title: "RetentionDays" },
)
export type RetentionDays = Static<typeof RetentionDays>

export const Retention = answer("Retention", {
  sampled: Type.Array(
    answer("SampledAway", {
      workflowId: text,
      runs: count,
      events: count,
      since: Type.String({ description: "A day, UTC." }),
    }),
    { description: "What sampling took away, at most 200 workflows, those with the most runs first." },
  ),
  version: Type.Integer({ minimum: 0, description: "0: none was put, the default holds." }),
  policy: RetentionDays,
  archive: answer("ArchiveState", {
    place: nullable(Type.String({ description: "Null: none is configured." })),
    batches: count,
    runs: count,
    events: count,
    bytes: Type.Integer({ minimum: 0, description: "Of the files in the archive." }),
    waits: nullable(
      Type.Object(
        { since: time, reason: text, nextTry: time },
        { description: "What is due could not be archived, and stays in the store." },
      ),
    ),
  }),
})
export type Retention = Static<typeof Retention>

export const RetentionVersion = answer("RetentionVersion", {
  version: Type.Integer({ minimum: 1 }),
  policy: RetentionDays,
  note: textOrNull,
  at: time,
  by: text,
})
export type RetentionVersion = Static<typeof RetentionVersion>
export const RetentionVersionPage = page("RetentionVersionPage", RetentionVersion)
export type RetentionVersionPage = Static<typeof RetentionVersionPage>

export const PutRetention = request("PutRetention", {
  policy: json(
    "`{logs, io, events, summaries}` in days, null for ever, `archive`, true or false, and `sampling`, `{afterHours, rules: [{workflow, keepOneIn}]}` or null; what is not named stays as it is.",
  ),
  note: Type.Optional(Type.String({ maxLength: 2_000, description: "Why." })),
  basedOn: Type.Optional(
    Type.Integer({ minimum: 0, description: "The version it was made from: another one since then is 409." }),
  ),
})
export type PutRetention = Static<typeof PutRetention>

export const PreviewRetention = request("PreviewRetention", {
  policy: Type.Optional(json("Absent: the one that holds.")),
})
export type PreviewRetention = Static<typeof PreviewRetention>

export const RetentionPreview = answer("RetentionPreview", {
  sampled: nullable(
    answer("SamplingPreview", {
      since: Type.String({ format: "date-time", description: "When the policy was put: runs that ended before stay." }),
      until: Type.String({ format: "date-time", description: "Runs that ended by then are due." }),
      runs: Type.Object({ value: count, exact: Type.Boolean({ description: "False: at least so many." }) }),
    }),
  ),
  classes: Type.Array(
    answer("RetentionClassPreview", {
      class: oneOf(
        retentionClasses,
        "`logs`: what agents logged. `io`: what events say. `events`: the events. `summaries`: rows of runs, steps, approvals and remarks.",
      ),
      days,
      until: nullable(Type.String({ format: "date-time", description: "Runs that ended by then are due." })),
      runs: Type.Object({ value: count, exact: Type.Boolean({ description: "False: at least so many." }) }),
      oldest: timeOrNull,
      newest: timeOrNull,
    }),
  ),
  archive: nullable(
    answer("ArchivePreview", {
      runs: Type.Object({ value: count, exact: Type.Boolean({ description: "False: at least so many." }) }),
      events: Type.Integer({ minimum: 0, description: "Of more than 2,000 runs estimated from the first 2,000." }),
      bytes: Type.Integer({
        minimum: 0,
        description: "Before it is compressed, with what is attached; estimated from the first hundred runs.",
      }),
    }),
  ),
})
export type RetentionPreview = Static<typeof RetentionPreview>

const gone = answer("Purged", { runs: count, events: count })
export const PurgeReport = answer("PurgeReport", {
  sampled: gone,
  logs: answer("PurgedLogs", { runs: count, lines: count }),
  io: gone,
  events: gone,
  summaries: gone,
  archive: nullable(
    Type.Object(
      {
        runs: count,
        events: count,
        bytes: Type.Integer({ minimum: 0 }),
        waits: nullable(Type.String({ description: "Why the rest could not be archived: it stays in the store." })),
      },
      { description: "What was archived; null: the policy archives nothing." },
    ),
  ),
})
export type PurgeReport = Static<typeof PurgeReport>

export const EraseRun = request("EraseRun", {
  reason: Type.String({ minLength: 1, maxLength: 2_000, description: "Why: it stands in the audit." }),
})
export type EraseRun = Static<typeof EraseRun>

export const RunErased = answer("RunErased", {
  runId: text,
  state: oneOf(
    ["erased", "waits"] as const,
    "`erased`: it is gone from the store and the archive. `waits`: it is gone through with as soon as that can be done.",
  ),
  waits: nullable(Type.String({ description: "For what." })),
  seq: Type.Integer({ minimum: 0, description: "How long its chain was; a signed seal keeps that." }),
  headHash: Type.String({ description: "What its chain ended with." }),
  batchId: nullable(Type.String({ description: "The batch of the archive that it was taken out of, written anew." })),
})
export type RunErased = Static<typeof RunErased>

export const ArchivedBatch = answer("ArchivedBatch", {
  batchId: text,
  state: oneOf(
    ["writing", "kept", "leaving"] as const,
    "`writing`: on its way, nothing left the store for it. `kept`: read back and found right. `leaving`: its time is over.",
  ),
  from: Type.String({ format: "date-time", description: "The first of its runs ended then." }),
  to: Type.String({ format: "date-time", description: "And the last." }),
  runs: count,
  events: count,
  bytes: Type.Integer({ minimum: 0 }),
  at: time,
  files: Type.Array(Type.Object({ name: text, bytes: Type.Integer(), sha256: text, rows: count })),
})
export type ArchivedBatch = Static<typeof ArchivedBatch>
export const ArchivedBatchPage = page("ArchivedBatchPage", ArchivedBatch)
export type ArchivedBatchPage = Static<typeof ArchivedBatchPage>

const evidenceStates = ["present", "archived", "expired"] as const

export const RunEvidence = answer("RunEvidence", {
  runId: text,
  logs: answer("LogEvidence", { state: oneOf(evidenceStates) }),
  io: answer("IoEvidence", {
    state: oneOf(evidenceStates),
    redacted: Type.Integer({ minimum: 0, description: "Values of which something else stands there." }),
    exact: Type.Boolean({ description: "False: its first 1,000 events were looked at." }),
  }),
  events: answer("EventEvidence", { state: oneOf(evidenceStates), count }),
  steps: answer("StepEvidence", {
    state: oneOf(["present"] as const, "They stay as long as the run's row."),
    count,
  }),
  spans: answer("SpanEvidence", {
    state: oneOf(["not_collected"] as const, "Waybill exports no OpenTelemetry spans yet, and keeps none."),
    why: text,
    hint: Type.String({ description: "Where spans of the run may be found all the same." }),
    traceId: text,
  }),
  webhooks: answer("WebhookEvidence", {
    count: Type.Integer({ minimum: 0, description: "Messages to webhooks, of the days that deliveries are kept." }),
    delivered: count,
    pending: count,
    dead: Type.Integer({ minimum: 0, description: "Given up after all tries: they can be sent again." }),
    exact: Type.Boolean({ description: "False: of the newest 1,000." }),
  }),
  attachments: answer("AttachmentEvidence", {
    count,
    bytes: Type.Integer({ minimum: 0, description: "Of the contents that are kept." }),
    redacted: Type.Integer({ minimum: 0, description: "In which something was replaced." }),
    archived: Type.Integer({ minimum: 0, description: "Whose content lies in the archive." }),
    expired: Type.Integer({ minimum: 0, description: "Whose content is past its retention." }),
    missing: Type.Integer({ minimum: 0, description: "Whose content should be there and is not." }),
  }),
  why: nullable(Type.String({ description: "Why something is not there any more." })),
})
export type RunEvidence = Static<typeof RunEvidence>
