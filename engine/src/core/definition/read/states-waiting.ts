/** `wait`, `listen`, `emit` and `run`: states that deal with time, signals, events and other runs. */
import { parsePath } from "../../expression/path.ts"
import { literal } from "../../expression/template.ts"
import type { EmitState, ListenState, RunState, Template, WaitState } from "../model.ts"
import { readOnTimeout } from "./approval.ts"
import type { FieldReader, Node } from "./field-reader.ts"
import type { Reading } from "./reading.ts"
import { readSchema } from "./schema.ts"
import { type CommonFields, NO_RESULT, readResult } from "./state-common.ts"

export function readWait(reading: Reading, fields: FieldReader, common: CommonFields): WaitState {
  return { ...common, type: "wait", until: readUntil(reading, fields), result: NO_RESULT }
}

function readUntil(reading: Reading, fields: FieldReader): WaitState["until"] {
  const seconds = fields.take("seconds")
  const until = fields.take("until")
  if (!seconds && !until) fields.missing("seconds", "Or `until`, a time such as 2030-01-31T09:00:00Z.")
  if (seconds && until) {
    reading.report.error("conflicting_fields", { pointer: until.pointer }, "a wait has either `seconds` or `until`", {
      hint: "Remove one of them.",
    })
  }
  if (seconds && typeof seconds.value === "string" && seconds.value.includes("{{"))
    return { seconds: reading.asTemplate(seconds) }
  if (seconds) return { ms: fields.asMilliseconds(seconds, { allowZero: true }) ?? 0 }
  return until ? { at: readTime(reading, fields, until) } : { ms: 0 }
}

const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-](\d\d):(\d\d))$/

function readTime(reading: Reading, fields: FieldReader, node: Node): Template {
  const text = fields.asString(node)
  if (text !== null && !text.includes("{{") && !isDateTime(text)) {
    const hint = "For example 2030-01-31T09:00:00Z, with an offset or Z."
    reading.report.error("invalid_value", { pointer: node.pointer }, "`until` is a time as RFC 3339 writes it", {
      actual: text,
      hint,
    })
  }
  return reading.asTemplate(node)
}

function isDateTime(text: string): boolean {
  const parts = DATE_TIME.exec(text)
    ?.slice(1)
    .map((part) => Number(part ?? 0))
  if (!parts) return false
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offsetHour = 0, offsetMinute = 0] = parts
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0
  return day >= 1 && day <= days && hour < 24 && minute < 60 && second <= 60 && offsetHour < 24 && offsetMinute < 60
}

export function readListen(reading: Reading, fields: FieldReader, common: CommonFields): ListenState {
  if (!fields.has("signal")) fields.missing("signal", "The signal's name.")
  const state: ListenState = {
    ...common,
    type: "listen",
    signal: reading.textTemplate(fields, "signal") ?? literal(""),
    schema: readSchema(reading, fields, "schema"),
    correlate: fields
      .entries("correlate")
      .map((entry) => readCorrelation(reading, entry))
      .filter((item) => item !== null),
    fanout: fields.boolean("fanout") ?? false,
    onTimeout: readOnTimeout(fields),
    result: readResult(reading, fields),
  }
  if (state.onTimeout && common.timeoutMs === null && common.totalTimeoutMs === null) {
    reading.report.warning(
      "no_effect",
      { ...fields.place("onTimeout"), part: "key" },
      "`onTimeout` without `timeoutSeconds` never happens",
      { hint: "Add `timeoutSeconds`." },
    )
  }
  return state
}

/** The key is a path into the signal's data. */
function readCorrelation(
  reading: Reading,
  [key, node]: readonly [string, Node],
): ListenState["correlate"][number] | null {
  const parsed = parsePath(key)
  if (parsed.ok) return { path: parsed.path, equals: reading.asTemplate(node) }
  const hint = parsed.hint ?? 'The key is a path into the signal\'s data, for example `orderId: "{{ ctx.order.id }}"`.'
  reading.report.error("invalid_path", { pointer: node.pointer, part: "key" }, parsed.message, { actual: key, hint })
  return null
}

export function readEmit(reading: Reading, fields: FieldReader, common: CommonFields): EmitState {
  const inside = fields.object("event", "`event`")
  if (!inside) {
    fields.missing("event", "It holds `type`, and perhaps `source`, `subject` and `data`.")
    return {
      ...common,
      type: "emit",
      event: { type: literal(""), source: null, subject: null, data: null },
      result: NO_RESULT,
    }
  }
  if (!inside.has("type")) inside.missing("type", "For example `com.example.order.shipped`.")
  const event = {
    type: reading.textTemplate(inside, "type") ?? literal(""),
    source: reading.textTemplate(inside, "source"),
    subject: reading.textTemplate(inside, "subject"),
    data: reading.template(inside, "data"),
  }
  inside.close()
  return { ...common, type: "emit", event, result: NO_RESULT }
}

export function readRun(reading: Reading, fields: FieldReader, common: CommonFields): RunState {
  return {
    ...common,
    type: "run",
    workflow: readWorkflow(reading, fields),
    await: fields.boolean("await") ?? true,
    onParentCancel: fields.oneOf("onParentCancel", ["cancel", "abandon"]) ?? "cancel",
    result: readResult(reading, fields),
  }
}

function readWorkflow(reading: Reading, fields: FieldReader): RunState["workflow"] {
  const inside = fields.object("workflow", "`workflow`")
  if (!inside) {
    fields.missing("workflow", "It holds the `id` of the workflow, and perhaps `version` and `input`.")
    return { id: literal(""), version: null, input: null }
  }
  if (!inside.has("id")) inside.missing("id", "The id of the workflow to run.")
  const version = inside.take("version")
  const isNumber =
    version !== null && typeof version.value === "number" && Number.isInteger(version.value) && version.value > 0
  const workflow = {
    id: reading.textTemplate(inside, "id") ?? literal(""),
    // A label is text, a version number is a whole number (settled 1).
    version: version && (isNumber ? reading.asLiteral(version) : reading.asTextTemplate(inside, version)),
    input: reading.template(inside, "input"),
  }
  inside.close()
  return workflow
}
