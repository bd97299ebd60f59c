/** Walking over a definition: every block and every state, wherever they are nested, in the order of the text. */
import type { Block, State } from "./model.ts"

export type BlockKind = "top" | "branch" | "iterator" | "do" | "try" | "finally" | "onCancel"

export interface InnerBlock {
  readonly kind: Exclude<BlockKind, "top">
  readonly block: Block
  /** The branch's name; null for other kinds. */
  readonly branch: string | null
}

/** The blocks that a state holds. */
export function innerBlocks(state: State): readonly InnerBlock[] {
  const blocks: InnerBlock[] = []
  const add = (kind: InnerBlock["kind"], block: Block | null, branch: string | null = null) => {
    if (block) blocks.push({ kind, block, branch })
  }
  if (state.type === "parallel") for (const { name, block } of state.branches) add("branch", block, name)
  if (state.type === "foreach") add("iterator", state.block)
  if (state.type === "loop") add("do", state.block)
  if (state.type === "try") {
    add("try", state.block)
    add("finally", state.finally)
  }
  add("onCancel", state.onCancel)
  return blocks
}

/** Outer states before those inside them. */
export function* walkStates(block: Block): Generator<{ readonly state: State; readonly block: Block }> {
  for (const state of block.states.values()) {
    yield { state, block }
    for (const inner of innerBlocks(state)) yield* walkStates(inner.block)
  }
}

export function* walkBlocks(
  block: Block,
  kind: BlockKind = "top",
): Generator<{ readonly block: Block; readonly kind: BlockKind }> {
  yield { block, kind }
  for (const state of block.states.values())
    for (const inner of innerBlocks(state)) yield* walkBlocks(inner.block, inner.kind)
}
