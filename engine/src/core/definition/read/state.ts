/** One state: finds its type, reads it with the reader of that type, and refuses what the language does not have. */
import { literal } from "../../expression/template.ts"
import type { State } from "../model.ts"
import { didYouMean } from "./did-you-mean.ts"
import { FieldReader, type Node, nameOf } from "./field-reader.ts"
import type { Reading, Standing } from "./reading.ts"
import { type CommonFields, NO_RESULT, readCommon } from "./state-common.ts"
import { readForeach, readLoop, readParallel, readTry } from "./states-nested.ts"
import { readOperation } from "./states-operation.ts"
import { readInject, readRaise, readSwitch } from "./states-routing.ts"
import { readEmit, readListen, readRun, readWait } from "./states-waiting.ts"

export type StateReader = (reading: Reading, fields: FieldReader, common: CommonFields) => State

export const STATE_READERS: Readonly<Record<State["type"], StateReader>> = {
  operation: readOperation,
  switch: readSwitch,
  parallel: readParallel,
  inject: readInject,
  foreach: readForeach,
  wait: readWait,
  listen: readListen,
  emit: readEmit,
  run: readRun,
  try: readTry,
  loop: readLoop,
  raise: readRaise,
}

/** How other languages and older files name a type; read with a hint (dsl.md §1). */
const TYPE_ALIASES: Readonly<Record<string, State["type"]>> = {
  set: "inject",
  agent: "operation",
  human_approval: "operation",
}

export function readState(reading: Reading, node: Node, standing: Standing): State {
  const fields = new FieldReader(reading.report, node, describe(node))
  const common = readCommon(reading, fields, nameOf(node))
  const type = readType(reading, fields)
  const state = type ? STATE_READERS[type](reading, fields, common) : standIn(reading, common)
  if (type) fields.close((name) => misplaced(name, type, state))
  else fields.closeMissing()
  reading.keep(state, node.pointer)
  if (type) checkWayOut(reading, fields, state, standing)
  return state
}

/** An unreadable state keeps its place, so that routes to it are not reported as well. */
function standIn(reading: Reading, common: CommonFields): State {
  const state: State = { ...common, type: "inject", data: literal({}), result: NO_RESULT }
  reading.unreadable.add(state)
  return state
}

function describe(node: Node): string {
  const value = node.value
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "a state"
  const { name, type } = value as Readonly<Record<string, unknown>>
  const said = typeof type === "string" ? ` (${type})` : ""
  return typeof name === "string" ? `the state \`${name}\`${said}` : `this state${said}`
}

function readType(reading: Reading, fields: FieldReader): State["type"] | null {
  const node = fields.take("type")
  if (!node) {
    fields.missing("type", `One of ${Object.keys(STATE_READERS).join(", ")}.`)
    return null
  }
  const written = fields.asString(node)
  if (written === null) return null
  if (isStateType(written)) return written
  const alias = Object.hasOwn(TYPE_ALIASES, written) ? TYPE_ALIASES[written] : undefined
  if (alias) {
    const better = {
      set: "type: inject",
      agent: "type: operation` and `action: agent.run",
      human_approval: "type: operation` and `action: human.approval",
    }[written]
    reading.report.hint(
      "alias_used",
      { pointer: node.pointer },
      `\`type: ${written}\` is read as \`${better}\``,
      `Write \`${better}\`.`,
    )
    return alias
  }
  const known = Object.keys(STATE_READERS)
  const hint = didYouMean(written, [...known, ...Object.keys(TYPE_ALIASES)]) ?? `Known types: ${known.join(", ")}.`
  reading.report.error("unknown_type", { pointer: node.pointer }, `there is no state type \`${written}\``, {
    expected: known,
    actual: written,
    hint,
  })
  return null
}

function isStateType(written: string): written is State["type"] {
  return Object.hasOwn(STATE_READERS, written)
}

const INPUT_FIELDS = new Set(
  "agent task variables message summaryPath approvers quorum separationOfDuties bindTo outcomes form sla reminders escalation delegation onTimeout onReject".split(
    " ",
  ),
)

function misplaced(name: string, type: State["type"], state: State): string | undefined {
  if (type === "operation" && INPUT_FIELDS.has(name)) return `\`${name}\` belongs under \`input\`.`
  if (type === "switch" && name === "default") return "Did you mean `defaultNext`?"
  if (name === "retry" && state.type !== "operation")
    return "Only an operation is retried; for a group of states use `try` with `catch`."
  if (/^result(Path|Mode|Selector)$/.test(name)) return `A \`${type}\` state has no result to write.`
  return undefined
}

/** Dead ends: only the last state of a list may leave `next` and `end` out; at the top it is better to say so. */
function checkWayOut(reading: Reading, fields: FieldReader, state: State, { isLast, isTop }: Standing): void {
  const goesOn = fields.has("next") || fields.has("transition") || fields.has("then")
  if (goesOn || fields.take("end")?.value === true || leavesByItself(state)) return
  const place = { pointer: reading.originOf(state) }
  if (!isLast) {
    const hint =
      "Add `next: <state>`, or `end: true` when it is the last. States do not fall through to the next in the list."
    reading.report.error("dead_end", place, `the state \`${state.name}\` neither goes on nor ends`, { hint })
  } else if (isTop)
    reading.report.hint(
      "missing_end",
      place,
      `the workflow ends with the state \`${state.name}\``,
      "Write `end: true` to say so.",
    )
}

function leavesByItself(state: State): boolean {
  if (state.type === "raise") return state.if === null
  return state.type === "switch" && (state.if === null || state.defaultNext !== null)
}
