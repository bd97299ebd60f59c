/** Events as the index reads them, out of the database or of a batch of the archive: those that bring values or an end. */
import { terminalEvents } from "../../../core/run/events.ts"
import { searchedTypes } from "../../../core/search/searched-event.ts"

/** Of a run, one of its events; where another event has the value that it names. */
export type EventAt = (runKey: number, seq: number) => FeedRow | undefined

/** An event as it lies in the table; batches of the archive have them alike. */
export interface FeedRow {
  readonly runKey: number
  readonly seq: number
  readonly v: number
  readonly type: string
  readonly at: number
  readonly actor: string
  readonly stepId: string | null
  readonly payload: string | null
}

/** Of an event `e`. */
export const feedColumns = `e.run_key AS "runKey", e.seq, e.v, e.type, e.at, e.actor, e.step_id AS "stepId", e.payload`
const types = [...new Set([...searchedTypes, ...terminalEvents])].map((type) => `'${type}'`)
/** Most that is written into a context names the event that brought it, and brings nothing itself. */
export const isRead = `(e.type IN (${types.join(", ")})
  AND (e.type <> 'context.written' OR e.payload IS NULL OR instr(e.payload, '"value":') > 0))`

export function* byRun(rows: readonly FeedRow[]): Generator<readonly FeedRow[]> {
  for (let from = 0; from < rows.length; ) {
    let to = from + 1
    while (to < rows.length && rows[to]!.runKey === rows[from]!.runKey) to++
    yield rows.slice(from, to)
    from = to
  }
}
