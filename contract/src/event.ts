/** The trail, and the two streams that carry it live (rule 27). */
import { type Static, Type } from "typebox"
import { remarkKinds } from "./remark.ts"
import { RunStatus } from "./run.ts"
import { answer, json, nullable, oneOf, page, text, textOrNull, time } from "./scalars.ts"

const header = {
  seq: Type.Integer({ minimum: 1 }),
  type: text,
  at: time,
  actor: text,
  stepId: textOrNull,
}

export const Event = answer("Event", {
  ...header,
  payload: json("Exactly what is stored and hashed; null when it has been erased."),
  hash: text,
})
export type Event = Static<typeof Event>
export const EventPage = page("EventPage", Event)
export type EventPage = Static<typeof EventPage>

/** `data:` of `/workflow-runs/stream`; its `id:` is `position`. */
export const FeedMessage = answer("FeedMessage", {
  position: Type.Integer(),
  runId: text,
  ...header,
  workflowId: text,
  environment: text,
  status: Type.Unsafe<RunStatus>({ ...RunStatus, description: "Of the run, after this event." }),
  remark: Type.Optional(
    Type.Object(
      { remarkId: text, number: Type.Integer(), kind: oneOf(remarkKinds) },
      {
        description:
          "With `type: run.remarked`: what somebody has said beside the run. It has no `id:`; `seq` is the run's last event. After a break some are sent again.",
      },
    ),
  ),
  matches: Type.Boolean({ description: "False: the run has just left the filter of this stream." }),
})
export type FeedMessage = Static<typeof FeedMessage>

/** `event: reset`: the id that was sent lies beyond the newest event (a restore). Forget what was seen. */
export const StreamReset = answer("StreamReset", { head: Type.Integer(), asked: nullable(Type.Integer()) })
export type StreamReset = Static<typeof StreamReset>
