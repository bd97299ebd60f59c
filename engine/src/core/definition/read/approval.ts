/** `human.approval`: 004's fields and what rules 15 and 34 build on (dsl.md §6). */
import { literal } from "../../expression/template.ts"
import type { ApprovalOutcome, ApprovalState, Template } from "../model.ts"
import type { FieldReader, Node } from "./field-reader.ts"
import { asName, asTarget, requiredTarget } from "./names.ts"
import type { Reading } from "./reading.ts"
import { asSchema } from "./schema.ts"
import { type CommonFields, readResult, smallerTimeout } from "./state-common.ts"

const VOTES_MAX = 100
const REMINDERS_MAX = 100
const DEFAULT_OUTCOMES: readonly ApprovalOutcome[] = ["approve", "reject"].map((name) => ({
  name,
  requireComment: false,
  rewindTo: null,
  maxTimes: null,
}))

export function readApproval(
  reading: Reading,
  fields: FieldReader,
  input: FieldReader,
  common: CommonFields,
): ApprovalState {
  const message = input.take("message")
  if (!message && (input === fields || fields.has("input"))) input.missing("message", "What the approver is asked.")
  refuseWorkersFields(reading, fields)
  const onReject = readOnReject(input)
  const state: ApprovalState = {
    ...common,
    type: "operation",
    action: "human.approval",
    message: (message && reading.asTextTemplate(input, message)) ?? literal(""),
    summaryPath: reading.path(input, "summaryPath"),
    approvers: readApprovers(reading, input),
    timeoutMs: smallerTimeout(common, input),
    quorum: readQuorum(input),
    separationOfDuties: readSeparation(input),
    bindToContent: input.oneOf("bindTo", ["content"]) === "content",
    outcomes: readOutcomes(reading, input),
    form: readForm(reading, input),
    sla: readSla(reading, input),
    reminders: readReminders(input),
    escalation: readEscalation(reading, input),
    delegation: readDelegation(input),
    onTimeout: readOnTimeout(input),
    onReject: onReject ?? { status: "CANCELLED", next: null },
    result: readResult(reading, fields),
  }
  if (state.onTimeout && state.timeoutMs === null && state.totalTimeoutMs === null) {
    reading.report.warning(
      "no_effect",
      { ...input.place("onTimeout"), part: "key" },
      "`onTimeout` without `timeoutSeconds` never happens",
      { hint: "Add `timeoutSeconds`." },
    )
  }
  return state
}

/** What belongs to agents would silently do nothing here. */
function refuseWorkersFields(reading: Reading, fields: FieldReader): void {
  for (const name of ["retry", "heartbeatSeconds", "outputSchema", "validation"]) {
    if (!fields.settle(name)) continue
    const hint = name === "retry" ? "To ask again use `reminders`, or an outcome with `rewindTo`." : "Remove it."
    reading.report.error(
      "no_effect",
      { ...fields.place(name), part: "key" },
      `an approval has no \`${name}\`: people decide once`,
      { hint },
    )
  }
}

function readApprovers(reading: Reading, input: FieldReader): readonly Template[] {
  const nodes = input.list("approvers") ?? []
  return nodes.map((node) => {
    const name = input.asString(node)
    if (name !== null) checkApprover(reading, node, name)
    return reading.asTemplate(node)
  })
}

function checkApprover(reading: Reading, node: Node, name: string): void {
  if (name.includes("{{") || /^(team|user):\S+$/.test(name)) return
  const bare = name.replace(/^(group|role|team|user|email|@)[:\s]*/i, "").trim()
  const hint = bare === "" ? "For example `team:platform`." : `Write \`team:${bare}\` or \`user:${bare}\`.`
  reading.report.error("invalid_approver", { pointer: node.pointer }, "an approver is `team:<name>` or `user:<name>`", {
    actual: name,
    hint,
  })
}

function readQuorum(input: FieldReader): ApprovalState["quorum"] {
  const fields = input.object("quorum", "`quorum`")
  if (!fields) return { approve: 1, reject: 1 }
  const votes = { min: 1, max: VOTES_MAX }
  const quorum = { approve: fields.integer("approve", votes) ?? 1, reject: fields.integer("reject", votes) ?? 1 }
  fields.close()
  return quorum
}

function readSeparation(input: FieldReader): ApprovalState["separationOfDuties"] {
  const fields = input.object("separationOfDuties", "`separationOfDuties`")
  if (!fields) return { excludeInitiator: false, distinct: true }
  const separation = {
    excludeInitiator: fields.boolean("excludeInitiator") ?? false,
    distinct: fields.boolean("distinct") ?? true,
  }
  fields.close()
  return separation
}

