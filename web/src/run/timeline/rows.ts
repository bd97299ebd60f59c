/** Which rows of the tree are seen: what is folded hides what it holds, and a filter keeps what holds its finds. */
import type { RunTimeline, TimelineNode } from "./timeline.ts"

export type TimelineRow = {
  readonly node: TimelineNode
  /** 0 at the top. */
  readonly depth: number
  readonly canFold: boolean
  readonly isOpen: boolean
  /** Among its siblings that are shown, from 1, and how many these are. */
  readonly place: number
  readonly siblings: number
}

export type Shown = {
  readonly folded: ReadonlySet<string>
  /** Absent: everything. Holders of what is wanted stay. */
  readonly wanted?: ReadonlySet<string>
}

export function rowsOf(timeline: RunTimeline, { folded, wanted }: Shown): readonly TimelineRow[] {
  const rows: TimelineRow[] = []
  const seen = wanted === undefined ? undefined : withHolders(timeline, wanted)
  const kept = (nodes: readonly TimelineNode[]) =>
    seen === undefined ? nodes : nodes.filter((node) => seen.has(node.id))
  const todo: { nodes: readonly TimelineNode[]; at: number; depth: number }[] = []
  const enter = (nodes: readonly TimelineNode[], depth: number) => todo.push({ nodes: kept(nodes), at: 0, depth })
  enter(timeline.roots, 0)
  while (todo.length > 0) {
    const level = todo.at(-1)!
    const node = level.nodes[level.at]
    if (node === undefined) {
      todo.pop()
      continue
    }
    level.at++
    const canFold = kept(node.children).length > 0
    const isOpen = canFold && !folded.has(node.id)
    rows.push({ node, depth: level.depth, canFold, isOpen, place: level.at, siblings: level.nodes.length })
    if (isOpen) enter(node.children, level.depth + 1)
  }
  return rows
}

function withHolders({ parentOf }: RunTimeline, wanted: ReadonlySet<string>): ReadonlySet<string> {
  const seen = new Set<string>()
  for (const id of wanted) {
    let at: string | undefined = id
    while (at !== undefined && !seen.has(at)) {
      seen.add(at)
      at = parentOf.get(at)
    }
  }
  return seen
}

/** What failed and what was tried again. */
export function failures({ byId }: RunTimeline): ReadonlySet<string> {
  const ids = [...byId.values()].filter(({ step, status }) => step !== null && (isBad(status) || step.retries > 0))
  return new Set(ids.map(({ id }) => id))
}

const isBad = (status: string) => status === "FAILED" || status === "TIMED_OUT"

/** Everything that holds something: for folding it all. */
export function holders({ byId }: RunTimeline): ReadonlySet<string> {
  return new Set([...byId.values()].filter((node) => node.children.length > 0).map(({ id }) => id))
}

/** The folding with which a node is seen. */
export function unfoldedTo({ parentOf }: RunTimeline, folded: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(folded)
  for (let at = parentOf.get(id); at !== undefined; at = parentOf.get(at)) next.delete(at)
  return next.size === folded.size ? folded : next
}

/** The next failure after a row, around the end: what failed by itself, not what failed with it. */
export function nextFailure({ byId }: RunTimeline, after: string | undefined): string | undefined {
  let first: string | undefined
  let isBehind = after === undefined
  for (const { id, step, status, children } of byId.values()) {
    const failed = step !== null && isBad(status) && !children.some((child) => child.hasFailed)
    if (failed && isBehind) return id
    if (failed) first ??= id
    isBehind ||= id === after
  }
  return first
}
