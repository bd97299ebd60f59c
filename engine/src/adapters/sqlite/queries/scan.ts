/**
 * One range of one index, in an order, with what is still to be asked of each row. It looks at a bounded number of rows
 * a statement, each statement a read transaction of its own, until it has enough or its time is up (rule 29): a rare
 * value in a million runs gives short pages, never a long transaction.
 */

import { QueryTooSlow } from "../../../ports/query-too-slow.ts"
import { all, type Condition } from "./condition.ts"
import { type Few, membersMax, type OwnKeys, wholeMax } from "./members.ts"
import { readSorted, sortsByTimes } from "./read-sorted.ts"
import { behind, compareInOrder, type Key, keyColumns, keyOf, type Order, orderBy, upTo } from "./run-order.ts"
import type { Found, Scan, Scanned } from "./scan-shape.ts"
import { inTime, type Row, type Statements } from "./statements.ts"

/** How much is looked at in one go. */
export interface ScanBounds {
  /** Up to so many rows are sorted rather than walked in order. */
  readonly sortedRows: number
  /** Rows between two looks at the clock. */
  readonly chunkRows: number
  /** A list that finds little looks no longer than this; its next page goes on. */
  readonly pageMs: number
  /** A count that takes longer is a lower bound: a page waits for it. */
  readonly countMs: number
  /** Rows between two looks at the clock where groups are counted, and after how long they are told as not exact. */
  readonly tallyRows: number
  readonly tallyMs: number
  /** Rows that are counted where an index alone answers, in one statement and in all. */
  readonly tallyIndexChunkRows: number
  readonly tallyIndexRows: number
  /** How long one read transaction may be open; a statement of which nobody knows the rows ends then. */
  readonly transactionMs: number
}

export const defaultScanBounds: ScanBounds = {
  sortedRows: 5_000,
  chunkRows: 2_000,
  pageMs: 250,
  countMs: 20,
  tallyRows: 2_000,
  tallyMs: 50,
  tallyIndexChunkRows: 200_000,
  tallyIndexRows: 2_000_000,
  transactionMs: 250,
}

/** When to stop looking, and after how many rows to ask. */
export interface Patience {
  readonly chunkRows: number
  readonly late: () => boolean
}

export function source(scan: Scan): string {
  return scan.index === null ? "workflow_runs r NOT INDEXED" : `workflow_runs r INDEXED BY ${scan.index}`
}

/** @param columns what is selected of each row, beside its key */
export function runScan(
  statements: Statements,
  scan: Scan,
  order: Order,
  columns: string,
  after: Key | null,
  limit: number,
  patience: Patience,
): Scanned {
  const found: Found[] = []
  const select = `SELECT ${columns}, ${keyColumns(order)} FROM ${source(scan)}`
  const tail = `ORDER BY ${orderBy(order)} LIMIT ?`
  const residual = scan.residual === null ? [] : [scan.residual]
  const chunked = scan.ordered && scan.residual !== null
  const take = (rows: readonly Row[]) => {
    for (const row of rows) found.push({ key: keyOf(order, row), row })
  }
  const readWhole = (keys: OwnKeys, after: Key | null, isBounded: boolean): Scanned => {
    const rest = readSorted(statements, { ...scan, keys }, order, columns, after, limit - found.length, isBounded)
    return { found: [...found, ...rest.found], frontier: rest.frontier }
  }
  if (scan.keys && sortsByTimes(order)) return readWhole(scan.keys, after, true)
  let passes = 0
  for (let from = after, number = 0; ; number += 1) {
    const range = all(from === null ? [scan.range] : [behind(order, from), scan.range])
    const members = chunked ? membersFor(scan, number) : null
    // Rows that lie nowhere near each other may have to come from the disk: then the page has what was found before them.
    const isFar = members !== null && from !== null
    if (members?.whole && sortsByTimes(order) && (scan.narrow || passes > 0))
      return endingInTime(isFar, { found, frontier: from }, () => readWhole(members.whole!, from, false))
    const few = scan.narrow === "wholly" ? null : members
    const most = few === null ? plainRows(patience, number, scan) : passedRows(patience, few, passes++, limit)
    const edge = chunked ? edgeOf(statements, scan, order, range, most) : null
    const where = all([piece(order, edge, range), ...(few === null ? [] : [inTimeByKey, few.condition]), ...residual])
    const wanted = [...where.values, limit - found.length]
    const rows = endingInTime(isFar, null, () => statements.all(`${select} WHERE ${where.sql} ${tail}`, wanted))
    if (rows === null) return { found, frontier: from }
    take(rows)
    if (found.length >= limit) return { found, frontier: found[found.length - 1]!.key }
    if (edge === null) return { found, frontier: null }
    if (patience.late()) return { found, frontier: edge }
    from = edge
  }
}

export const inTimeByKey: Condition = { sql: inTime("r.run_key"), values: [] }

