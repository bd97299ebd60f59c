/**
 * The time axis: from instants to shares of the width. Time in which nothing works, an approval that took an afternoon, is
 * folded to a narrow strip, so that the seconds around it can be read; a fold says how much it holds.
 */
export type Interval = { readonly from: number; readonly to: number }

export type Piece = Interval & {
  /** Of the width, 0 to 1: where it begins and how wide it is. */
  readonly at: number
  readonly width: number
  readonly isFolded: boolean
}

export type Axis = Interval & { readonly pieces: readonly Piece[] }

/** `room`: how much of the width is free behind it, up to the next mark, fold or the end. */
export type Tick = { readonly at: number; readonly ms: number; readonly room: number }

/** One strip alone has room for its length in words; many share what they may take together. */
const FOLD_WIDTH_MAX = 0.12
const FOLDS_WIDTH = 0.3
/** Shorter than this, and shorter than half of all that works, idle time is no hindrance. */
const FOLD_FROM_MS = 2_000
const FOLDS_MAX = 20

/** `busy`: when something worked; in any order, overlapping as they like. */
export function makeAxis(window: Interval, busy: readonly Interval[], foldsIdle = true): Axis {
  const { from } = window
  const to = Math.max(window.to, from + 1)
  const folds = foldsIdle ? idleIn({ from, to }, busy) : []
  if (folds.length === 0) return { from, to, pieces: [{ from, to, at: 0, width: 1, isFolded: false }] }
  const foldWidth = Math.min(FOLD_WIDTH_MAX, FOLDS_WIDTH / folds.length)
  const openMs = to - from - folds.reduce((sum, fold) => sum + fold.to - fold.from, 0)
  const openWidth = 1 - folds.length * foldWidth
  const pieces: Piece[] = []
  let at = 0
  const add = (piece: Interval, width: number, isFolded: boolean) => {
    if (piece.to <= piece.from) return
    pieces.push({ ...piece, at, width, isFolded })
    at += width
  }
  let cursor = from
  for (const fold of folds) {
    add({ from: cursor, to: fold.from }, (openWidth * (fold.from - cursor)) / openMs, false)
    add(fold, foldWidth, true)
    cursor = fold.to
  }
  add({ from: cursor, to }, (openWidth * (to - cursor)) / openMs, false)
  return { from, to, pieces }
}

/** The long gaps, the longest first when there are too many; in the order of time. */
function idleIn({ from, to }: Interval, busy: readonly Interval[]): readonly Interval[] {
  const merged = union(busy, { from, to })
  if (merged.length === 0) return []
  const busyMs = merged.reduce((sum, one) => sum + one.to - one.from, 0)
  const leastMs = Math.max(FOLD_FROM_MS, busyMs / 2)
  const gaps: Interval[] = []
  let cursor = from
  for (const one of merged) {
    gaps.push({ from: cursor, to: one.from })
    cursor = one.to
  }
  gaps.push({ from: cursor, to })
  return gaps
    .filter((gap) => gap.to - gap.from > leastMs)
    .sort((a, b) => b.to - b.from - (a.to - a.from))
    .slice(0, FOLDS_MAX)
    .sort((a, b) => a.from - b.from)
}

function union(intervals: readonly Interval[], { from, to }: Interval): readonly Interval[] {
  const merged: { from: number; to: number }[] = []
  const inside = intervals
    .map((one) => ({ from: Math.max(from, one.from), to: Math.min(to, one.to) }))
    .filter((one) => one.to >= one.from)
    .sort((a, b) => a.from - b.from)
  for (const one of inside) {
    const last = merged.at(-1)
    if (last !== undefined && one.from <= last.to) last.to = Math.max(last.to, one.to)
    else merged.push(one)
  }
  return merged
}

/** 0 to 1; what lies outside stands at the edge. */
export function shareAt({ from, to, pieces }: Axis, ms: number): number {
  if (ms <= from) return 0
  if (ms >= to) return 1
  const piece = pieces.find((one) => ms <= one.to) ?? pieces.at(-1)!
  return piece.at + (piece.width * (ms - piece.from)) / (piece.to - piece.from)
}

/** The instant under a place of the width. */
export function msAt({ pieces }: Axis, share: number): number {
  const piece = pieces.findLast((one) => one.at <= share) ?? pieces[0]!
  const inside = Math.min(1, Math.max(0, (share - piece.at) / piece.width))
  return piece.from + inside * (piece.to - piece.from)
}

const STEPS_MS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1_000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000),
  ...[1, 2, 3, 6, 12, 24, 48, 96, 192].map((hours) => hours * 3_600_000),
]

/** Room for the longest mark, as `1 min 30 s`, and a gap. */
const TICK_PX = 68

/** How far marks must stand from one another, as a share of so many pixels. */
export const apartOn = (widthPx: number): number => Math.min(1, Math.max(0.09, TICK_PX / Math.max(1, widthPx)))

/** Round times after `zero`, at least `apart` of the width from one another. */
export function ticksOf({ pieces }: Axis, zero: number, apart = 0.09): readonly Tick[] {
  const open = pieces.filter((piece) => !piece.isFolded)
  const openMs = open.reduce((sum, piece) => sum + piece.to - piece.from, 0)
  const openWidth = open.reduce((sum, piece) => sum + piece.width, 0)
  const wantedMs = (openMs / openWidth) * apart
  const step = STEPS_MS.find((one) => one >= wantedMs) ?? STEPS_MS.at(-1)!
  const ticks: Omit<Tick, "room">[] = []
  for (const piece of open) {
    const first = Math.ceil((piece.from - zero) / step) * step + zero
    for (let ms = first; ms <= piece.to; ms += step) {
      const at = piece.at + (piece.width * (ms - piece.from)) / (piece.to - piece.from)
      if (at - (ticks.at(-1)?.at ?? -1) >= apart * 0.8 && at <= 1 - apart / 2) ticks.push({ at, ms: ms - zero })
    }
  }
  const folds = pieces.filter((piece) => piece.isFolded)
  return ticks.map(({ at, ms }, place) => {
    const fold = folds.find((piece) => piece.at >= at)
    return { at, ms, room: Math.min(ticks[place + 1]?.at ?? 1, fold?.at ?? 1) - at }
  })
}

/** `1200-5400` after the run's start. */
export function readZoom(text: string | undefined, zero: number): Interval | undefined {
  const [, from, to] = /^(\d{1,12})-(\d{1,12})$/.exec(text ?? "") ?? []
  if (from === undefined || Number(to) <= Number(from)) return undefined
  return { from: zero + Number(from), to: zero + Number(to) }
}

export function writeZoom({ from, to }: Interval, zero: number): string {
  const begin = Math.max(0, Math.floor(from - zero))
  return `${begin}-${Math.max(begin + 1, Math.ceil(to - zero))}`
}
