/** What people add beside a run's history: notes, tags, an owner, a resolution. The history itself never changes. */
import { type Static, Type } from "typebox"
import { answer, json, nullable, oneOf, page, request, text, textOrNull, time, timeOrNull } from "./scalars.ts"

/** What can be said of a failure. */
export const resolutionStates = ["acknowledged", "resolved", "superseded", "wont_fix"] as const
export type ResolutionState = (typeof resolutionStates)[number]
/** The words that runs are filtered by. */
export const resolutionWords = ["open", ...resolutionStates] as const

export const Resolution = answer("Resolution", {
  state: oneOf(resolutionWords, "`open`: it failed, and nobody has said anything about that."),
  reason: textOrNull,
  by: nullable(Type.String({ description: "`system` where a re-run superseded it." })),
  at: timeOrNull,
  runId: nullable(Type.String({ description: "The run that superseded it." })),
})
export type Resolution = Static<typeof Resolution>

/** The part of a run's document that people write. */
export const standing = {
  tags: Type.Array(text, { description: "Those it was started with and those added, without those removed." }),
  owner: textOrNull,
  resolution: nullable(Resolution),
  annotationCount: Type.Integer({ minimum: 0, description: "Without those that were withdrawn." }),
  remarkSeq: Type.Integer({ minimum: 0, description: "The number of the last remark; 0: there is none." }),
}

const origin = Type.Object(
  {
    door: oneOf(["api", "bulk", "engine"]),
    address: nullable(Type.String({ description: "The caller's address, or the bulk action's id." })),
  },
  { description: "From where." },
)

export const Annotation = answer("Annotation", {
  annotationId: text,
  runId: text,
  stepId: nullable(Type.String({ description: "Null: it is about the run." })),
  logLine: nullable(
    Type.Integer({ minimum: 1, description: "The number of the line of the run's log that it is about." }),
  ),
  note: text,
  author: text,
  at: time,
  origin,
  withdrawn: nullable(answer("Withdrawal", { at: time, by: text })),
})
export type Annotation = Static<typeof Annotation>
export const AnnotationPage = page("AnnotationPage", Annotation)
export type AnnotationPage = Static<typeof AnnotationPage>

export const remarkKinds = [
  "note.added",
  "note.withdrawn",
  "tags.changed",
  "owner.set",
  "resolution.set",
  "resolution.undone",
] as const

/** One line of the trail. It is written once and never changed. */
export const Remark = answer("Remark", {
  remarkId: text,
  runId: text,
  number: Type.Integer({ minimum: 1, description: "Within its run, without gaps." }),
  kind: oneOf(remarkKinds),
  at: time,
  actor: text,
  origin,
  details: json(
    "By kind: `{note, stepId, logLine?}`, `{remarkId}`, `{add, remove}`, `{owner}`, `{state, reason, runId}`, `{}`.",
  ),
})
export type Remark = Static<typeof Remark>
export const RemarkPage = page("RemarkPage", Remark)
export type RemarkPage = Static<typeof RemarkPage>

/** The answer to what is said: where the run stands now. */
export const RunStanding = answer("RunStanding", {
  runId: text,
  ...standing,
  remark: nullable(Remark),
})
export type RunStanding = Static<typeof RunStanding>

const tag = Type.String({ minLength: 1, maxLength: 128 })
const tags = Type.Optional(Type.Array(tag, { maxItems: 50 }))
const owner = nullable(Type.String({ minLength: 1, maxLength: 256, description: "Null: nobody any more." }))

export const Annotate = request("Annotate", {
  note: Type.String({ minLength: 1, maxLength: 4000 }),
  stepId: Type.Optional(Type.String({ minLength: 1, maxLength: 256, description: "Absent: about the run." })),
  logLine: Type.Optional(
    Type.Integer({ minimum: 1, description: "The `number` of a line of the run's log; the note is its step's, too." }),
  ),
})
export type Annotate = Static<typeof Annotate>

export const ChangeTags = request("ChangeTags", { add: tags, remove: tags })
export type ChangeTags = Static<typeof ChangeTags>

export const AssignRun = request("AssignRun", { owner })
export type AssignRun = Static<typeof AssignRun>

export const ResolveRun = request("ResolveRun", {
  state: oneOf(resolutionStates),
  reason: Type.Optional(
    Type.String({ minLength: 1, maxLength: 2000, description: "Needed for all but `acknowledged`." }),
  ),
})
export type ResolveRun = Static<typeof ResolveRun>
