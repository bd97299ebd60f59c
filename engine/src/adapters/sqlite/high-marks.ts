/**
 * The highest position and the highest key of a run that were ever given. Retention takes the newest of both away, too;
 * whoever keeps a place in the feed (measures, webhooks, streams, the index over values) would miss what comes under a
 * number that was given before, and a run under a key of another would be found by its words. So the marks stay, written
 * in the transaction that clears away.
 */
import type Database from "better-sqlite3"

const kept = (name: string) => `coalesce((SELECT CAST(value AS INTEGER) FROM waybill_meta WHERE name = '${name}'), 0)`

/** An expression: the newest position, whether its event is still there or not. */
export const newestPosition = `max(coalesce((SELECT max(position) FROM workflow_run_events), 0), ${kept("position")})`

/** An expression likewise. */
export const newestRunKey = `max(coalesce((SELECT max(run_key) FROM workflow_run_keys), 0), ${kept("run_key")})`

const keep = (name: string, value: string) =>
  `INSERT INTO waybill_meta (name, value) SELECT '${name}', CAST(${value} AS TEXT) WHERE true
   ON CONFLICT (name) DO UPDATE SET value = excluded.value`

/** To be run before anything is cleared away, in the same transaction. */
export function prepareMarks(db: Database.Database): () => void {
  const statements = [db.prepare(keep("position", newestPosition)), db.prepare(keep("run_key", newestRunKey))]
  return () => {
    for (const statement of statements) statement.run()
  }
}

/** Where others have come to: what a release without marks cleared away was told to them. */
const cursors = [
  newestPosition,
  "coalesce((SELECT max(position) FROM measure_cursor), 0)",
  "coalesce((SELECT max(position) FROM webhook_cursor), 0)",
  "coalesce((SELECT max(since_position) FROM webhook_endpoints), 0)",
  "coalesce((SELECT max(position) FROM workflow_run_remarks), 0)",
]

/**
 * At the start. Under a seal there was a run too: a release that wrote marks behind what it cleared away gave its key to
 * another, and none comes under either's again.
 */
export function raiseMarks(db: Database.Database): void {
  const seals = "coalesce((SELECT max(run_key) FROM retention_seals), 0)"
  db.transaction(() => {
    db.exec(keep("position", `max(${cursors.join(", ")})`))
    db.exec(keep("run_key", `max(${newestRunKey}, ${seals})`))
  }).immediate()
}
