/** What every state has: name, description, guard, where to go, its deadlines, what to do on errors, where results go. */
import type { Block, CatchClause, Condition, Path, ResultMode, ResultWrite } from "../model.ts"
import { readBlock } from "./block.ts"
import type { FieldReader, Node } from "./field-reader.ts"
import { asName, asTarget, readVariable, requiredTarget } from "./names.ts"
import type { Reading } from "./reading.ts"

export interface CommonFields {
  readonly name: string
  readonly description: string | null
  readonly if: Condition | null
  readonly next: string | null
  readonly timeoutMs: number | null
  readonly totalTimeoutMs: number | null
  readonly catch: readonly CatchClause[]
  readonly onCancel: Block | null
}

export const NO_RESULT: ResultWrite = { path: null, mode: "replace", selector: null }

export function readCommon(reading: Reading, fields: FieldReader, index: string): CommonFields {
  const nameNode = fields.required("name", ["id"])
  const metadata = fields.take("metadata")
  if (metadata) reading.asObject(fields, metadata)
  return {
    name: (nameNode && asName(reading, fields, nameNode)) ?? `(${index})`,
    description: fields.string("description"),
    if: reading.condition(fields, "if", ["when"]),
    next: readNext(reading, fields),
    timeoutMs: fields.milliseconds("timeoutSeconds"),
    totalTimeoutMs: fields.milliseconds("totalTimeoutSeconds"),
    catch: readCatch(reading, fields),
    onCancel: readBlock(reading, fields, "onCancel", "`onCancel`"),
  }
}

function readNext(reading: Reading, fields: FieldReader): string | null {
  const node = fields.takeAlias("next", ["transition", "then"])
  const target = node && asTarget(fields, node)
  const end = fields.boolean("end")
  if (node && end === true) {
    reading.report.error("conflicting_fields", fields.place("end"), "a state has either `next` or `end: true`", {
      hint: "Remove one of them.",
    })
  }
  return target
}

function readCatch(reading: Reading, fields: FieldReader): readonly CatchClause[] {
  return (fields.list("catch") ?? []).map((node) => readClause(reading, fields, node))
}

function readClause(reading: Reading, parent: FieldReader, node: Node): CatchClause {
  const fields = parent.open(node, "a `catch` clause")
  const errors = fields.strings("errors")
  for (const [i, name] of (errors ?? []).entries()) {
    if (name !== "cancelled") continue
    const hint = "Clean up in `onCancel` or `finally`; they run on a cancel."
    reading.report.error("invalid_value", { pointer: `${node.pointer}/errors/${i}` }, "a cancel cannot be caught", {
      actual: name,
      hint,
    })
  }
  const clause: CatchClause = {
    errors,
    if: reading.condition(fields, "if", ["when"]),
    as: readVariable(reading, fields, "as", "error"),
    resultPath: reading.path(fields, "resultPath"),
    next: requiredTarget(fields, "next", ["transition", "then"]) ?? "",
  }
  fields.close()
  return reading.keep(clause, node.pointer)
}

/** `resultPath`, `resultMode`, `resultSelector` of a state that has a result (dsl.md §2). */
export function readResult(reading: Reading, fields: FieldReader): ResultWrite {
  const path = reading.path(fields, "resultPath")
  const mode = fields.oneOf("resultMode", ["replace", "merge", "append"])
  const selector = reading.condition(fields, "resultSelector")
  if (mode && !fields.has("resultPath")) {
    reading.report.error(
      "conflicting_fields",
      fields.place("resultMode"),
      "`resultMode` says how to write, but there is no `resultPath`",
      { hint: "Add `resultPath`." },
    )
  }
  if (path) refuseWholeContext(reading, fields, path, mode ?? "replace")
  return { path, mode: mode ?? "replace", selector }
}

export function refuseWholeContext(reading: Reading, fields: FieldReader, path: Path, mode: ResultMode): void {
  if (path.segments.length > 0 || mode === "merge") return
  const hint = "Name a place such as `ctx.result`, or add `resultMode: merge`."
  reading.report.error("invalid_value", fields.place("resultPath"), "`ctx` alone would replace the whole context", {
    actual: path.text,
    hint,
  })
}

/** The smaller of the state's and its input's `timeoutSeconds` holds (dsl.md §4). */
export function smallerTimeout(common: CommonFields, input: FieldReader): number | null {
  const inner = input.milliseconds("timeoutSeconds")
  if (inner === null || common.timeoutMs === null) return inner ?? common.timeoutMs
  return Math.min(inner, common.timeoutMs)
}