/** @param late what is answered when the statement's time is up; where there is nothing before it, that is an error */
function endingInTime<T, L>(canEnd: boolean, late: L, read: () => T): T | L {
  try {
    return read()
  } catch (error) {
    if (canEnd && error instanceof QueryTooSlow) return late
    throw error
  }
}

/**
 * Where a piece begins and ends stands in front of what is asked of the same column: of two bounds on one side the planner
 * walks from the first, and looks at all between them.
 */
function piece(order: Order, edge: Key | null, range: Condition): Condition {
  return edge === null ? range : all([upTo(order, edge), range])
}

/** Most pages are found in the first, short piece, the others of them in the second: many that are meant lie close. */
function membersFor({ among, narrow }: Scan, number: number): Few | null {
  if (among === undefined || number === 0 || (narrow && number === 1)) return null
  return among(number === 1 || narrow === "wholly" ? wholeMax : membersMax)
}

/** What the index says of runs, or their keys alone, is asked of as many as cost what one does that is read. */
const passedForOne = 20
const passedForOneThen = 50
/** Each statement gathers these keys anew. */
const passedAgain = 200
/** A page's runs lie in so many times as long a way as they would, were they spread evenly. */
const unevenly = 4

function plainRows({ chunkRows }: Patience, number: number, { narrow }: Scan): number {
  if (number === 0) return Math.ceil(chunkRows / 4)
  if (!narrow) return chunkRows
  return chunkRows * (number === 1 ? passedForOne : passedForOneThen)
}

function passedRows({ chunkRows }: Patience, few: Few, passes: number, limit: number): number {
  if (passes > 0) return chunkRows * passedAgain
  const evenly = Math.ceil(few.every * limit * unevenly)
  return Math.max(chunkRows * passedForOne, Math.min(chunkRows * passedForOneThen, evenly))
}

/** The key of the last row of the next chunk; null when the range ends within it. */
function edgeOf(statements: Statements, scan: Scan, order: Order, range: Condition, chunkRows: number): Key | null {
  const row = statements.get(
    `SELECT ${keyColumns(order)} FROM ${source(scan)} WHERE ${range.sql} ORDER BY ${orderBy(order)} LIMIT 1 OFFSET ?`,
    [...range.values, chunkRows - 1],
  )
  return row === undefined ? null : keyOf(order, row)
}

/** Several scans of disjoint rows as one list. */
export function merge(scanned: readonly Scanned[], order: Order, limit: number): Scanned {
  const frontiers = scanned.map((one) => one.frontier).filter((key) => key !== null)
  const first = frontiers.sort((a, b) => compareInOrder(order, a, b))[0] ?? null
  const found = scanned
    .flatMap((one) => one.found)
    .filter((one) => first === null || compareInOrder(order, one.key, first) <= 0)
    .sort((a, b) => compareInOrder(order, a.key, b.key))
  return found.length > limit
    ? { found: found.slice(0, limit), frontier: found[limit - 1]!.key }
    : { found, frontier: first }
}

/** A scan's rows in pieces, as conditions; what is not in order is one piece. @param chunkRows asked for each */
export function* chunksOf(
  statements: Statements,
  scan: Scan,
  order: Order,
  chunkRows: number | (() => number),
): Generator<Condition, void> {
  const residual = scan.residual === null ? [] : [scan.residual]
  for (let from: Key | null = null; ; ) {
    const range: Condition = all(from === null ? [scan.range] : [behind(order, from), scan.range])
    const rows = typeof chunkRows === "number" ? chunkRows : chunkRows()
    const edge: Key | null = scan.ordered ? edgeOf(statements, scan, order, range, rows) : null
    yield all([piece(order, edge, range), ...residual])
    if (edge === null) return
    from = edge
  }
}

/** How many rows, up to `max`; null = the time was up first, and `at least` that many were seen. */
export function countScan(
  statements: Statements,
  scan: Scan,
  order: Order,
  max: number,
  patience: Patience,
): { readonly value: number; readonly complete: boolean } {
  if (scan.residual === null || !scan.ordered) {
    const where = scan.residual === null ? scan.range : all([scan.range, scan.residual])
    const value = count(statements, scan, where, max)
    return { value, complete: true }
  }
  let value = 0
  let rows = Math.ceil(patience.chunkRows / 8)
  for (let from: Key | null = null; ; ) {
    const range: Condition = all(from === null ? [scan.range] : [behind(order, from), scan.range])
    const edge: Key | null = edgeOf(statements, scan, order, range, rows)
    // Rows may come from the disk: no piece costs much more than all before it.
    rows = Math.min(patience.chunkRows, rows * 2)
    const where = all([piece(order, edge, range), scan.residual])
    value += count(statements, scan, where, max - value)
    if (edge === null || value >= max) return { value, complete: true }
    if (patience.late()) return { value, complete: false }
    from = edge
  }
}

function count(statements: Statements, scan: Scan, where: Condition, max: number): number {
  const row = statements.get(`SELECT count(*) AS n FROM (SELECT 1 FROM ${source(scan)} WHERE ${where.sql} LIMIT ?)`, [
    ...where.values,
    max,
  ])
  return row!.n as number
}
