/** A business event with all that was done for it, and what became of it. */
import { type Static, Type } from "typebox"
import { answer, count, durationMsOrNull, nullable, request, text, textOrNull, time, timeOrNull } from "./scalars.ts"

const numberOrNull = nullable(Type.Number())

export const Outcome = answer("Outcome", {
  outcomeId: text,
  at: time,
  by: text,
  occurredAt: timeOrNull,
  customerExperienceIndex: numberOrNull,
  staffMinutesSaved: numberOrNull,
  accuracy: numberOrNull,
  note: textOrNull,
})
export type Outcome = Static<typeof Outcome>

export const SayOutcome = request("SayOutcome", {
  occurredAt: Type.Optional(Type.String({ maxLength: 64, description: "RFC 3339: when the event itself happened." })),
  customerExperienceIndex: Type.Optional(Type.Number({ minimum: -100, maximum: 100 })),
  staffMinutesSaved: Type.Optional(Type.Number({ minimum: -1_000_000, maximum: 1_000_000 })),
  accuracy: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  note: Type.Optional(Type.String({ minLength: 1, maxLength: 2_000 })),
})
export type SayOutcome = Static<typeof SayOutcome>

export const BusinessEvent = answer("BusinessEvent", {
  businessEventId: text,
  occurredAt: timeOrNull,
  timeToFeatureMs: nullable(
    Type.Number({ description: "From the event to the end of the last run that completed; null: not known yet." }),
  ),
  workflows: Type.Array(
    Type.Object({
      workflowId: text,
      environment: text,
      counts: Type.String({ description: "The id of the run that stands for all of them: the last one." }),
      status: text,
      duplicates: Type.Integer({ minimum: 0, description: "Runs that it stands for." }),
    }),
  ),
  runs: Type.Array(
    Type.Object({
      runId: text,
      workflowId: text,
      environment: text,
      version: text,
      versionNumber: Type.Integer(),
      status: text,
      startedAt: timeOrNull,
      completedAt: timeOrNull,
      durationMs: durationMsOrNull,
      rerunOf: textOrNull,
      isFolded: Type.Boolean({ description: "Another one stands for it." }),
    }),
    { description: "The newest first; at most 200." },
  ),
  runsLeftOut: Type.Boolean(),
  outcomes: Type.Array(Outcome, { description: "What was said of it, the newest first; at most 200." }),
  told: Type.Object(
    {
      customerExperienceIndex: numberOrNull,
      staffMinutesSaved: numberOrNull,
      accuracy: numberOrNull,
      count,
    },
    { description: "Of each the newest that was said." },
  ),
})
export type BusinessEvent = Static<typeof BusinessEvent>
