/**
 * The rows of the list as data: the order in which they stand, what is held of them, and what came meanwhile. Rows that
 * stand stay where they are until the reader asks for the new ones; what is known of them is renewed in their place.
 * Far from the view only the ids are kept, so that a long way down costs little. Plain values, no clock and no network.
 */
import type { RunPage, RunSummary } from "@waybill/contract"

/** How a page is asked for again: by the cursor that led to it. */
export interface PagePlace {
  readonly cursor: string | null
  /** Where its first row stands. */
  readonly at: number
  readonly count: number
}

export interface RunListData {
  readonly ids: readonly string[]
  /** What is held in full. */
  readonly rows: ReadonlyMap<string, RunSummary>
  readonly pages: readonly PagePlace[]
  /** Of the next page; null on the last one. */
  readonly next: string | null
  readonly total: RunPage["total"] | null
  /** Those that match and are not in the list. */
  readonly fresh: readonly string[]
  /** There may be more of them than were looked at. */
  readonly freshIsLeast: boolean
  /** In the list, and no longer where the server has them. */
  readonly gone: number
}

/** From its first page. */
export function listOf({ items, nextCursor, total }: RunPage): RunListData {
  const empty = { ids: [], rows: new Map(), pages: [], next: null, total: total ?? null }
  return withPage({ ...empty, fresh: [], freshIsLeast: false, gone: 0 }, null, { items, nextCursor })
}

/** With the next page at its end. What moved up meanwhile and is here already is not put in twice. */
export function withPage(list: RunListData, cursor: string | null, { items, nextCursor }: RunPage): RunListData {
  const known = new Set(list.ids)
  const added = items.filter(({ runId }) => !known.has(runId))
  return {
    ...withRows(list, items, added),
    ids: [...list.ids, ...added.map(({ runId }) => runId)],
    pages: [...list.pages, { cursor, at: list.ids.length, count: added.length }],
    next: nextCursor,
  }
}

/** Renews what is held; an older answer never takes the place of a newer one. */
export function renewed(list: RunListData, runs: readonly RunSummary[]): RunListData {
  const known = new Set(list.ids)
  return withRows(
    list,
    runs.filter(({ runId }) => known.has(runId)),
  )
}

function withRows(list: RunListData, runs: readonly RunSummary[], added: readonly RunSummary[] = []): RunListData {
  const newer = runs.filter((run) => isNewer(run, list.rows.get(run.runId)))
  if (newer.length === 0 && added.length === 0) return list
  const rows = new Map(list.rows)
  for (const run of newer) rows.set(run.runId, asFoldedAs(rows.get(run.runId), run))
  return { ...list, rows }
}

/**
 * By what happened in the run, then by what people said beside it, then by what came to stand under it, and what is seen
 * of it as time passes: no event says that a run is late.
 */
function isNewer(run: RunSummary, held: RunSummary | undefined): boolean {
  if (held === undefined || run.seq !== held.seq) return held === undefined || run.seq > held.seq
  if (run.remarkSeq !== held.remarkSeq) return run.remarkSeq > held.remarkSeq
  if (derivedWords.some((word) => run.derived[word] !== held.derived[word])) return true
  const [now, then] = [run.folded, held.folded]
  return now !== undefined && (now.duplicates !== then?.duplicates || now.children !== then.children)
}

const derivedWords = ["partial", "stalled", "late"] as const

/** A run that was asked for by its id does not say what stands under it in this list. */
function asFoldedAs(held: RunSummary | undefined, run: RunSummary): RunSummary {
  return run.folded !== undefined || held?.folded === undefined ? run : { ...run, folded: held.folded }
}

/** What the list's beginning looks like now: what is new there, what is gone from there, and the rows themselves. */
export function compared(list: RunListData, now: RunPage): RunListData {
  const place = new Map(list.ids.map((id, at) => [id, at]))
  const fresh = now.items.filter(({ runId }) => !place.has(runId)).map(({ runId }) => runId)
  const isThere = new Set(now.items.map(({ runId }) => runId))
  // As far down as the answer reaches; without a next page it reaches to the end.
  const lastAt = Math.max(-1, ...now.items.map(({ runId }) => place.get(runId) ?? -1))
  const reach = now.nextCursor === null ? list.ids.length : lastAt + 1
  const gone = list.ids.slice(0, reach).filter((id) => !isThere.has(id)).length
  return {
    ...renewed(list, now.items),
    total: now.total ?? list.total,
    fresh,
    freshIsLeast: fresh.length > 0 && fresh.length === now.items.length && now.nextCursor !== null,
    gone,
  }
}

/** Only the ids outside of the rows from `from` to `to`, which are positions. */
export function heldAround(list: RunListData, from: number, to: number): RunListData {
  const held = new Set(list.ids.slice(Math.max(0, from), to))
  if (list.rows.size <= held.size) return list
  return { ...list, rows: new Map([...list.rows].filter(([id]) => held.has(id))) }
}

/** The pages of which something between two positions is not held. */
export function pagesMissing(list: RunListData, from: number, to: number): readonly PagePlace[] {
  return list.pages.filter(({ at, count }) => {
    if (at >= to || at + count <= from) return false
    return list.ids.slice(Math.max(at, from), Math.min(at + count, to)).some((id) => !list.rows.has(id))
  })
}
