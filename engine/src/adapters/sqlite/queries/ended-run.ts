/** A finished run on its way into the counts. */
import type { CountedRun } from "../../../core/measures/rollup.ts"

/** A finished run as it is counted, with where the feed says so. */
export interface EndedRun extends CountedRun {
  readonly position: number
  readonly runKey: number
  readonly runId: string
  readonly workspaceId: string
  readonly environment: string
  readonly workflowId: string
  readonly versionNumber: number
  readonly version: string
  readonly origin: string
  readonly sortAt: number
  readonly completedAt: number
  readonly businessEventId: string | null
  readonly steps: number
}
