/** What is open already when the doors around the engine are put together. */
import type { DurationTargets, OpenArchive } from "@waybill/engine"
import type { environmentFiles } from "@waybill/engine/adapters/files/environment-files"
import type { openSqlite } from "@waybill/engine/adapters/sqlite/open"
import type { AgentHost } from "@waybill/engine/ports/agent-host"
import type { Config } from "../config.ts"
import type { Logger } from "../log.ts"

export interface Parts {
  readonly config: Config
  readonly fatal: (message: string) => void
  readonly log: Logger
  readonly data: ReturnType<typeof openSqlite>
  readonly host: AgentHost
  readonly files: ReturnType<typeof environmentFiles>
  readonly archive: OpenArchive
  /** Asked of retention, which opens behind the engine. */
  readonly expired: (workspaceId: string, completedAt: number | null) => boolean
  readonly targets: DurationTargets
}
