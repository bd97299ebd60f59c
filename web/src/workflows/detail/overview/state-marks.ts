/** The figures of each state as a mark in the picture: how often it was entered, how it went, how long it took. */
import type { WorkflowStats } from "@waybill/contract"
import type { DiagramMark } from "../../../parts/diagram/Diagram.tsx"
import { type DiagramBlock, diagramOf } from "../../../parts/diagram/graph.ts"
import { lookOfStep } from "../../../ui/step-look.ts"
import { formatDuration } from "../../../ui/time/duration.ts"

type StateFigures = WorkflowStats["states"][number]

export function stateMarks(definition: unknown, stats: WorkflowStats): ReadonlyMap<string, DiagramMark> {
  const byPath = new Map(stats.states.map((state) => [state.path, state]))
  const marks = [...placesIn(diagramOf(definition))].flatMap((place) => {
    // The picture says where items are; the figures are of all of them together.
    const figures = byPath.get(place.replaceAll("[]", ""))
    return figures === undefined ? [] : [[place, markOf(figures)] as const]
  })
  return new Map(marks)
}

function* placesIn(block: DiagramBlock): Generator<string> {
  for (const state of block.states) {
    yield state.id
    for (const inner of state.blocks) yield* placesIn(inner)
  }
}

function markOf({ entered, failed, p95Ms }: StateFigures): DiagramMark {
  const words = [
    `${entered.toLocaleString("en")}×`,
    failed > 0 ? `${failed.toLocaleString("en")} failed` : null,
    p95Ms === null || p95Ms === 0 ? null : `p95 ${formatDuration(p95Ms)}`,
  ].filter((part) => part !== null)
  return { words: words.join(" · "), ...(failed > 0 && { look: lookOfStep("FAILED") }) }
}
