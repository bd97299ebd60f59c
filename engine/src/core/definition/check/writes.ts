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

/** Writes of one block's states, found by where they begin: a long block has thousands, nearly all under `steps`. */
export class WriteIndex {
  /** States that may write anything. */
  readonly unbounded: string[] = []
  private readonly byKey = new Map<string, { readonly state: string; readonly write: Write }[]>()
  readonly all: { readonly state: string; readonly write: Write }[] = []

  constructor(writes: Iterable<readonly [state: string, writes: Writes]>) {
    for (const [state, { list, anything }] of writes) {
      if (anything) this.unbounded.push(state)
      for (const write of list) this.add(state, write)
    }
  }

  /** Writes that may have made something at, above or inside a path. */
  *near(segments: Write["segments"]): Generator<{ readonly state: string; readonly write: Write }> {
    const [first, second] = segments
    if (second === undefined) return yield* this.byKey.get(keyOf(first, "*")) ?? []
    yield* this.byKey.get(keyOf(first)) ?? []
    yield* this.byKey.get(keyOf(first, second)) ?? []
  }

  private add(state: string, write: Write): void {
    const entry = { state, write }
    const [first, second] = write.segments
    this.all.push(entry)
    for (const key of [keyOf(first, "*"), second === undefined ? keyOf(first) : keyOf(first, second)]) {
      const entries = this.byKey.get(key)
      if (entries) entries.push(entry)
      else this.byKey.set(key, [entry])
    }
  }
}

function keyOf(first: string | number | undefined, second?: string | number): string {
  // No name holds a NUL, and a number is told from the name that looks like it.
  return second === "*"
    ? `${partOf(first)}\u0000*`
    : second === undefined
      ? partOf(first)
      : `${partOf(first)}\u0000${partOf(second)}`
}

function partOf(segment: string | number | undefined): string {
  return typeof segment === "number" ? `#${segment}` : `=${segment}`
}
