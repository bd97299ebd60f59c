/** The upkeep alone, over the store of a stopped server: no loops, no agents, nothing that would move a run. */
import type { SchemaCompiler } from "./core/schema/types.ts"
import type { Admin, ArchiveReport, Progress } from "./door.ts"
import type { AuditStore } from "./ports/audit-store.ts"
import { readHere } from "./ports/definition-reader.ts"
import type { DefinitionStore } from "./ports/definition-store.ts"
import type { Hashing } from "./ports/hashing.ts"
import type { HistoryStore } from "./ports/history-store.ts"
import type { MeasureStore } from "./ports/measure-store.ts"
import type { SearchIndex } from "./ports/search-index.ts"
import { adminDoor } from "./usecases/admin/index.ts"
import { Registry } from "./usecases/definitions/index.ts"

export interface AdminOnlyPorts {
  readonly history: HistoryStore
  readonly audit: AuditStore
  readonly definitionStore: DefinitionStore
  readonly measures?: Pick<MeasureStore, "restart">
  readonly search?: Pick<SearchIndex, "restart">
  /** Absent: there is no archive, or nobody here can reach it. */
  readonly verifyArchive?: (progress?: (at: Progress) => void) => Promise<ArchiveReport>
  readonly compileSchema: SchemaCompiler
  readonly hashing: Hashing
  readonly now: () => number
}

export async function openAdmin(ports: AdminOnlyPorts): Promise<Admin> {
  const definitions = await Registry.open({
    store: ports.definitionStore,
    agents: { agents: () => [] },
    reader: readHere({ compileSchema: ports.compileSchema, sha256: ports.hashing.sha256 }),
    now: ports.now,
  })
  return adminDoor({
    history: ports.history,
    audit: ports.audit,
    definitions,
    sha256Hex: ports.hashing.sha256Hex,
    ...(ports.measures !== undefined && { measures: ports.measures }),
    ...(ports.search !== undefined && { search: ports.search }),
    ...(ports.verifyArchive !== undefined && { verifyArchive: ports.verifyArchive }),
    dispatchResumed: () => {},
  })
}
