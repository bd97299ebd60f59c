/** `parallel`, `foreach`, `try` and `loop`: states that hold other states. */
import type { Block, ForeachState, Join, LoopState, ParallelState, TryState } from "../model.ts"
import { readBlock, readStates, requiredBlock } from "./block.ts"
import type { FieldReader, Node } from "./field-reader.ts"
import { asName, readVariable } from "./names.ts"
import type { Reading } from "./reading.ts"
import { type CommonFields, NO_RESULT, readResult } from "./state-common.ts"

/** settled 13: the largest concurrency one state may ask for. */
export const CONCURRENCY_MAX = 1_000
const BRANCHES_MAX = 1_000
const ITERATIONS_MAX = 1_000_000

export function readParallel(reading: Reading, fields: FieldReader, common: CommonFields): ParallelState {
  const node = fields.take("branches")
  if (!node) fields.missing("branches", "A list of `{name, states}`.")
  const branches = node ? readBranches(reading, fields, node) : []
  return {
    ...common,
    type: "parallel",
    branches,
    join: readJoin(reading, fields, branches.length),
    maxConcurrency: fields.integer("maxConcurrency", { min: 1, max: CONCURRENCY_MAX }),
    result: readResult(reading, fields),
  }
}

function readBranches(reading: Reading, fields: FieldReader, list: Node): ParallelState["branches"] {
  const nodes = fields.asList(list) ?? []
  if (Array.isArray(list.value) && (nodes.length === 0 || nodes.length > BRANCHES_MAX)) {
    reading.report.error("invalid_value", { pointer: list.pointer }, `a parallel has 1 to ${BRANCHES_MAX} branches`, {
      actual: nodes.length,
    })
  }
  const seen = new Set<string>()
  return nodes.slice(0, BRANCHES_MAX).map((node, i) => {
    const inside = fields.open(node, "a branch")
    const nameNode = inside.required("name", ["id"])
    const name = (nameNode && asName(reading, inside, nameNode)) ?? `(${i})`
    if (nameNode && seen.has(name)) {
      reading.report.error(
        "duplicate_name",
        { pointer: nameNode.pointer },
        `the branch name \`${name}\` is used twice`,
        { actual: name, hint: "Results are kept by branch name; choose another." },
      )
    }
    seen.add(name)
    const block: Block = readStates(reading, inside)
    inside.close()
    return { name, block }
  })
}

function readJoin(reading: Reading, fields: FieldReader, branches: number): Join {
  const inside = fields.object("join", "`join`")
  if (!inside) return { mode: "all", count: null, cancelRemaining: true, onBranchFailure: "failFast" }
  const mode = inside.oneOf("mode", ["all", "any", "quorum", "settled"]) ?? "all"
  const count = inside.integer("count", { min: 1, max: BRANCHES_MAX })
  const cancelRemaining = inside.boolean("cancelRemaining")
  const onBranchFailure = inside.oneOf("onBranchFailure", ["failFast", "wait"])
  checkJoin(reading, inside, { mode, count, branches })
  if (onBranchFailure !== null && mode !== "all") {
    const why = mode === "settled" ? "every branch is waited for" : "it fails as soon as too many branches have failed"
    reading.report.warning(
      "no_effect",
      { ...inside.place("onBranchFailure"), part: "key" },
      `\`onBranchFailure\` has no effect with \`mode: ${mode}\`: ${why}`,
      { hint: "Remove it." },
    )
  }
  inside.close()
  const onFailure = mode === "all" ? (onBranchFailure ?? "failFast") : "wait"
  return {
    mode,
    count: mode === "quorum" ? count : null,
    cancelRemaining: cancelRemaining ?? true,
    onBranchFailure: onFailure,
  }
}

