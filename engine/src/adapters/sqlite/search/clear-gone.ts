/**
 * Takes out of the index what retention has cleared out of the database. Retention says of each workspace and class up to
 * which end of a run everything is gone; whatever the index holds of such a run goes, some runs a time, until there are none.
 * What lies in the archive can be opened still, and so be found, until the run's own row goes.
 */
import type Database from "better-sqlite3"
import { forgetPoints } from "./context-points.ts"

/** Runs in one transaction. */
const runsMost = 500
/** Pages of the full-text index in one step of putting its parts together. */
const mergePages = 500

interface Gone {
  readonly workspaceId: string
  readonly class: string
  readonly completedAt: number
  readonly runKey: number
}

/** @returns runs of which something was taken out */
export function clearGone(runs: Database.Database, search: Database.Database): number {
  const places = runs
    .prepare<[], Gone>(
      `SELECT workspace_id AS "workspaceId", class, completed_at AS "completedAt", run_key AS "runKey" FROM retention_progress`,
    )
    .all()
  const archived = new Map(places.filter((one) => one.class === "archive").map((one) => [one.workspaceId, one]))
  let number = 0
  for (const place of places) {
    // Logs are not searched.
    if (place.class === "archive" || place.class === "logs") continue
    const keys = keysUpTo(search, place, place.class === "summaries" ? undefined : archived.get(place.workspaceId))
    if (keys.length > 0) search.transaction(() => takeOut(search, keys, place.class === "summaries")).immediate()
    number += keys.length
  }
  return number + clearSampled(runs, search)
}

/** Runs that sampling took away, one by one: it tells of each, and the index keeps the number it has come to. */
function clearSampled(runs: Database.Database, search: Database.Database): number {
  const at = search.prepare<[], { number: number }>("SELECT position AS number FROM place WHERE name = 'sampled'").get()
  const told = runs
    .prepare<[number, number], { number: number; runKey: number }>(
      `SELECT number, run_key AS "runKey" FROM sampled_runs WHERE number > ? ORDER BY number LIMIT ?`,
    )
    .all(at?.number ?? 0, runsMost)
  const last = told.at(-1)
  if (last === undefined) return 0
  search
    .transaction(() => {
      takeOut(
        search,
        told.map(({ runKey }) => runKey),
        true,
      )
      search
        .prepare<[number]>(
          `INSERT INTO place (name, position, hash, restored, run_key, cut, to_merge) VALUES ('sampled', ?, '', 0, 0, 0, 0)
           ON CONFLICT (name) DO UPDATE SET position = excluded.position`,
        )
        .run(last.number)
    })
    .immediate()
  return told.length
}

/** @param kept up to which end runs keep their values all the same */
function keysUpTo(search: Database.Database, gone: Gone, kept: Gone | undefined): readonly number[] {
  const { workspaceId, completedAt, runKey } = gone
  // With the run's own row its ids and names go, which all else has left.
  const states = gone.class === "summaries" ? [0, 1] : [0]
  const found = search.prepare<[string, number, number, number, number, number, number, number], { runKey: number }>(
    `SELECT run_key AS "runKey" FROM indexed_runs INDEXED BY indexed_runs_ended
     WHERE completed_at IS NOT NULL AND workspace_id = ? AND cleared = ? AND completed_at >= ?
       AND (completed_at, run_key) > (?, ?) AND (completed_at, run_key) <= (?, ?)
     ORDER BY completed_at, run_key LIMIT ?`,
  )
  const [at, key] = kept === undefined ? [-1, -1] : [kept.completedAt, kept.runKey]
  return states.flatMap((state) =>
    found.all(workspaceId, state, at, at, key, completedAt, runKey, runsMost).map((row) => row.runKey),
  )
}

export function takeOut(search: Database.Database, keys: readonly number[], isWhole: boolean): void {
  const text = search.prepare<[number, number]>(
    "DELETE FROM run_text WHERE rowid BETWEEN CAST(? AS INTEGER) * 65536 AND CAST(? AS INTEGER) * 65536 + 65535",
  )
  const leaves = search.prepare<[number]>("DELETE FROM leaves WHERE run_key = ?")
  const names = search.prepare<[number]>("DELETE FROM run_names WHERE rowid = ?")
  const left = search.prepare<[number]>(
    isWhole
      ? "DELETE FROM indexed_runs WHERE run_key = ?"
      : "UPDATE indexed_runs SET cleared = 1, chars = 0 WHERE run_key = ?",
  )
  for (const key of keys) {
    forgetPoints(search, key)
    text.run(key, key)
    leaves.run(key)
    if (isWhole) names.run(key)
    left.run(key)
  }
  search.exec("UPDATE place SET to_merge = 1 WHERE name = 'feed'")
}

/**
 * A word of what was taken out lies in an older part of the full-text index until that is put together with others: one
 * step of it. @returns whether there is more to do
 */
export function mergeSome(search: Database.Database, isFirst: boolean): boolean {
  const before = changes(search)
  search.transaction(() => {
    for (const table of ["run_text", "run_names"])
      search
        .prepare(`INSERT INTO ${table} (${table}, rank) VALUES ('merge', ?)`)
        .run(isFirst ? -mergePages : mergePages)
  })()
  // The insert itself is one change; fewer than two mean that there was nothing to do.
  return changes(search) - before >= 4
}

function changes(search: Database.Database): number {
  return search.prepare<[], { n: number }>("SELECT total_changes() AS n").get()!.n
}
