/** What waits for a person, and what they say (004 §4.3, dsl §6). */
import { type Static, Type } from "typebox"
import {
  Action,
  answer,
  count,
  json,
  jsonObject,
  nullable,
  oneOf,
  page,
  request,
  text,
  textOrNull,
  time,
  timeOrNull,
} from "./scalars.ts"

export const approvalStates = [
  "pending",
  "approved",
  "rejected",
  "revised",
  "timed_out",
  "cancelled",
  "superseded",
] as const

export const slaStates = ["ok", "warning", "breached"] as const

export const Approval = answer("Approval", {
  approvalId: text,
  runId: text,
  stepId: text,
  workflowId: text,
  environment: text,
  workspaceId: text,
  name: Type.String({ description: "The state that asks." }),
  round: Type.Integer({ minimum: 1, description: "Each ask is an approval of its own." }),
  state: oneOf(approvalStates),
  message: text,
  summary: json("What was shown, from `summaryPath`."),
  approvers: Type.Array(text, { description: "`user:x`, `team:y`; empty: anyone with the role." }),
  outcomes: Type.Array(Type.Object({ name: text, requireComment: Type.Boolean(), rewindTo: textOrNull })),
  requestedBy: text,
  requestedAt: time,
  timeoutAt: timeOrNull,
  dueAt: timeOrNull,
  sla: nullable(
    Type.Object(
      {
        state: oneOf(slaStates),
        warnAt: timeOrNull,
        breachAt: Type.String({ format: "date-time", description: "The sooner of `dueAt` and `timeoutAt`." }),
      },
      { description: "How it stands, or stood when it was decided; null: nobody said when it is due." },
    ),
  ),
  nextReminderAt: timeOrNull,
  remindersSent: count,
  lastRemindedAt: timeOrNull,
  nextEscalationAt: timeOrNull,
  escalations: Type.Array(Type.Object({ at: time, to: Type.Array(text) }), {
    description: "Who was asked as well because nobody had decided; they stand among `approvers` too.",
  }),
  delegations: Type.Array(Type.Object({ at: time, from: text, to: text, comment: textOrNull }), {
    description: "Who named another; the newest 200.",
  }),
  ifNobodyDecides: nullable(
    Type.Object(
      {
        at: timeOrNull,
        otherwise: Type.String({ description: "One sentence." }),
      },
      { description: "What then happens, and when; `at` null: it waits for ever. Null once it is decided." },
    ),
  ),
  decidedBy: Type.Array(text),
  decidedAt: timeOrNull,
  outcome: textOrNull,
  comment: textOrNull,
  form: json("What was filled in."),
  formSchema: nullable(jsonObject("What is asked for.")),
  contentHash: text,
  bound: Type.Boolean({ description: "A decision must carry `contentHash` (`bindTo: content`)." }),
  votes: Type.Array(jsonObject()),
  actions: Type.Array(Action),
})
export type Approval = Static<typeof Approval>
export const ApprovalPage = page("ApprovalPage", Approval)
export type ApprovalPage = Static<typeof ApprovalPage>

const comment = Type.Optional(Type.String({ maxLength: 10_000 }))
const contentHash = Type.Optional(
  Type.String({ description: "Of what was seen; refused with 409 when it has changed." }),
)

/** Body of approve, reject and revise; needed only where the outcome asks for a comment or a form. */
export const Decision = request("Decision", { comment, form: Type.Optional(json()), contentHash })
export type Decision = Static<typeof Decision>

export const Decide = request("Decide", {
  outcome: Type.String({ minLength: 1, maxLength: 256 }),
  comment,
  form: Type.Optional(json()),
  contentHash,
})
export type Decide = Static<typeof Decide>

export const Delegate = request("Delegate", {
  to: Type.String({ minLength: 1, maxLength: 256, description: "`user:x` or `team:y`" }),
  comment,
})
export type Delegate = Static<typeof Delegate>
