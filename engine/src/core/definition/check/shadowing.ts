/** Names that hide other names: keys of the context over the read-only helpers, item names over outer ones (dsl.md §2). */
import type { Block, Definition } from "../model.ts"
import type { Reading } from "../read/reading.ts"
import { innerBlocks, walkStates } from "../walk.ts"
import { declaredInputs } from "./input-shape.ts"

const HELPERS: Readonly<Record<string, string>> = {
  input: "the run's input",
  run: "the run's own data",
  workflow: "the workflow's own data",
}

export function checkShadowing(reading: Reading, definition: Definition): void {
  for (const name of declaredInputs(definition.inputSchema)) {
    if (!Object.hasOwn(HELPERS, name)) continue
    const pointer = `/inputSchema/properties/${name}`
    reading.report.warning("shadowed_name", { pointer, part: "key" }, `the field \`${name}\` hides ${HELPERS[name]}`, {
      actual: name,
      hint: "Choose another name if you need both.",
    })
  }
  for (const { state } of walkStates(definition.block)) {
    const path = state.result.path
    const first = path?.segments[0]
    if (!path || typeof first !== "string" || !Object.hasOwn(HELPERS, first)) continue
    reading.report.warning(
      "shadowed_name",
      { pointer: reading.originOf(path) },
      `the path \`${path.text}\` hides ${HELPERS[first]}`,
      { actual: path.text, hint: "Write somewhere else, for example under `steps`." },
    )
  }
  checkItems(reading, definition.block, new Set())
}

function checkItems(reading: Reading, block: Block, outer: ReadonlySet<string>): void {
  for (const state of block.states.values()) {
    for (const { kind, block: inner } of innerBlocks(state)) {
      const names =
        state.type === "foreach" && kind === "iterator"
          ? [state.itemName, state.indexName]
          : kind === "do"
            ? ["index"]
            : []
      const hidden = names.find((name) => outer.has(name) && name !== "index")
      if (hidden !== undefined) {
        const hint = "Give this one its own `itemName`."
        reading.report.warning(
          "shadowed_name",
          { pointer: reading.originOf(state) },
          `\`${hidden}\` hides the same name of a foreach around it`,
          { actual: hidden, hint },
        )
      }
      checkItems(reading, inner, new Set([...outer, ...names]))
    }
  }
}
