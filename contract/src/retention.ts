/** How long what is kept, by class, and what would go next (000, "Retention"; 003, "Retention and Archiving"). */
import { type Static, Type } from "typebox"
import { answer, count, json, nullable, oneOf, page, request, text, textOrNull, time, timeOrNull } from "./scalars.ts"

export const retentionClasses = ["io", "events", "summaries"] as const

const days = nullable(Type.Integer({ minimum: 1, description: "Days from a run's end; null: for ever." }))

export const RetentionDays = Type.Object({ io: days, events: days, summaries: days }, { title: "RetentionDays" })
export type RetentionDays = Static<typeof RetentionDays>

export const Retention = answer("Retention", {
  version: Type.Integer({ minimum: 0, description: "0: none was put, the default holds." }),
  policy: RetentionDays,
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
  policy: json("`{io, events, summaries}` in days, null for ever; classes that are not named stay as they are."),
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
  classes: Type.Array(
    answer("RetentionClassPreview", {
      class: oneOf(
        retentionClasses,
        "`io`: what events say. `events`: the events. `summaries`: rows of runs, steps, approvals and remarks.",
      ),
      days,
      until: nullable(Type.String({ format: "date-time", description: "Runs that ended by then are due." })),
      runs: Type.Object({ value: count, exact: Type.Boolean({ description: "False: at least so many." }) }),
      oldest: timeOrNull,
      newest: timeOrNull,
    }),
  ),
})
export type RetentionPreview = Static<typeof RetentionPreview>

const gone = answer("Purged", { runs: count, events: count })
export const PurgeReport = answer("PurgeReport", { io: gone, events: gone, summaries: gone })
export type PurgeReport = Static<typeof PurgeReport>

const evidenceStates = ["present", "expired"] as const

export const RunEvidence = answer("RunEvidence", {
  runId: text,
  io: answer("IoEvidence", {
    state: oneOf(evidenceStates),
    redacted: Type.Integer({ minimum: 0, description: "Values of which something else stands there." }),
    exact: Type.Boolean({ description: "False: its first 1,000 events were looked at." }),
  }),
  events: answer("EventEvidence", { state: oneOf(evidenceStates), count }),
  why: nullable(Type.String({ description: "Why something is not there any more." })),
})
export type RunEvidence = Static<typeof RunEvidence>
