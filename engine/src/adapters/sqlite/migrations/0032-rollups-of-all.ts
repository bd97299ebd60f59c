/**
 * The days once more, of all workflows and versions together (rule 33): what a quarter of everything looks like is then a row
 * a day and environment, however many workflows there are. Written in the transaction that writes the days. The keys that it
 * does not tell apart are empty, so that it is read and written as the others are.
 */
const sums =
  `completed failed timed_out cancelled first_pass retries duration_sum tokens token_squares compute_ms cost_usd
  cost_squares accuracy_count accuracy_sum accuracy_squares throughput_count throughput_sum`.split(/\s+/)
const sketches = ["durations", "cut_short"]

/** A function over sketches as texts, to be there when this runs: their sum, as one. */
export const sketchSum = "waybill_sketch_sum"

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
    ${[...sums.map((sum) => `sum(${sum})`), ...sketches.map((sketch) => `${sketchSum}(${sketch})`)].join(", ")}
  FROM run_rollups_by_day GROUP BY workspace_id, hour, environment, origin, folded;
`
