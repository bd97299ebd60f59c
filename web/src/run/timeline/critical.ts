/**
 * The chain of steps that decided when the run ended: from its end backwards, each time the step that ended last before
 * the one behind it began. Shortening anything else does not shorten the run.
 */
import type { RunTimeline, TimelineNode } from "./timeline.ts"

export function criticalPath({ byId }: RunTimeline, now: number): ReadonlySet<string> {
  const end = (node: TimelineNode) => node.to ?? now
  const leaves = [...byId.values()]
    .filter((node) => node.step !== null && node.children.length === 0)
    .sort((a, b) => end(b) - end(a) || b.step!.seq - a.step!.seq)
  const chain = new Set<string>()
  let before = Number.POSITIVE_INFINITY
  let beforeSeq = Number.POSITIVE_INFINITY
  for (const node of leaves) {
    if (end(node) > before || node.step!.seq >= beforeSeq) continue
    chain.add(node.id)
    before = node.from
    beforeSeq = node.step!.seq
  }
  return chain
}
