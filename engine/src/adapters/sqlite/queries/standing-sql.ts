/** What people have made of a run, as parts of a statement over `workflow_runs r`: most runs have no standing of their own. */
import type { Condition } from "./condition.ts"

function standing(column: string): string {
  return `(SELECT s.${column} FROM workflow_run_standing s WHERE s.run_key = r.run_key)`
}

/** JSON of the tags it shows. */
export const shownTags = `coalesce(${standing("tags")}, r.tags)`
export const owner: string = standing("owner")
const failed = "r.status IN ('FAILED', 'TIMED_OUT')"
/** One of the words that runs are filtered by, or null. */
export const resolution = `coalesce(${standing("resolution")}, CASE WHEN ${failed} THEN 'open' END)`
export const hasNote = `coalesce(${standing("notes")}, 0) > 0`

/** Statements that give the keys of the few runs that have something, each along an index of its own. */
export function keysOwned(owners: readonly string[]): Condition {
  return keys("owner", owners)
}

/** Null: `open` is among them, which runs have without a standing. */
export function keysResolved(words: readonly string[]): Condition | null {
  return words.includes("open") ? null : keys("resolution", words)
}

export const keysNoted: Condition = { sql: "SELECT run_key FROM workflow_run_standing WHERE notes > 0", values: [] }
export const keysAssigned: Condition = {
  sql: "SELECT run_key FROM workflow_run_standing WHERE owner IS NOT NULL",
  values: [],
}

function keys(column: string, values: readonly string[]): Condition {
  const marks = values.map(() => "?").join(", ")
  return { sql: `SELECT run_key FROM workflow_run_standing WHERE ${column} IN (${marks})`, values }
}
