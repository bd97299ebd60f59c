/** The tables that counts of finished runs are kept in, and what of a run's row makes their keys. */

export interface CountTableShape {
  readonly table: string
  readonly columns: readonly string[]
  /** Of `workflow_runs`, in the order of the columns. A key holds no null. */
  readonly ofRows: readonly string[]
}

export const countTables = {
  byField: {
    table: "run_counts",
    columns: [
      "workspace_id",
      "workflow_id",
      "environment",
      "workflow_version",
      "status",
      "error_code",
      "hitl",
      "origin",
    ],
    ofRows: [
      ...["workspace_id", "workflow_id", "environment", "workflow_version", "status"],
      ...["coalesce(error_code, '')", "coalesce(hitl, '')", "origin"],
    ],
  },
  byActor: { table: "run_counts_by_actor", columns: ["workspace_id", "actor"], ofRows: ["workspace_id", "actor"] },
  /** Of the start. */
  byHour: {
    table: "run_counts_by_hour",
    columns: ["workspace_id", "hour", "status"],
    ofRows: ["workspace_id", "sort_at / 3600000 * 3600000", "status"],
  },
} as const satisfies Record<string, CountTableShape>