function readOutcomes(reading: Reading, input: FieldReader): readonly ApprovalOutcome[] {
  const nodes = input.list("outcomes")
  if (!nodes) return DEFAULT_OUTCOMES
  const outcomes = nodes.map((node) => reading.keep(readOutcome(reading, input, node), node.pointer))
  const seen = new Set<string>()
  for (const outcome of outcomes) {
    if (seen.has(outcome.name))
      reading.report.error(
        "duplicate_name",
        { pointer: reading.originOf(outcome) },
        `the outcome \`${outcome.name}\` stands twice`,
        { actual: outcome.name },
      )
    seen.add(outcome.name)
  }
  for (const needed of ["approve", "reject"]) {
    if (!seen.has(needed))
      reading.report.error("missing_field", input.place("outcomes"), `\`outcomes\` needs \`${needed}\``, {
        expected: needed,
        hint: `Add \`${needed}\` to the list.`,
      })
  }
  return outcomes
}

function readOutcome(reading: Reading, input: FieldReader, node: Node): ApprovalOutcome {
  if (typeof node.value === "string") {
    return { name: asName(reading, input, node) ?? "", requireComment: false, rewindTo: null, maxTimes: null }
  }
  const fields = input.open(node, "an outcome")
  const name = fields.required("name")
  const rewind = fields.take("rewindTo")
  const outcome: ApprovalOutcome = {
    name: (name && asName(reading, fields, name)) ?? "",
    requireComment: fields.boolean("requireComment") ?? false,
    rewindTo: rewind && asTarget(fields, rewind),
    maxTimes: fields.integer("maxTimes", { min: 1, max: 1_000 }),
  }
  if (fields.has("maxTimes") && !rewind) {
    reading.report.warning(
      "no_effect",
      { ...fields.place("maxTimes"), part: "key" },
      "`maxTimes` counts how often `rewindTo` is followed, and there is none",
      { hint: "Add `rewindTo`." },
    )
  }
  fields.close()
  return outcome
}

function readForm(reading: Reading, input: FieldReader): ApprovalState["form"] {
  const fields = input.object("form", "`form`")
  if (!fields) return null
  const node = fields.required("schema")
  const schema = node && asSchema(reading, fields, node)
  fields.close()
  return schema
}

function readSla(reading: Reading, input: FieldReader): ApprovalState["sla"] {
  const fields = input.object("sla", "`sla`")
  if (!fields) return null
  const sla = { dueMs: fields.milliseconds("dueSeconds"), warnMs: fields.milliseconds("warnSeconds") }
  if (sla.dueMs !== null && sla.warnMs !== null && sla.warnMs >= sla.dueMs) {
    reading.report.warning("no_effect", fields.place("warnSeconds"), "the warning comes when it is already due", {
      hint: "`warnSeconds` is smaller than `dueSeconds`.",
    })
  }
  fields.close()
  return sla
}

function readReminders(input: FieldReader): ApprovalState["reminders"] {
  return (input.list("reminders") ?? []).map((node) => {
    const fields = input.open(node, "a reminder")
    if (!fields.has("everySeconds")) fields.missing("everySeconds")
    const reminder = {
      everyMs: fields.milliseconds("everySeconds") ?? 1000,
      max: fields.integer("max", { min: 1, max: REMINDERS_MAX }) ?? 3,
    }
    fields.close()
    return reminder
  })
}

function readEscalation(reading: Reading, input: FieldReader): ApprovalState["escalation"] {
  return (input.list("escalation") ?? []).map((node) => {
    const fields = input.open(node, "an escalation")
    if (!fields.has("afterSeconds")) fields.missing("afterSeconds")
    if (!fields.has("to")) fields.missing("to", 'For example `to: ["team:sre-leads"]`.')
    const to = fields.list("to") ?? []
    const names = to.map((item) => {
      const name = fields.asString(item)
      if (name !== null) checkApprover(reading, item, name.replaceAll("{{", "{ {"))
      return name
    })
    const escalation = {
      afterMs: fields.milliseconds("afterSeconds") ?? 1000,
      to: names.filter((name) => name !== null),
    }
    fields.close()
    return escalation
  })
}

function readDelegation(input: FieldReader): boolean {
  const fields = input.object("delegation", "`delegation`")
  const allowed = fields?.boolean("allowed") ?? false
  fields?.close()
  return allowed
}

export function readOnTimeout(input: FieldReader): { readonly next: string } | null {
  const fields = input.object("onTimeout", "`onTimeout`")
  if (!fields) return null
  const next = requiredTarget(fields, "next", ["transition", "then"])
  fields.close()
  return next === null ? null : { next }
}

function readOnReject(input: FieldReader): ApprovalState["onReject"] | null {
  const fields = input.object("onReject", "`onReject`")
  if (!fields) return null
  const status = fields.oneOf("status", ["CANCELLED", "FAILED"]) ?? "CANCELLED"
  const next = fields.takeAlias("next", ["transition", "then"])
  const onReject = { status, next: next && asTarget(fields, next) }
  fields.close()
  return onReject
}
