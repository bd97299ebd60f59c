/**
 * The port `RunStore` in memory: the same contract as the database's, for tests and for trying things out. Nothing of it
 * outlives the process, and it has no faults; the simulator brings its own.
 */
import type { EncodedEvent, HexSha256 } from "../../core/run/chain.ts"
import type { TimerRow } from "../../core/views/rows.ts"
import type {
  CommitOutcome,
  IdempotentAnswer,
  MessageRow,
  OpenRun,
  RunCommit,
  RunStore,
  StoredRun,
} from "../../ports/store.ts"
import { definitionKeyText, MemoryTables } from "./tables.ts"

export interface MemoryOptions {
  readonly sha256: HexSha256
  /** Milliseconds since the epoch, for the expiry of keys. */
  readonly now: () => number
}

export class MemoryStore implements RunStore {
  readonly tables: MemoryTables

  constructor(options: MemoryOptions) {
    this.tables = new MemoryTables(options.sha256, options.now)
  }

  async commit(commits: readonly RunCommit[]): Promise<CommitOutcome> {
    return this.tables.commit(commits)
  }

  async load(runId: string, codec: string, eventsMax?: number): Promise<StoredRun | null> {
    const run = this.tables.runs.get(runId)
    if (run === undefined) return null
    const snapshot = run.snapshot?.codec === codec ? { seq: run.snapshot.seq, state: run.snapshot.state } : null
    const events = await this.eventsAfter(runId, snapshot?.seq ?? 0, eventsMax)
    return { runId, snapshot, events, seq: run.row.seq, headHash: run.row.headHash }
  }

  async eventsAfter(runId: string, seq: number, limit?: number): Promise<readonly EncodedEvent[]> {
    const events = this.tables.runs.get(runId)?.events ?? []
    return events.flatMap(({ event }) => (event.seq > seq ? [event] : [])).slice(0, limit)
  }

  async blobs(hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = hashes.filter((hash) => this.tables.blobs.has(hash))
    return new Map(found.map((hash) => [hash, this.tables.blobs.get(hash)!]))
  }

  async openRuns(after: string | null, limit: number): Promise<readonly OpenRun[]> {
    const open = [...this.tables.runs.values()].map((run) => run.row).filter((row) => row.completedAt === null)
    return open
      .filter((row) => after === null || row.runId > after)
      .sort((a, b) => (a.runId < b.runId ? -1 : 1))
      .slice(0, limit)
      .map(({ runId, status, reason, workspaceId, workflowId, concurrencyKey, createdAt }) => {
        return { runId, status, reason, workspaceId, workflowId, concurrencyKey, createdAt }
      })
  }

  async dueTimers(before: number, limit: number): Promise<readonly TimerRow[]> {
    const due = [...this.tables.timers.values()].filter((timer) => timer.dueAt <= before)
    const number = (timer: TimerRow) => this.tables.runs.get(timer.runId)!.number
    return due
      .sort((a, b) => a.dueAt - b.dueAt || compareText(a.timerId, b.timerId) || number(a) - number(b))
      .slice(0, limit)
  }

  async messages(after: string | null, limit: number): Promise<readonly MessageRow[]> {
    const rows = [...this.tables.outbox.values()]
    const from = after === null ? 0 : rows.findIndex((row) => row.messageId === after) + 1
    return rows.slice(from, from + limit)
  }

  async forgetMessages(messageIds: readonly string[]): Promise<void> {
    for (const messageId of messageIds) this.tables.outbox.delete(messageId)
  }

  async findAnswer(scope: string, key: string, now: number): Promise<IdempotentAnswer | null> {
    const found = this.tables.answers.get(`${scope}\n${key}`)
    return found !== undefined && found.expiresAt > now ? found : null
  }

  async findDefinitionKey(workspaceId: string, workflowId: string, key: string, now: number): Promise<string | null> {
    const found = this.tables.definitionKeys.get(definitionKeyText(workspaceId, workflowId, key))
    return found !== undefined && found.expiresAt > now ? found.runId : null
  }

  async executionNumbers(): Promise<ReadonlyMap<string, number>> {
    return new Map([...this.tables.counters].map(([key, counter]) => [key, counter.next]))
  }

  async keepLateResult(
    runId: string,
    stepId: string,
    attempt: number,
    fence: number,
    at: number,
    result: string,
  ): Promise<void> {
    this.tables.lateResults.push({ runId, stepId, attempt, fence, at, result })
  }

  position(): number {
    return this.tables.feed.length
  }

  async close(): Promise<void> {}
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
