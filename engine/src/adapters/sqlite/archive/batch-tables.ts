/** What of the database goes into a batch, and what of a batch into the room. */

/** The database's tables, by what their file is called. */
export const batchTables = {
  runs: "workflow_runs",
  steps: "workflow_run_steps",
  events: "workflow_run_events",
  logs: "workflow_run_logs",
  remarks: "workflow_run_remarks",
  attachments: "workflow_run_attachments",
} as const
/** Those that leave the store, and are looked at in the room. The others are there for who has nothing but the batch. */
export const roomTables = {
  runs: batchTables.runs,
  steps: batchTables.steps,
  events: batchTables.events,
  logs: batchTables.logs,
}
export type BatchTable = keyof typeof batchTables
