/** What is ticked, by id, so that it survives sorting, paging and rows that come and go. */
export type Selection = ReadonlySet<string>

/** Ticks or unticks one. */
export function toggled(selection: Selection, id: string): Selection {
  const next = new Set(selection)
  if (!next.delete(id)) next.add(id)
  return next
}

/**
 * Shift: everything between the last one that was pressed and this one takes the state that this one gets. When the last
 * one is no longer in the list, this is a simple press.
 */
export function toggledRange(
  selection: Selection,
  ids: readonly string[],
  anchor: string | undefined,
  id: string,
): Selection {
  const [from, to] = [anchor === undefined ? -1 : ids.indexOf(anchor), ids.indexOf(id)]
  if (from === -1 || to === -1) return toggled(selection, id)
  const range = ids.slice(Math.min(from, to), Math.max(from, to) + 1)
  const next = new Set(selection)
  const on = !selection.has(id)
  for (const one of range) on ? next.add(one) : next.delete(one)
  return next
}

/** How the box in the head stands over the rows of this list. */
export function stateOver(selection: Selection, ids: readonly string[]): boolean | "mixed" {
  const ticked = ids.reduce((sum, id) => sum + (selection.has(id) ? 1 : 0), 0)
  if (ticked === 0) return false
  return ticked === ids.length ? true : "mixed"
}

/** The box in the head: all of this list, or none of it; what is ticked outside stays. */
export function toggledAll(selection: Selection, ids: readonly string[]): Selection {
  const next = new Set(selection)
  const on = stateOver(selection, ids) !== true
  for (const id of ids) on ? next.add(id) : next.delete(id)
  return next
}
