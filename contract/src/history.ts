/** A run seen from the side: its context at a point, what changed between two, when what happened (settled 26). */
import { type Static, Type } from "typebox"
import { answer, json, nullable, oneOf, request, text, textOrNull, time, timeOrNull } from "./scalars.ts"
import { Change } from "./workflow.ts"

export const ContextAt = answer("ContextAt", {
  runId: text,
  seq: Type.Integer(),
  value: json(),
  scopes: Type.Array(Type.Object({ scope: text, branchPath: text, value: json() }), {
    description: "Contexts of branches and items that are open at this point.",
  }),
  writers: Type.Unsafe<{ readonly [path: string]: string }>({
    type: "object",
    additionalProperties: { type: "string" },
    description: "The step that wrote each path.",
  }),
})
export type ContextAt = Static<typeof ContextAt>

export const ContextDiff = answer("ContextDiff", {
  runId: text,
  from: Type.Integer(),
  to: Type.Integer(),
  changes: Type.Array(Change),
  truncated: Type.Boolean(),
})
export type ContextDiff = Static<typeof ContextDiff>

export const Timeline = answer("Timeline", {
  runId: text,
  seq: Type.Integer(),
  lanes: Type.Array(
    Type.Object({
      id: text,
      name: text,
      type: text,
      parent: textOrNull,
      branchPath: text,
      seq: Type.Integer({ description: "The event that entered it: the order of steps." }),
      from: time,
      to: timeOrNull,
      status: text,
      retries: Type.Integer(),
    }),
  ),
  segments: Type.Array(
    Type.Object({
      lane: text,
      kind: oneOf(["queued", "running", "backoff", "waiting", "approval", "signal", "children"]),
      attempt: Type.Integer(),
      from: time,
      to: timeOrNull,
      outcome: textOrNull,
    }),
  ),
})
export type Timeline = Static<typeof Timeline>

export const Evaluate = request("Evaluate", {
  expression: Type.String({ minLength: 1, maxLength: 65_536 }),
  runId: Type.Optional(Type.String({ description: "Over this run's context; absent: over an empty one." })),
  at: Type.Optional(Type.Integer({ minimum: 1, description: "At this event; absent: now." })),
})
export type Evaluate = Static<typeof Evaluate>

export const Evaluated = answer("Evaluated", { value: json(), runId: textOrNull, at: nullable(Type.Integer()) })
export type Evaluated = Static<typeof Evaluated>
