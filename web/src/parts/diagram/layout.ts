/**
 * Where the boxes of a diagram stand: each block is laid out by itself, from the top down, and then stands in its holder
 * as one box. Pixels; nothing is measured, so a definition always looks the same.
 */
import { graphlib, layout } from "@dagrejs/dagre"
import { type DiagramBlock, type DiagramState, END, START, type Way } from "./graph.ts"

export type Point = { readonly x: number; readonly y: number }

export type Box = {
  readonly id: string
  readonly kind: "state" | "holder" | "block" | "start" | "end"
  /** Null for blocks and ends. */
  readonly state: DiagramState | null
  readonly label: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** 0 at the top: what is deeper lies above. */
  readonly depth: number
}

export type Line = {
  readonly id: string
  readonly way: Way
  readonly points: readonly Point[]
  /** Where its label stands. */
  readonly at: Point | null
  readonly depth: number
}

export type Diagram = {
  readonly width: number
  readonly height: number
  readonly boxes: readonly Box[]
  readonly lines: readonly Line[]
}

const STATE = { width: 208, height: 52 }
const DOT = 14
const HOLDER_HEAD = 44
const BLOCK_HEAD = 26
const PAD = 14
const CHAR = 6.2
const LABEL_MAX = 26

export function layOut(block: DiagramBlock): Diagram {
  return place(block, 0)
}

function place(block: DiagramBlock, depth: number): Diagram {
  const graph = new graphlib.Graph({ multigraph: true })
  graph.setGraph({ rankdir: "TB", nodesep: 36, ranksep: 38, edgesep: 18, marginx: 0, marginy: 0 })
  const inner = new Map(block.states.map((state) => [state.id, insideOf(state, depth)]))
  for (const state of block.states) graph.setNode(state.id, { ...(inner.get(state.id)?.size ?? STATE) })
  const dots = depth === 0 ? dotsOf(block) : []
  // Inside of holders what has no way in is the beginning, and what has none out is an end: their dots would only take room.
  const ways = depth === 0 ? block.ways : block.ways.filter((way) => way.from !== START && way.to !== END)
  for (const dot of dots) graph.setNode(dot, { width: DOT, height: DOT })
  ways.forEach((way, at) => {
    const shown = shortLabel(way.label)
    graph.setEdge(
      way.from,
      way.to,
      { width: shown.length * CHAR, height: shown === "" ? 0 : 16, labelpos: "c" },
      String(at),
    )
  })
  layout(graph)

  const boxes: Box[] = []
  const lines: Line[] = []
  for (const dot of dots) {
    const { x, y } = graph.node(dot)
    const kind = dot === START ? "start" : "end"
    boxes.push({
      id: `${block.id}${dot}`,
      kind,
      state: null,
      label: "",
      x: x - DOT / 2,
      y: y - DOT / 2,
      width: DOT,
      height: DOT,
      depth,
    })
  }
  for (const state of block.states) {
    const { x, y, width, height } = graph.node(state.id)
    const [left, top] = [x - width / 2, y - height / 2]
    const inside = inner.get(state.id)
    const kind = inside === undefined ? "state" : "holder"
    boxes.push({ id: state.id, kind, state, label: state.name, x: left, y: top, width, height, depth })
    if (inside === undefined) continue
    boxes.push(...inside.boxes.map((box) => ({ ...box, x: box.x + left, y: box.y + top })))
    lines.push(...inside.lines.map((line) => moved(line, left, top)))
  }
  ways.forEach((way, at) => {
    const edge = graph.edge({ v: way.from, w: way.to, name: String(at) })
    const label = shortLabel(way.label)
    const place = label === "" || edge.x === undefined || edge.y === undefined ? null : { x: edge.x, y: edge.y }
    lines.push({ id: `${block.id}▸${at}`, way: { ...way, label }, points: edge.points, at: place, depth })
  })
  const { width = 0, height = 0 } = graph.graph()
  return { width, height, boxes, lines }
}

/** A block without states has neither beginning nor end; one that never ends has no end. */
function dotsOf(block: DiagramBlock): readonly string[] {
  if (block.start === null) return []
  return block.ways.some((way) => way.to === END) ? [START, END] : [START]
}

/** The blocks of a holder, side by side under its head. */
function insideOf(state: DiagramState, depth: number) {
  if (state.blocks.length === 0) return undefined
  const boxes: Box[] = []
  const lines: Line[] = []
  let left = PAD
  let tallest = 0
  for (const block of state.blocks) {
    const inner = place(block, depth + 2)
    const width = Math.max(inner.width + 2 * PAD, block.label.length * CHAR + 2 * PAD)
    const height = BLOCK_HEAD + inner.height + PAD
    boxes.push({
      id: `▸${block.id}`,
      kind: "block",
      state: null,
      label: block.label,
      x: left,
      y: HOLDER_HEAD,
      width,
      height,
      depth: depth + 1,
    })
    const [dx, dy] = [left + (width - inner.width) / 2, HOLDER_HEAD + BLOCK_HEAD]
    boxes.push(...inner.boxes.map((box) => ({ ...box, x: box.x + dx, y: box.y + dy })))
    lines.push(...inner.lines.map((line) => moved(line, dx, dy)))
    left += width + PAD
    tallest = Math.max(tallest, height)
  }
  // Blocks of one holder are as tall as the tallest.
  const even = boxes.map((box) => (box.kind === "block" && box.depth === depth + 1 ? { ...box, height: tallest } : box))
  const size = { width: Math.max(left, STATE.width), height: HOLDER_HEAD + tallest + PAD }
  return { size, boxes: even, lines }
}

function moved(line: Line, dx: number, dy: number): Line {
  const move = ({ x, y }: Point) => ({ x: x + dx, y: y + dy })
  return { ...line, points: line.points.map(move), at: line.at && move(line.at) }
}

const shortLabel = (label: string): string => (label.length <= LABEL_MAX ? label : `${label.slice(0, LABEL_MAX - 1)}…`)

/** A way through its points with its corners rounded off. */
export function pathThrough(points: readonly Point[]): string {
  const [first, ...rest] = points
  if (first === undefined) return ""
  const parts = [`M${at(first)}`]
  rest.forEach((point, index) => {
    const next = rest[index + 1]
    if (next === undefined) parts.push(`L${at(point)}`)
    else parts.push(`Q${at(point)} ${at({ x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 })}`)
  })
  return parts.join(" ")
}

const at = ({ x, y }: Point): string => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`
