/** `switch`, `inject` and `raise`: states that decide, write or fail at once and wait for nothing. */
import { literal } from "../../expression/template.ts"
import type { InjectState, Path, RaiseState, SwitchState } from "../model.ts"
import type { FieldReader, Node } from "./field-reader.ts"
import { asName, asTarget, requiredTarget } from "./names.ts"
import type { Reading } from "./reading.ts"
import { type CommonFields, NO_RESULT, readResult, refuseWholeContext } from "./state-common.ts"

export function readSwitch(reading: Reading, fields: FieldReader, common: CommonFields): SwitchState {
  const dataPath = reading.path(fields, "dataPath")
  const nodes = fields.list("conditions")
  if (!nodes) fields.missing("conditions", "A list of `{if, next}`; the first that holds is taken.")
  const conditions = (nodes ?? [])
    .map((node) => readCondition(reading, fields, node))
    .filter((condition) => condition !== null)
  const defaultNode = fields.take("defaultNext")
  const defaultNext = defaultNode && asTarget(fields, defaultNode)
  const onError = fields.oneOf("onError", ["fail", "default"]) ?? "fail"
  if (onError === "default" && defaultNext === null) {
    reading.report.error("conflicting_fields", fields.place("onError"), "`onError: default` needs `defaultNext`", {
      hint: "Add `defaultNext`.",
    })
  }
  refuseOwnNext(reading, fields, common)
  // A skipped switch goes where it goes by default.
  return {
    ...common,
    type: "switch",
    next: common.next ?? defaultNext,
    dataPath,
    conditions,
    defaultNext,
    onError,
    result: NO_RESULT,
  }
}

function readCondition(reading: Reading, parent: FieldReader, node: Node): SwitchState["conditions"][number] | null {
  const fields = parent.open(node, "a condition of a switch")
  if (!fields.has("if") && !fields.has("when")) fields.missing("if")
  const condition = reading.condition(fields, "if", ["when"])
  const next = requiredTarget(fields, "next", ["transition", "then"])
  const name = fields.take("name")
  const named = name && asName(reading, fields, name)
  fields.close()
  return condition && reading.keep({ if: condition, next: next ?? "", name: named }, node.pointer)
}

function refuseOwnNext(reading: Reading, fields: FieldReader, common: CommonFields): void {
  if (common.if) return
  for (const name of ["next", "transition", "then", "end"]) {
    if (!fields.has(name)) continue
    const hint = name === "end" ? "Remove it." : "Write `defaultNext` for the route when no condition holds."
    reading.report.error(
      "conflicting_fields",
      { ...fields.place(name), part: "key" },
      "a switch leaves by its conditions or by `defaultNext`",
      { hint },
    )
  }
}

const ROOT: Path = { text: "ctx", segments: [], rooted: true }

export function readInject(reading: Reading, fields: FieldReader, common: CommonFields): InjectState {
  const node = fields.takeAlias("data", ["set"])
  if (!node) fields.missing("data", "The value to write.")
  const templated = fields.boolean("templated") ?? false
  const data = node ? (templated ? reading.asTemplate(node) : reading.asLiteral(node)) : literal({})
  if (node && !templated) hintUnrendered(reading, node)
  return { ...common, type: "inject", data, result: readInjectResult(reading, fields, node) }
}

/** Without `resultPath`, data merges at the root (dsl.md §4). */
function readInjectResult(reading: Reading, fields: FieldReader, data: Node | null) {
  if (fields.has("resultPath")) return readResult(reading, fields)
  fields.take("resultPath")
  const mode = fields.oneOf("resultMode", ["replace", "merge", "append"]) ?? "merge"
  const selector = reading.condition(fields, "resultSelector")
  refuseWholeContext(reading, fields, ROOT, mode)
  if (data && !selector && (typeof data.value !== "object" || data.value === null || Array.isArray(data.value))) {
    fields.wrongType(
      data,
      "without `resultPath`, `data` is an object that is merged into the context",
      "object",
      "Add `resultPath`.",
    )
  }
  return { path: ROOT, mode, selector }
}

function hintUnrendered(reading: Reading, node: Node): void {
  if (!JSON.stringify(node.value).includes("{{")) return
  reading.report.warning(
    "no_effect",
    { pointer: node.pointer },
    "`data` is written as it stands: `{{ … }}` in it stays text",
    { hint: "Add `templated: true` to have it rendered." },
  )
}

export function readRaise(reading: Reading, fields: FieldReader, common: CommonFields): RaiseState {
  const inside = fields.object("error", "`error`")
  if (!inside) {
    fields.missing("error", "It holds `type`, and perhaps `title` and `detail`.")
    return { ...common, type: "raise", error: { type: literal(""), title: null, detail: null }, result: NO_RESULT }
  }
  if (!inside.has("type")) inside.missing("type", "A short word that `catch` can name.")
  const type = reading.textTemplate(inside, "type") ?? literal("")
  const error = { type, title: reading.textTemplate(inside, "title"), detail: reading.textTemplate(inside, "detail") }
  inside.close()
  return { ...common, type: "raise", error, result: NO_RESULT }
}
