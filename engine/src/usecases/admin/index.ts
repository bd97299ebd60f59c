/** What looks after the store, over one port, for a live server and for the offline commands alike (settled 22). */
import type { HexSha256 } from "../../core/run/chain.ts"
import type { Admin, ArchiveReport, Progress } from "../../door.ts"
import type { AuditStore } from "../../ports/audit-store.ts"
import type { DefinitionSource } from "../../ports/definition-source.ts"
import type { HistoryStore } from "../../ports/history-store.ts"
import type { MeasureStore } from "../../ports/measure-store.ts"
import type { SearchIndex } from "../../ports/search-index.ts"
import { checkRuns } from "./check-runs.ts"
import { rebuildRows } from "./rebuild-rows.ts"
import { verifyHistory } from "./verify-history.ts"

export interface AdminPorts {
  readonly history: HistoryStore
  readonly audit: AuditStore | null
  readonly definitions: Pick<DefinitionSource, "byHash">
  readonly sha256Hex: HexSha256
  /** Absent: nothing is counted. */
  readonly measures?: Pick<MeasureStore, "restart">
  /** Absent: values are not searched. */
  readonly search?: Pick<SearchIndex, "restart">
  /** Absent: there is no archive, or nobody here can reach it. */
  readonly verifyArchive?: (progress?: (at: Progress) => void) => Promise<ArchiveReport>
  /** Tells the runtime that dispatch may begin (rule 35). */
  readonly dispatchResumed: () => void
}

export function adminDoor(ports: AdminPorts): Admin {
  const verify = verifyHistory(ports.history, ports.audit, ports.sha256Hex)
  return {
    async verify(options, progress) {
      const report = await verify(options, progress)
      const archive = options.archive === true ? ((await ports.verifyArchive?.(progress)) ?? null) : null
      return { ...report, archive }
    },
    fsck: checkRuns(ports.history, ports.definitions),
    rebuild: rebuildRows(ports.history, ports.measures ?? null, ports.search ?? null),
    async backup(file) {
      return { file, ...(await ports.history.backup(file)) }
    },
    async resumeAll() {
      const resumed = await ports.history.resumeDispatch()
      if (resumed) ports.dispatchResumed()
      return { resumed }
    },
  }
}
