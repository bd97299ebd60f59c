/**
 * The same counts by day (rule 33): a question of a quarter reads ninety days instead of two thousand hours. Written in the
 * transaction that writes the hours. `hour` is the beginning of the day, UTC.
 */
const runSums =
  `completed failed timed_out cancelled first_pass retries duration_sum tokens token_squares compute_ms cost_usd
  cost_squares accuracy_count accuracy_sum accuracy_squares throughput_count throughput_sum`.split(/\s+/)
const stepSums =
  "steps attempts succeeded failed timed_out cancelled retries duration_sum queue_sum tokens compute_ms cost_usd".split(
    " ",
  )

/** Sketches are texts of counts: several behind each other are read as their sum. */
function byDay(
  name: string,
  own: string,
  ownType: string,
  sums: readonly string[],
  sketches: readonly string[],
): string {
  const key = ["workspace_id", "hour", "workflow_id", "environment", "version_number", "origin", own]
  const joined = sketches.map((sketch) => `coalesce(trim(group_concat(nullif(${sketch}, ''), ' ')), '')`)
  return `
CREATE TABLE ${name}_by_day (
  workspace_id TEXT NOT NULL,
  hour INTEGER NOT NULL,
  workflow_id TEXT NOT NULL,
  environment TEXT NOT NULL,
  version_number INTEGER NOT NULL,
  version TEXT NOT NULL,
  origin TEXT NOT NULL,
  ${own} ${ownType} NOT NULL,
  from_position INTEGER NOT NULL,
  to_position INTEGER NOT NULL,
  ${sums.map((sum) => `${sum} REAL NOT NULL`).join(",\n  ")},
  ${sketches.map((sketch) => `${sketch} TEXT NOT NULL`).join(",\n  ")},
  PRIMARY KEY (${key.join(", ")}, to_position)
) STRICT, WITHOUT ROWID;
CREATE INDEX ${name}_by_day_workflow ON ${name}_by_day (workspace_id, workflow_id, hour);
INSERT INTO ${name}_by_day
  SELECT workspace_id, hour / 86400000 * 86400000, workflow_id, environment, version_number, max(version), origin, ${own},
    min(from_position), max(to_position), ${[...sums.map((sum) => `sum(${sum})`), ...joined].join(", ")}
  FROM ${name} GROUP BY workspace_id, hour / 86400000, workflow_id, environment, version_number, origin, ${own};
`
}

export const rollupsByDay =
  byDay("run_rollups", "folded", "INTEGER", runSums, ["durations"]) +
  byDay("step_rollups", "step", "TEXT", stepSums, ["durations", "queues"])
