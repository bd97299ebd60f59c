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

/** What one step did to the context; what ran beside it is not taken for its doing. */
export const StepContext = answer("StepContext", {
  runId: text,
  stepId: text,
  writes: Type.Array(
    Type.Object({
      seq: Type.Integer({ description: "The event that wrote." }),
      path: Type.String({ description: "Where; empty: at the root." }),
      mode: oneOf(["replace", "merge", "append"]),
      branchPath: Type.String({ description: "Whose context: empty for the run's own, else the branch's or item's." }),
    }),
  ),
  changes: Type.Array(
    Type.Object({
      pointer: Type.String({ description: "JSON pointer into that context." }),
      op: oneOf(["added", "removed", "changed"]),
      from: Type.Optional(json()),
      to: Type.Optional(json()),
      writer: nullable(
        Type.String({ description: "The step that had written the earlier value; null: nobody, or the input." }),
      ),
      large: Type.Boolean({ description: "A value is left out: it has more than 20,000 characters." }),
    }),
    { description: "At most 200." },
  ),
  truncated: Type.Boolean({ description: "There are more changes than are listed." }),
})
export type StepContext = Static<typeof StepContext>

export const Timeline = answer("Timeline", {
  runId: text,
  seq: Type.Integer(),
  total: Type.Integer({ description: "How many lanes the run has: one a step." }),
  nextCursor: nullable(Type.String({ description: "Pass it as `cursor` for the lanes behind these; null: no more." })),
  lanes: Type.Array(
    Type.Object({
      id: text,
      name: text,
      type: text,
      parent: textOrNull,
      branchPath: text,
      index: nullable(Type.Array(Type.Integer(), { description: "Item indices, outermost first." })),
      visit: Type.Integer({ minimum: 1 }),
      seq: Type.Integer({ description: "The event that entered it: the order of steps." }),
      from: time,
      to: timeOrNull,
      status: text,
      agent: textOrNull,
      attempts: Type.Integer({ minimum: 0 }),
      retries: Type.Integer(),
      errorCode: textOrNull,
    }),
    { description: "In the order in which their steps were entered." },
  ),
  segments: Type.Array(
    Type.Object({
      lane: text,
      kind: oneOf(["queued", "running", "backoff", "waiting", "approval", "signal", "children"]),
      attempt: Type.Integer({ description: "Of a backoff: the attempt that it is before." }),
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
