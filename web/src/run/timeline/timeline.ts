/**
 * A run's timeline as a tree: steps under the steps that hold them, with branches, items and rounds as groups where they
 * hold more than one step. It reads the server's lanes and segments and decides nothing about the run.
 */
import type { Timeline } from "@waybill/contract"
import { blockOf } from "./branch-path.ts"

export type Lane = Timeline["lanes"][number]
export type SegmentKind = Timeline["segments"][number]["kind"]

export type Span = {
  readonly kind: SegmentKind
  readonly attempt: number
  readonly from: number
  /** Null while it lasts. */
  readonly to: number | null
  readonly outcome: string | null
}

export type TimelineNode = {
  /** The step's id; of a group, its holder's id and its place in it. */
  readonly id: string
  /** Null for a group. */
  readonly step: Lane | null
  /** The step's name, or what the group is: `branch pods`, `item 3`. */
  readonly name: string
  /** Beside the name: the group that is not shown because it holds this step alone, or which visit it is. */
  readonly detail: string
  readonly status: string
  readonly from: number
  readonly to: number | null
  readonly spans: readonly Span[]
  readonly children: readonly TimelineNode[]
  /** It failed, or something in it did. */
  readonly hasFailed: boolean
  /** Steps in it and it itself. */
  readonly steps: number
}

export type RunTimeline = {
  readonly roots: readonly TimelineNode[]
  /** In the order in which they were entered. */
  readonly byId: ReadonlyMap<string, TimelineNode>
  /** Holder of each node. */
  readonly parentOf: ReadonlyMap<string, string>
  readonly from: number
  /** The end of the run, or of what is known of it. */
  readonly to: number
  readonly isOpen: boolean
  readonly steps: number
}

export type RunTimes = {
  readonly startedAt: string | null
  readonly createdAt: string
  readonly completedAt: string | null
}

export function readTimeline(timeline: Pick<Timeline, "lanes" | "segments">, run: RunTimes): RunTimeline {
  const end = run.completedAt === null ? null : Date.parse(run.completedAt)
  const spans = spansByLane(timeline.segments, end)
  const inside = childrenOf(timeline.lanes)
  const byId = new Map<string, TimelineNode>()
  const parentOf = new Map<string, string>()
  const holders: Lane[] = []
  // Depth first without recursion: holders are made after what they hold.
  const todo = [...(inside.get(null) ?? [])].reverse()
  while (todo.length > 0) {
    const lane = todo.pop()!
    holders.push(lane)
    todo.push(...(inside.get(lane.id) ?? []))
  }
  const made = new Map<string, TimelineNode>()
  const keep = (nodes: readonly TimelineNode[], parent: string | null) => {
    for (const node of nodes) if (parent !== null) parentOf.set(node.id, parent)
  }
  for (const lane of holders.reverse()) {
    const within = (inside.get(lane.id) ?? []).map((child) => made.get(child.id)!)
    const children = grouped(lane, within)
    for (const child of children) if (child.step === null) keep(child.children, child.id)
    keep(children, lane.id)
    made.set(lane.id, stepNode(lane, spans.get(lane.id) ?? [], children, end))
  }
  const roots = (inside.get(null) ?? []).map((lane) => made.get(lane.id)!)
  index(roots, byId)
  const from = Date.parse(run.startedAt ?? run.createdAt)
  return {
    roots,
    byId,
    parentOf,
    from,
    to: end ?? latest(roots, from),
    isOpen: end === null,
    steps: timeline.lanes.length,
  }
}

function spansByLane(segments: Timeline["segments"], end: number | null): ReadonlyMap<string, Span[]> {
  const spans = new Map<string, Span[]>()
  for (const { lane, kind, attempt, from, to, outcome } of segments) {
    const span = { kind, attempt, from: Date.parse(from), to: to === null ? end : Date.parse(to), outcome }
    const known = spans.get(lane)
    if (known === undefined) spans.set(lane, [span])
    else known.push(span)
  }
  return spans
}

