/** `operation`: one action of one executor, `agent.run` or `human.approval` (004 §3.2 A, §3.3). */

import { literal } from "../../expression/template.ts"
import type { AgentState, State } from "../model.ts"
import { readApproval } from "./approval.ts"
import { didYouMean } from "./did-you-mean.ts"
import type { FieldReader, Node } from "./field-reader.ts"
import type { Reading } from "./reading.ts"
import { readRetry } from "./retry.ts"
import { readSchema } from "./schema.ts"
import { type CommonFields, readResult, smallerTimeout } from "./state-common.ts"

const ACTIONS = ["agent.run", "human.approval"] as const
type Action = (typeof ACTIONS)[number]

/** `type: agent` and `type: human_approval` name the action by their type and may leave `input` out. */
const ACTION_OF_TYPE: Readonly<Record<string, Action>> = { agent: "agent.run", human_approval: "human.approval" }

export function readOperation(reading: Reading, fields: FieldReader, common: CommonFields): State {
  const type = fields.take("type")?.value
  const implied = typeof type === "string" && Object.hasOwn(ACTION_OF_TYPE, type) ? ACTION_OF_TYPE[type] : undefined
  const action = readAction(reading, fields, implied)
  const input = implied && !fields.has("input") ? fields : readInput(fields, action)
  const state =
    action === "human.approval"
      ? readApproval(reading, fields, input, common)
      : readAgent(reading, fields, input, common, action !== null)
  if (input !== fields) {
    if (action)
      input.close((name) =>
        STATE_LEVEL.has(name) ? `\`${name}\` belongs to the state, not to its \`input\`.` : undefined,
      )
  }
  if (!action) reading.unreadable.add(state)
  return state
}

const STATE_LEVEL = new Set(
  "retry resultPath resultMode resultSelector heartbeatSeconds validation totalTimeoutSeconds next end catch if action".split(
    " ",
  ),
)

function readAction(reading: Reading, fields: FieldReader, implied: Action | undefined): Action | null {
  const node = fields.take("action")
  if (!node) {
    if (!implied) fields.missing("action", `One of ${ACTIONS.join(", ")}.`)
    return implied ?? null
  }
  const found = ACTIONS.find((action) => action === node.value)
  if (found) return found
  const written = fields.asString(node)
  if (written === null) return null
  const hint = didYouMean(written, ACTIONS) ?? `Known actions: ${ACTIONS.join(", ")}.`
  reading.report.error("unknown_type", { pointer: node.pointer }, `there is no action \`${written}\``, {
    expected: [...ACTIONS],
    actual: written,
    hint,
  })
  return null
}

function readInput(fields: FieldReader, action: Action | null): FieldReader {
  const what = action === "human.approval" ? "the `input` of an approval" : "the `input` of `agent.run`"
  const input = fields.object("input", what)
  if (input) return input
  if (action)
    fields.missing(
      "input",
      action === "agent.run" ? "It names the `agent` and its `task`." : "It holds the `message` to decide on.",
    )
  return fields.open({ value: {}, pointer: fields.pointer }, what)
}

function readAgent(
  reading: Reading,
  fields: FieldReader,
  input: FieldReader,
  common: CommonFields,
  isCertain: boolean,
): AgentState {
  const agentNode = input.take("agent")
  if (!agentNode && isCertain && fields.has("input")) input.missing("agent", "The agent's name.")
  const variables = input.take("variables")
  if (variables) reading.asObject(input, variables)
  input.later(["repair", "budget", "toolPolicy"])
  return {
    ...common,
    type: "operation",
    action: "agent.run",
    agent: (agentNode && readAgentName(reading, input, agentNode)) ?? literal(""),
    task: reading.textTemplate(input, "task"),
    variables: variables && reading.asTemplate(variables),
    timeoutMs: smallerTimeout(common, input),
    retry: readRetry(reading, fields),
    heartbeatMs: fields.milliseconds("heartbeatSeconds"),
    outputSchema: readOutputSchema(reading, fields, input),
    validation: readValidation(reading, fields),
    result: readResult(reading, fields),
  }
}

function readAgentName(reading: Reading, input: FieldReader, node: Node) {
  const name = input.asString(node)
  if (name === null) return null
  if (name.trim() === "")
    reading.report.error("invalid_name", { pointer: node.pointer }, "an agent's name must not be empty")
  if (name.startsWith("a2a:")) {
    reading.report.error("not_supported_yet", { pointer: node.pointer }, "agents over A2A are not supported yet", {
      actual: name,
      hint: "Name an agent of the environment.",
    })
  }
  return reading.asTemplate(node)
}

function readOutputSchema(reading: Reading, fields: FieldReader, input: FieldReader) {
  const outer = readSchema(reading, fields, "outputSchema")
  if (input === fields) return outer
  const inner = readSchema(reading, input, "outputSchema")
  if (fields.has("outputSchema") && input.has("outputSchema")) {
    reading.report.error(
      "conflicting_fields",
      fields.place("outputSchema"),
      "`outputSchema` stands both in the state and in its `input`",
      { hint: "Keep one." },
    )
  }
  return outer ?? inner
}

function readValidation(reading: Reading, fields: FieldReader): AgentState["validation"] {
  const inside = fields.object("validation", "`validation`")
  if (!inside) return null
  if (!inside.has("if")) inside.missing("if", "An expression over `result` that is true when the output is good.")
  const condition = reading.condition(inside, "if", ["when"])
  const score = reading.condition(inside, "score")
  const reasons = reading.condition(inside, "reasons")
  inside.close()
  return condition && { if: condition, score, reasons }
}
