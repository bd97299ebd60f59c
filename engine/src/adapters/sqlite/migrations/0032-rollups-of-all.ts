/**
 * The days once more, of all workflows and versions together (rule 33): what a quarter of everything looks like is then a row
 * a day and environment, however many workflows there are. Written in the transaction that writes the days. The keys that it
 * does not tell apart are empty, so that it is read and written as the others are.
 */
import type Database from "better-sqlite3"
import { decodeSketch, encodeSketch } from "../../../core/measures/sketch.ts"

const sums =
  `completed failed timed_out cancelled first_pass retries duration_sum tokens token_squares compute_ms cost_usd
  cost_squares accuracy_count accuracy_sum accuracy_squares throughput_count throughput_sum`.split(/\s+/)
const sketches = ["durations", "cut_short"]

/** Sketches are texts of counts: several behind each other are read as their sum. */
const behindEachOther = (sketch: string) => `coalesce(trim(group_concat(nullif(${sketch}, ''), ' ')), '')`

export const rollupsOfAll = `
CREATE TABLE run_rollups_of_all_by_day (
  workspace_id TEXT NOT NULL,
  hour INTEGER NOT NULL,
  workflow_id TEXT NOT NULL,
  environment TEXT NOT NULL,
  version_number INTEGER NOT NULL,
  version TEXT NOT NULL,
  origin TEXT NOT NULL,
  folded INTEGER NOT NULL,
  from_position INTEGER NOT NULL,
  to_position INTEGER NOT NULL,
  ${sums.map((sum) => `${sum} REAL NOT NULL`).join(",\n  ")},
  ${sketches.map((sketch) => `${sketch} TEXT NOT NULL`).join(",\n  ")},
  PRIMARY KEY (workspace_id, hour, workflow_id, environment, version_number, origin, folded, to_position)
) STRICT, WITHOUT ROWID;
INSERT INTO run_rollups_of_all_by_day
  SELECT workspace_id, hour, '', environment, 0, '', origin, folded, min(from_position), max(to_position),
    ${[...sums.map((sum) => `sum(${sum})`), ...sketches.map(behindEachOther)].join(", ")}
  FROM run_rollups_by_day GROUP BY workspace_id, hour, environment, origin, folded;
`

/** And are shorter as one: a day of thirty workflows has thirty. */
export function joinSketches(db: Database.Database): void {
  const put = db.prepare(
    `UPDATE run_rollups_of_all_by_day SET durations = ?, cut_short = ?
     WHERE workspace_id = ? AND hour = ? AND workflow_id = '' AND environment = ? AND version_number = 0 AND origin = ?
       AND folded = ? AND to_position = ?`,
  )
  const joined = (text: string) => encodeSketch(decodeSketch(text))
  const rows = db
    .prepare<[], readonly [string, string, ...unknown[]]>(
      `SELECT durations, cut_short, workspace_id, hour, environment, origin, folded, to_position
       FROM run_rollups_of_all_by_day`,
    )
    .raw()
    .all()
  for (const [durations, short, ...key] of rows) put.run(joined(durations), joined(short), ...key)
}
