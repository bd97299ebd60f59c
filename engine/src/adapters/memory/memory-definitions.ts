/** The ports `DefinitionStore` and `ResumeMarks` in memory. */
import type {
  DefinitionChange,
  DefinitionKey,
  DefinitionRecord,
  DefinitionStats,
  DefinitionStore,
  VersionRecord,
} from "../../ports/definition-store.ts"
import type { Quarantined, ResumeMarks } from "../../ports/resume-marks.ts"
import { executionNumberKey, type IdempotentAnswer } from "../../ports/store.ts"
import type { MemoryTables } from "./tables.ts"

const thirtyDaysMs = 30 * 24 * 3_600_000

export class MemoryDefinitions implements DefinitionStore {
  readonly #tables: MemoryTables
  #records = new Map<string, DefinitionRecord>()
  #versions: VersionRecord[] = []

  constructor(tables: MemoryTables) {
    this.#tables = tables
  }

  async records(): Promise<readonly DefinitionRecord[]> {
    return [...this.#records].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record)
  }

  async version(key: DefinitionKey, versionNumber: number | null): Promise<VersionRecord | null> {
    return this.#of(key).find((one) => versionNumber === null || one.versionNumber === versionNumber) ?? null
  }

  async versionByLabel(key: DefinitionKey, label: string): Promise<VersionRecord | null> {
    return this.#of(key).find((one) => one.version === label) ?? null
  }

  async versions(key: DefinitionKey, limit: number, before: number | null): Promise<readonly VersionRecord[]> {
    return this.#of(key)
      .filter((one) => before === null || one.versionNumber < before)
      .slice(0, limit)
  }

  async byHash(hash: string): Promise<VersionRecord | null> {
    return this.#versions.find((one) => one.hash === hash) ?? null
  }

  async apply(changes: readonly DefinitionChange[]): Promise<void> {
    const records = new Map(this.#records)
    let versions = [...this.#versions]
    const answers: IdempotentAnswer[] = []
    for (const change of changes) {
      switch (change.kind) {
        case "put-record":
          records.set(keyText(change.record), change.record)
          break
        case "add-version": {
          const { versionNumber } = change.version
          if (versions.some((one) => keyText(one) === keyText(change.version) && one.versionNumber === versionNumber))
            throw new Error(`version ${versionNumber} of ${change.version.workflowId} is there already`)
          versions.push(change.version)
          break
        }
        case "delete":
          records.delete(keyText(change.key))
          versions = versions.filter((one) => keyText(one) !== keyText(change.key))
          break
        case "keep-answer":
          answers.push(change.answer)
      }
    }
    for (const answer of answers) this.#tables.answers.set(`${answer.scope}\n${answer.key}`, answer)
    this.#records = records
    this.#versions = versions
  }

  async stats(
    workspaceId: string,
    environment: string,
    workflowIds: readonly string[],
    now: number,
  ): Promise<ReadonlyMap<string, DefinitionStats>> {
    return new Map(
      workflowIds.map((workflowId) => [workflowId, this.#statsOf({ workspaceId, environment, workflowId }, now)]),
    )
  }

  async hasRuns(key: DefinitionKey): Promise<boolean> {
    return this.#tables.counters.has(executionNumberKey(key.workspaceId, key.environment, key.workflowId))
  }

  #statsOf(key: DefinitionKey, now: number): DefinitionStats {
    const counter = this.#tables.counters.get(executionNumberKey(key.workspaceId, key.environment, key.workflowId))
    if (counter === undefined) return { runCount: 0, lastRunAt: null, successRate30d: null }
    const rows = [...this.#tables.runs.values()].map((run) => run.row)
    const ended = rows.filter(
      (row) =>
        keyText(row) === keyText(key) &&
        row.origin === "live" &&
        (row.startedAt ?? row.createdAt) >= now - thirtyDaysMs &&
        ["COMPLETED", "FAILED", "TIMED_OUT"].includes(row.status),
    )
    const completed = ended.filter((row) => row.status === "COMPLETED").length
    return {
      runCount: counter.runs,
      lastRunAt: counter.lastRunAt,
      successRate30d: ended.length === 0 ? null : completed / ended.length,
    }
  }

  /** Newest first. */
  #of(key: DefinitionKey): VersionRecord[] {
    const own = this.#versions.filter((one) => keyText(one) === keyText(key))
    return own.sort((a, b) => b.versionNumber - a.versionNumber)
  }
}

export class MemoryResumeMarks implements ResumeMarks {
  readonly #times = new Map<string, number>()
  readonly #quarantined = new Map<string, Quarantined>()

  async read(): Promise<ReadonlyMap<string, number>> {
    return new Map(this.#times)
  }

  async add(runIds: readonly string[]): Promise<void> {
    for (const runId of runIds) this.#times.set(runId, (this.#times.get(runId) ?? 0) + 1)
  }

  async clear(runIds: readonly string[]): Promise<void> {
    for (const runId of runIds) this.#times.delete(runId)
  }

  async quarantined(): Promise<ReadonlyMap<string, Quarantined>> {
    return new Map(this.#quarantined)
  }

  async quarantine(runId: string, found: Quarantined): Promise<void> {
    this.#quarantined.set(runId, found)
  }

  async release(runId: string): Promise<void> {
    this.#quarantined.delete(runId)
  }
}

function keyText(key: DefinitionKey): string {
  return JSON.stringify([key.workspaceId, key.environment, key.workflowId])
}
