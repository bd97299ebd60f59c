/**
 * A workflow as a picture: its states, what they hold, and the ways between them, with a mark on each state where there is
 * something to say of it. The drawing itself is a chunk of its own.
 */
import { lazy, Suspense, useMemo } from "react"
import type { DiagramProps } from "./diagram-props.ts"
import { diagramOf } from "./graph.ts"

const Canvas = lazy(() => import("./Canvas.tsx"))

export type { DiagramMark } from "./diagram-props.ts"

/** Beyond so many states a picture shows nothing that the list does not show better. */
const STATES_MAX = 400

export function Diagram({ definition, ...rest }: DiagramProps) {
  const block = useMemo(() => diagramOf(definition), [definition])
  const count = useMemo(() => countOf(block), [block])
  if (count === 0) return <p className="p-6 text-center text-muted">There is no state to be drawn.</p>
  if (count > STATES_MAX) {
    return <p className="p-6 text-center text-muted">{count} states are too many for a picture.</p>
  }
  return (
    <Suspense fallback={<div className="h-96 rounded-md border bg-surface" />}>
      <Canvas block={block} {...rest} />
    </Suspense>
  )
}

function countOf(block: ReturnType<typeof diagramOf>): number {
  return block.states.reduce(
    (sum, state) => sum + 1 + state.blocks.reduce((inside, one) => inside + countOf(one), 0),
    0,
  )
}
