/** What is known of the run that a step belongs to, wherever its state is not at hand. */
export interface RunPlace {
  readonly runId: string
  readonly workspaceId: string
  readonly workflowId: string
  readonly environment: string
  readonly traceId: string
  /** A backfill or a replay: it lets production go first. */
  readonly isApart: boolean
}
