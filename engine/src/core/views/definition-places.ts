/**
 * The states of a definition by their places: `checks/pods/check_pods`, one for all items and rounds (settled 4). Pure;
 * a row's place is found from its own path, so that a run need not be in memory.
 */
import type { Definition, State } from "../definition/model.ts"
import { type InnerBlock, innerBlocks } from "../definition/walk.ts"

export interface DefinitionPlace {
  readonly place: string
  readonly name: string
  /** It stands in no other state. */
  readonly isTop: boolean
}

/** In the order of the text, outer states before those inside them. */
export function definitionPlaces({ block }: Definition): readonly DefinitionPlace[] {
  return [...placesIn(block.states.values(), "")]
}

function* placesIn(states: Iterable<State>, path: string): Generator<DefinitionPlace> {
  for (const state of states) {
    yield { place: join(path, state.name), name: state.name, isTop: path === "" }
    for (const inner of innerBlocks(state))
      yield* placesIn(inner.block.states.values(), join(path, frameOf(state, inner)))
  }
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}/${name}`
}

/** As `place.ts` writes it, without the item and the round. */
function frameOf({ name }: State, { kind, branch }: InnerBlock): string {
  switch (kind) {
    case "branch":
      return `${name}/${branch}`
    case "iterator":
      return name
    case "onCancel":
      return `${name}.cancel`
    default:
      return `${name}.${kind}`
  }
}

/** The path without which visit, item or round it was (settled 3). */
export function stepPlace({ branchPath, name }: { readonly branchPath: string; readonly name: string }): string {
  if (branchPath === "") return name
  return `${branchPath.replace(/#\d+(?=[/.[]|$)/g, "").replace(/\[\d+\](?=\/|$)/g, "")}/${name}`
}
