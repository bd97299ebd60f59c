/** What is said of each state in the diagram of a run: how it stands, and how often it was come to. */
import type { DiagramMark } from "../../parts/diagram/Diagram.tsx"
import { placeOf } from "../../parts/diagram/graph.ts"
import { lookOfStep } from "../../ui/step-look.ts"
import { formatDuration } from "../../ui/time/duration.ts"
import { isFailure, type RunTimeline, type TimelineNode } from "./timeline.ts"

export type GraphMarks = {
  readonly marks: ReadonlyMap<string, DiagramMark>
  /** The step that is looked into when a state is chosen: what failed, else what moves, else the last. */
  readonly stepAt: ReadonlyMap<string, string>
}

export function graphMarks({ byId }: RunTimeline): GraphMarks {
  const places = new Map<string, TimelineNode[]>()
  for (const node of byId.values()) {
    if (node.step === null) continue
    const place = placeOf(node.step)
    const known = places.get(place)
    if (known === undefined) places.set(place, [node])
    else known.push(node)
  }
  const marks = new Map<string, DiagramMark>()
  const stepAt = new Map<string, string>()
  for (const [place, nodes] of places) {
    const telling =
      nodes.find((node) => node.to === null) ?? nodes.find((node) => isFailure(node.status)) ?? nodes.at(-1)!
    marks.set(place, { look: lookOfStep(telling.status), words: wordsOf(nodes) })
    stepAt.set(place, telling.id)
  }
  return { marks, stepAt }
}

function wordsOf(nodes: readonly TimelineNode[]): string {
  const [only] = nodes
  if (nodes.length === 1 && only !== undefined) {
    const retries = only.step?.retries ?? 0
    const time = only.to === null ? "" : formatDuration(only.to - only.from)
    return [time, retries > 0 && (retries === 1 ? "1 retry" : `${retries} retries`)].filter(Boolean).join(", ")
  }
  const failed = nodes.filter((node) => isFailure(node.status)).length
  const open = nodes.filter((node) => node.to === null).length
  return [`${nodes.length} ×`, failed > 0 && `${failed} failed`, open > 0 && `${open} open`].filter(Boolean).join(", ")
}
