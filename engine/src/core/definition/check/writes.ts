/** What each state writes into the context that it shares with the states after it. */
import type { Json } from "../../json.ts"
import { isJsonObject } from "../../json.ts"
import type { Block, State } from "../model.ts"
import { innerBlocks } from "../walk.ts"

export interface Write {
  readonly segments: readonly (string | number)[]
  /** The value, where the definition itself says it; undefined: known only when it runs. */
  readonly value: Json | undefined
}

/** `anything`: merges an unknown object at the root, so that any name may exist afterwards. */
export interface Writes {
  readonly list: readonly Write[]
  readonly anything: boolean
}

const NOTHING: Writes = { list: [], anything: false }

export function writesOf(state: State): Writes {
  const parts = [resultOf(state), ...state.catch.map((clause) => at(clause.resultPath?.segments ?? [clause.as]))]
  // Loops, bodies of `try` and clean-ups write into the context around them; branches and items into their own.
  for (const { kind, block } of innerBlocks(state))
    if (kind !== "branch" && kind !== "iterator") parts.push(writesOfBlock(block))
  return joined(parts)
}

export function writesOfBlock(block: Block | null): Writes {
  return block ? joined([...block.states.values()].map(writesOf)) : NOTHING
}

function joined(parts: readonly Writes[]): Writes {
  return { list: parts.flatMap((part) => part.list), anything: parts.some((part) => part.anything) }
}

function at(segments: Write["segments"], value?: Json): Writes {
  return { list: [{ segments, value }], anything: false }
}

function resultOf(state: State): Writes {
  const { path, mode, selector } = state.result
  if (!path) return NOTHING
  const data = state.type === "inject" && state.data.kind === "literal" && !selector ? state.data.value : undefined
  if (path.segments.length > 0) return at(path.segments, mode === "append" ? undefined : data)
  if (data !== undefined && isJsonObject(data))
    return joined(Object.entries(data).map(([key, value]) => at([key], value)))
  if (state.type === "inject" && state.data.kind === "object" && !selector)
    return joined(state.data.entries.map(([key]) => at([key])))
  return { list: [], anything: true }
}
