/**
 * What changed between two texts, line by line: the shortest script of lines that went and lines that came (Myers 1986),
 * between the beginning and the end that both share. Bounded: beyond EDITS_MAX differences what is left between the two
 * is told as one replaced block, which is true and can be read, only not the shortest.
 */
export type DiffLine = {
  readonly kind: "same" | "added" | "removed"
  readonly text: string
  /** 1-based, in the older and the newer text. */
  readonly before?: number
  readonly after?: number
}

const EDITS_MAX = 1000

type Kind = DiffLine["kind"]

export function diffLines(from: string, to: string, editsMax = EDITS_MAX): readonly DiffLine[] {
  const a = linesOf(from)
  const b = linesOf(to)
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++
  const kinds = middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail), editsMax)
  const same = (count: number): readonly Kind[] => Array.from({ length: count }, () => "same")
  return numbered([...same(head), ...kinds, ...same(tail)], a, b)
}

/** A last line without an end is a line; an end without a line behind it is none. */
const linesOf = (text: string): readonly string[] => {
  const lines = text.split(/\r?\n/)
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines
}

function numbered(kinds: readonly Kind[], a: readonly string[], b: readonly string[]): readonly DiffLine[] {
  let before = 0
  let after = 0
  return kinds.map((kind) => {
    if (kind === "removed") return { kind, text: a[before]!, before: ++before }
    if (kind === "added") return { kind, text: b[after]!, after: ++after }
    return { kind, text: a[before]!, before: ++before, after: ++after }
  })
}

function middle(a: readonly string[], b: readonly string[], editsMax: number): readonly Kind[] {
  const trace = furthest(a, b, editsMax)
  if (trace === undefined) return [...a.map(() => "removed" as const), ...b.map(() => "added" as const)]
  return walkBack(trace, a.length, b.length)
}

/** For each number of edits, how far along each diagonal `x - y` one gets; undefined when the bound is not enough. */
function furthest(a: readonly string[], b: readonly string[], editsMax: number) {
  const reach = new Map<number, number>([[1, 0]])
  const trace: ReadonlyMap<number, number>[] = []
  const bound = Math.min(editsMax, a.length + b.length)
  for (let edits = 0; edits <= bound; edits++) {
    trace.push(new Map(reach))
    for (let k = -edits; k <= edits; k += 2) {
      let x = comesFromAbove(reach, k, edits) ? reach.get(k + 1)! : reach.get(k - 1)! + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++
      reach.set(k, x)
      if (x >= a.length && x - k >= b.length) return trace
    }
  }
  return undefined
}

/** Along diagonal k the last edit was a line that came (from k + 1) and not one that went (from k - 1). */
function comesFromAbove(reach: ReadonlyMap<number, number>, k: number, edits: number): boolean {
  return k === -edits || (k !== edits && reach.get(k - 1)! < reach.get(k + 1)!)
}

function walkBack(trace: readonly ReadonlyMap<number, number>[], lengthA: number, lengthB: number): readonly Kind[] {
  const kinds: Kind[] = []
  let x = lengthA
  let y = lengthB
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const reach = trace[edits]!
    const added = comesFromAbove(reach, x - y, edits)
    const k = added ? x - y + 1 : x - y - 1
    const startX = reach.get(k)!
    const startY = startX - k
    while (x > startX && y > startY && x > 0 && y > 0) {
      kinds.push("same")
      x--
      y--
    }
    if (edits > 0) kinds.push(added ? "added" : "removed")
    x = startX
    y = startY
  }
  return kinds.reverse()
}
