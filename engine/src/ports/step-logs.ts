/** What agents log while they run: kept beside history, bounded, never part of it. */
import type { JsonObject } from "../core/json.ts"
import type { AgentLogLevel } from "./agent-host.ts"

export interface StepLog {
  readonly environment: string
  readonly level: AgentLogLevel
  readonly message: string
  readonly fields?: JsonObject
  /** Null for output that no step can be named for. */
  readonly place: { readonly runId: string; readonly workspaceId: string } | null
  readonly stepId?: string
  readonly attempt?: number
}

export interface StepLogs {
  /** Never throws and never waits. */
  keep(entry: StepLog): void
}
