/** Parts that many states use: names, paths, expressions, schemas, retries, catches, blocks. */
import type { JsonObject } from "../../json.ts"
import { choice, closed, flag, list, type Properties, ref, seconds, text, whole } from "./parts.ts"

const EXPRESSION =
  "A Starlark expression. Names: `ctx`, `steps`, `input`, `run`, `result`, the context's keys, item and index names."
const TEMPLATE =
  'Text in which `{{ path }}` and `{{ path ?? "default" }}` are replaced; exactly one placeholder keeps its JSON type.'

export const SHARED: Properties = {
  name: text("A name: a line of text without `/`, `[` and `]`.", {
    minLength: 1,
    maxLength: 128,
    pattern: "^[^/\\[\\]\\x00-\\x1f\\x7f]*$",
    not: { enum: ["__proto__", "prototype", "constructor"] },
  }),
  target: text("The name of a state of the same scope."),
  path: text('A path: dot segments, `[n]`, `["any key"]`; the prefix `ctx.` is optional.', { minLength: 1 }),
  expression: text(EXPRESSION, { minLength: 1 }),
  template: text(TEMPLATE),
  variable: text("A name for templates and expressions.", { pattern: "^[A-Za-z_][A-Za-z0-9_]*$" }),
  schema: {
    description: "A JSON Schema (2020-12), or the name of one under `use.schemas`.",
    anyOf: [{ type: "object" }, { type: "string" }],
  },
  person: text("`team:<name>` or `user:<name>`.", { pattern: "^(team|user):\\S+$|\\{\\{" }),
  retry: {
    description: "How failed attempts are repeated: a policy, or the name of one under `use.retries`.",
    anyOf: [{ type: "string" }, ref("retryPolicy")],
  },
  retryPolicy: closed(
    "How failed attempts are repeated. Everything but `validation_failed`, `policy_denied` and `cancelled` is, unless said otherwise.",
    {
      maxAttempts: whole("Attempts in all, the first included.", 1, 1_000),
      backoffSeconds: seconds("The wait before the second attempt.", { allowZero: true }),
      backoff: choice("How the wait grows.", ["constant", "linear", "exponential"], "constant"),
      backoffRate: {
        type: "number",
        minimum: 1,
        maximum: 100,
        default: 2,
        description: "The factor of exponential backoff.",
      },
      maxDelaySeconds: seconds("The longest wait."),
      jitter: choice("How chance shortens the wait.", ["none", "full", "equal"], "none"),
      maxElapsedSeconds: seconds("No attempt begins later than this after the first."),
      retryable: list("Classes or codes that are retried; nothing else is.", { type: "string" }),
      nonRetryable: list("Classes or codes that are not retried.", { type: "string" }),
      onExhausted: choice("What happens when no attempt is left.", ["fail", "pause"], "fail"),
    },
    ["maxAttempts"],
  ),
  catch: list(
    "What to do with errors; the first clause that matches is taken. A cancel is never caught.",
    closed(
      "One kind of error and where to go.",
      {
        errors: list("Classes, kinds or codes; absent = any.", { type: "string", not: { const: "cancelled" } }),
        if: ref("expression", "Asked with the error under its name."),
        as: ref("variable", "The error's name. Default `error`."),
        resultPath: ref("path", "Where the error is written; without it under its name."),
        next: ref("target"),
      },
      ["next"],
    ),
  ),
  onTimeout: closed("Where to go when the time is over.", { next: ref("target") }, ["next"]),
  block: closed(
    "States with one way in.",
    { start: ref("target", "The first state; by default the first in the list."), states: ref("states") },
    ["states"],
  ),
  states: list("The states, in any order. Only the last may leave `next` and `end` out.", ref("state"), {
    minItems: 1,
    maxItems: 5_000,
  }),
  useRetries: { type: "object", description: "Retry policies by name.", additionalProperties: ref("retryPolicy") },
  useSchemas: { type: "object", description: "JSON Schemas by name.", additionalProperties: { type: "object" } },
}

/** What every state has. */
export const COMMON: Properties = {
  name: ref("name", "The state's name, unique in its scope."),
  description: text("For people."),
  metadata: { type: "object", description: "Anything; the engine does not look at it." },
  if: ref("expression", "The state is skipped when this is false."),
  next: ref("target", "The state that follows."),
  end: flag("The state is the end of its scope.", false),
  timeoutSeconds: seconds("The time of one attempt."),
  totalTimeoutSeconds: seconds("The time of all attempts together."),
  catch: ref("catch"),
  onCancel: ref("block", "States that clean up when the run is cancelled here."),
}

/** What states with a result have. */
export const RESULT: Properties = {
  resultPath: ref("path", "Where the result is written into the context. Absent: it stays in the step's record."),
  resultMode: choice("How it is written there.", ["replace", "merge", "append"], "replace"),
  resultSelector: ref("expression", "Reshapes `result` before it is written."),
}

export function stateOf(
  description: string,
  type: JsonObject,
  properties: Properties,
  required: readonly string[],
): JsonObject {
  return closed(description, { ...COMMON, type, ...properties }, ["name", "type", ...required], {
    not: { required: ["next", "end"], properties: { end: { const: true } } },
  })
}
