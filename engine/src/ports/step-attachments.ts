/** What agents attach to their step while they run: stored behind them, never part of a result. */
export interface StepAttachment {
  readonly place: {
    readonly runId: string
    readonly workspaceId: string
    readonly workflowId: string
    readonly environment: string
  }
  readonly agent: string
  readonly stepId: string
  readonly attempt: number
  readonly name: string
  readonly contentType: string
  /** Base 64. */
  readonly content: string
}

export interface StepAttachments {
  /** Never throws and never waits. */
  keep(attachment: StepAttachment): void
}