function childrenOf(lanes: readonly Lane[]): ReadonlyMap<string | null, Lane[]> {
  const known = new Set(lanes.map((lane) => lane.id))
  const inside = new Map<string | null, Lane[]>()
  for (const lane of lanes) {
    const parent = lane.parent !== null && known.has(lane.parent) ? lane.parent : null
    const siblings = inside.get(parent)
    if (siblings === undefined) inside.set(parent, [lane])
    else siblings.push(lane)
  }
  return inside
}

function stepNode(
  lane: Lane,
  spans: readonly Span[],
  children: readonly TimelineNode[],
  end: number | null,
): TimelineNode {
  const status = statusOf(lane, spans, end)
  return {
    id: lane.id,
    step: lane,
    name: lane.name,
    // A state that was come to again is told apart by its count.
    detail: lane.visit === 1 ? "" : `visit ${lane.visit}`,
    status,
    from: Date.parse(lane.from),
    to: lane.to === null ? end : Date.parse(lane.to),
    spans,
    children,
    hasFailed: isFailure(status) || children.some((child) => child.hasFailed),
    steps: children.reduce((sum, child) => sum + child.steps, 1),
  }
}

export const isFailure = (status: string): boolean => status === "FAILED" || status === "TIMED_OUT"

/** A lane says RUNNING from its entry to its exit; what it does meanwhile is told by its open segment. */
function statusOf(lane: Lane, spans: readonly Span[], end: number | null): string {
  if (lane.to !== null) return lane.status
  if (end !== null) return "CANCELLED"
  switch (spans.findLast((span) => span.to === null)?.kind) {
    case "approval":
      return "WAITING_APPROVAL"
    case "signal":
      return "WAITING_SIGNAL"
    case "queued":
      return "PENDING"
    default:
      return "RUNNING"
  }
}

/** What a step holds, in branches, items or rounds. One step alone says beside its name where it stands. */
function grouped(holder: Lane, nodes: readonly TimelineNode[]): readonly TimelineNode[] {
  const groups = new Map<string, TimelineNode[]>()
  for (const node of nodes) {
    const block = blockOf(holder, node.step!.branchPath)
    const known = groups.get(block)
    if (known === undefined) groups.set(block, [node])
    else known.push(node)
  }
  if ([...groups.values()].every((group) => group.length === 1)) {
    return nodes.map((node) => ({ ...node, detail: joined(blockOf(holder, node.step!.branchPath), node.detail) }))
  }
  return [...groups].map(([block, group]) => groupNode(`${holder.id}/${block}`, block, group))
}

const joined = (a: string, b: string) => (a === "" || b === "" ? a + b : `${a}, ${b}`)

function groupNode(id: string, name: string, children: readonly TimelineNode[]): TimelineNode {
  const open = children.find((child) => child.to === null)
  const last = children.at(-1)!
  return {
    id,
    step: null,
    name: name === "" ? "inside" : name,
    detail: "",
    // The last step decides: a failure before it was dealt with.
    status: open?.status ?? last.status,
    from: Math.min(...children.map((child) => child.from)),
    to: open === undefined ? Math.max(...children.map((child) => child.to!)) : null,
    spans: [],
    children,
    hasFailed: children.some((child) => child.hasFailed),
    steps: children.reduce((sum, child) => sum + child.steps, 0),
  }
}

function index(roots: readonly TimelineNode[], byId: Map<string, TimelineNode>): void {
  const todo = [...roots].reverse()
  while (todo.length > 0) {
    const node = todo.pop()!
    byId.set(node.id, node)
    for (const child of node.children.toReversed()) todo.push(child)
  }
}

function latest(roots: readonly TimelineNode[], from: number): number {
  return roots.reduce((end, node) => Math.max(end, node.to ?? node.from), from)
}