function checkJoin(
  reading: Reading,
  inside: FieldReader,
  { mode, count, branches }: { mode: Join["mode"]; count: number | null; branches: number },
): void {
  if (mode === "quorum" && !inside.has("count")) inside.missing("count", "How many branches must succeed.")
  if (mode !== "quorum" && inside.has("count")) {
    reading.report.error(
      "conflicting_fields",
      { ...inside.place("count"), part: "key" },
      "`count` belongs to `mode: quorum`",
      { hint: "Write `mode: quorum`, or remove `count`." },
    )
  }
  if (mode === "quorum" && count !== null && branches > 0 && count > branches) {
    reading.report.error(
      "quorum_impossible",
      inside.place("count"),
      `${count} of ${branches} branches can never succeed`,
      { expected: `at most ${branches}`, actual: count },
    )
  }
}

export function readForeach(reading: Reading, fields: FieldReader, common: CommonFields): ForeachState {
  const itemName = readVariable(reading, fields, "itemName", "item")
  const indexName = readVariable(reading, fields, "indexName", "index")
  if (itemName === indexName) {
    reading.report.error(
      "conflicting_fields",
      fields.place(fields.has("itemName") ? "itemName" : "indexName"),
      "`itemName` and `indexName` are the same",
      { actual: itemName },
    )
  }
  const onItemFailure = fields.oneOf("onItemFailure", ["fail", "continue"])
  const toleratedFailureCount = fields.integer("toleratedFailureCount", { min: 0 })
  if (toleratedFailureCount !== null && onItemFailure !== "continue") {
    reading.report.error(
      "conflicting_fields",
      { ...fields.place("toleratedFailureCount"), part: "key" },
      "`toleratedFailureCount` needs `onItemFailure: continue`",
      { hint: "Add `onItemFailure: continue`." },
    )
  }
  return {
    ...common,
    type: "foreach",
    items: readItems(reading, fields),
    itemName,
    indexName,
    maxConcurrency: fields.integer("maxConcurrency", { min: 1, max: CONCURRENCY_MAX }) ?? 1,
    block: requiredBlock(reading, fields, "iterator", "`iterator`"),
    while: reading.condition(fields, "while"),
    onItemFailure: onItemFailure ?? "fail",
    toleratedFailureCount,
    result: readResult(reading, fields),
  }
}

function readItems(reading: Reading, fields: FieldReader): ForeachState["items"] {
  const node = fields.take("itemsPath")
  if (!node) fields.missing("itemsPath", "A path such as `ctx.services`, or the list itself.")
  if (node && Array.isArray(node.value)) return { inline: reading.asTemplate(node) }
  return { path: (node && reading.asPath(fields, node)) ?? { text: "", segments: [], rooted: true } }
}

export function readTry(reading: Reading, fields: FieldReader, common: CommonFields): TryState {
  const block = requiredBlock(reading, fields, "try", "`try`")
  const cleanup = readBlock(reading, fields, "finally", "`finally`")
  if (common.catch.length === 0 && !cleanup) {
    reading.report.warning(
      "no_effect",
      { pointer: fields.pointer },
      "a `try` without `catch` and `finally` changes nothing",
      { hint: "Add `catch` or `finally`." },
    )
  }
  return { ...common, type: "try", block, finally: cleanup, result: NO_RESULT }
}

export function readLoop(reading: Reading, fields: FieldReader, common: CommonFields): LoopState {
  if (!fields.has("maxIterations")) fields.missing("maxIterations", "The bound that holds whatever the condition says.")
  const repeat = reading.condition(fields, "while")
  const until = reading.condition(fields, "until")
  if (fields.has("while") && fields.has("until")) {
    reading.report.error("conflicting_fields", fields.place("until"), "a loop has either `while` or `until`", {
      hint: "Join them in one expression.",
    })
  }
  return {
    ...common,
    type: "loop",
    block: requiredBlock(reading, fields, "do", "`do`"),
    while: repeat,
    until,
    maxIterations: fields.integer("maxIterations", { min: 1, max: ITERATIONS_MAX }) ?? 1,
    delayMs: fields.milliseconds("delaySeconds", { allowZero: true }) ?? 0,
    result: readResult(reading, fields),
  }
}
