/** Which columns are seen, in which order: those of the address, or those of ours that have room. Plain data. */
export interface ColumnFacts {
  readonly id: string
  readonly width: number
  /** The lower, the longer it stays where room is short; absent: only when it is asked for. */
  readonly rank?: number
  readonly hideable?: boolean
}

/** `chosen` in its order, with what cannot be hidden in front; without it as many as fit, by rank, in our order. */
export function columnsShown<C extends ColumnFacts>(
  all: readonly C[],
  chosen: readonly string[] | undefined,
  roomPx: number,
): readonly C[] {
  if (chosen !== undefined) {
    const fixed = all.filter(({ id, hideable }) => hideable === false && !chosen.includes(id))
    return [...fixed, ...chosen.flatMap((id) => all.filter((column) => column.id === id))]
  }
  const ranked = all.filter(({ rank }) => rank !== undefined).sort((a, b) => a.rank! - b.rank!)
  const kept = new Set<string>()
  let left = roomPx
  for (const { id, width, hideable } of ranked) {
    left -= width
    if (left < 0 && hideable !== false) break
    kept.add(id)
  }
  return all.filter(({ id }) => kept.has(id))
}

/** What is the same in every row is shown only when it is asked for. */
export function unranked<C extends ColumnFacts>(all: readonly C[], id: string): readonly C[] {
  return all.map((column) => (column.id === id ? { ...column, rank: undefined } : column))
}

/** Shown or hidden; what is newly shown stands at the end. */
export function withToggled(shown: readonly string[], id: string): readonly string[] {
  return shown.includes(id) ? shown.filter((one) => one !== id) : [...shown, id]
}

/** One place to the left or to the right. */
export function withMoved(shown: readonly string[], id: string, by: -1 | 1): readonly string[] {
  const at = shown.indexOf(id)
  const to = at + by
  if (at === -1 || to < 0 || to >= shown.length) return shown
  const moved = shown.filter((one) => one !== id)
  return [...moved.slice(0, to), id, ...moved.slice(to)]
}
