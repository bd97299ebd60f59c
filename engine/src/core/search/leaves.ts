/** The scalars of a value, each with the path to it: names joined by dots, through lists as if they were not there. */
import type { Json } from "../json.ts"

export type Scalar = string | number | boolean | null

export interface Leaf {
  /** Empty: the value itself is one. */
  readonly path: string
  readonly value: Scalar
}

const depthMax = 32

export function* leavesOf(value: Json, path = "", depth = 0): Generator<Leaf> {
  if (value === null || typeof value !== "object") {
    yield { path, value }
    return
  }
  if (depth >= depthMax) return
  if (Array.isArray(value)) {
    for (const item of value) yield* leavesOf(item, path, depth + 1)
    return
  }
  for (const [name, item] of Object.entries(value))
    yield* leavesOf(item as Json, path === "" ? name : `${path}.${name}`, depth + 1)
}

/** Bounds of what is found by its path: of the input, and of the output, each. */
export const pathLimits = { leaves: 64, pathChars: 200, textChars: 128 } as const

export interface PathLeaves {
  readonly leaves: readonly Leaf[]
  /** There were more, or longer ones: they are found by their words only. */
  readonly cut: number
}

/** What `in.` and `out.` look at: the first of the value's scalars that are short enough, each once. */
export function pathLeaves(value: Json): PathLeaves {
  const found = new Map<string, Leaf>()
  let cut = 0
  for (const leaf of leavesOf(value)) {
    if (leaf.path === "" || found.size >= pathLimits.leaves || isLong(leaf)) {
      cut++
      continue
    }
    found.set(`${leaf.path}\n${typeof leaf.value}\n${leaf.value}`, leaf)
  }
  return { leaves: [...found.values()], cut }
}

function isLong({ path, value }: Leaf): boolean {
  return path.length > pathLimits.pathChars || (typeof value === "string" && value.length > pathLimits.textChars)
}
