/**
 * Where a step stands in its definition: the states that hold it, outermost first, found again from the path that its
 * row shows (settled 3). Needs no run in memory.
 */
import type { Block, Definition, State } from "../../definition/model.ts"
import type { ScopeKind } from "../../run/events.ts"

export interface Link {
  readonly state: State
  /** The kind of the scope it stands in; null = the top level. */
  readonly inside: ScopeKind | null
}

/** Null: the path does not lead to a state of this definition. */
export function placeIn(definition: Definition, branchPath: string, name: string): readonly Link[] | null {
  return search(definition.block, null, branchPath, name)
}

/** Every place where a state of this name stands, so that a path is asked for only where there is more than one. */
export function placesNamed(definition: Definition, name: string): readonly (readonly Link[])[] {
  const found: (readonly Link[])[] = []
  const walk = (block: Block, inside: ScopeKind | null, outer: readonly Link[]): void => {
    for (const state of block.states.values()) {
      const chain = [...outer, { state, inside }]
      if (state.name === name) found.push(chain)
      for (const inner of innerBlocks(state)) walk(inner.block, inner.kind, chain)
    }
  }
  walk(definition.block, null, [])
  return found
}

function search(block: Block, inside: ScopeKind | null, path: string, name: string): readonly Link[] | null {
  if (path === "") {
    const state = block.states.get(name)
    return state === undefined ? null : [{ state, inside }]
  }
  for (const state of block.states.values()) {
    for (const inner of innerBlocks(state)) {
      const rest = behind(path, state.name, inner)
      const found = rest === null ? null : search(inner.block, inner.kind, rest, name)
      if (found !== null) return [{ state, inside }, ...found]
    }
  }
  return null
}

interface Inner {
  readonly kind: ScopeKind
  readonly name: string
  readonly block: Block
}

function innerBlocks(state: State): readonly Inner[] {
  const inner: Inner[] = []
  switch (state.type) {
    case "parallel":
      for (const { name, block } of state.branches) inner.push({ kind: "branch", name, block })
      break
    case "foreach":
      inner.push({ kind: "item", name: "", block: state.block })
      break
    case "loop":
      inner.push({ kind: "do", name: "", block: state.block })
      break
    case "try":
      inner.push({ kind: "try", name: "", block: state.block })
      if (state.finally !== null) inner.push({ kind: "finally", name: "", block: state.finally })
      break
    default:
      break
  }
  if (state.onCancel !== null) inner.push({ kind: "cancel", name: "", block: state.onCancel })
  return inner
}

/** What follows the frame of this block in the path; null = the path goes elsewhere. As `place.ts` writes it. */
function behind(path: string, owner: string, inner: Inner): string | null {
  if (!path.startsWith(owner)) return null
  const rest = path.slice(owner.length).replace(/^#\d+/, "")
  const frame = frameOf(inner, rest)
  if (frame === null) return null
  const behindIt = rest.slice(frame.length)
  if (behindIt === "") return ""
  return behindIt.startsWith("/") ? behindIt.slice(1) : null
}

function frameOf({ kind, name }: Inner, rest: string): string | null {
  switch (kind) {
    case "branch":
      return rest.startsWith(`/${name}`) ? `/${name}` : null
    case "item":
      return /^\[\d+\]/.exec(rest)?.[0] ?? null
    case "do":
      return /^\.do\[\d+\]/.exec(rest)?.[0] ?? null
    default:
      return rest.startsWith(`.${kind}`) ? `.${kind}` : null
  }
}
