/**
 * A store for stories of the runtime: maps instead of tables, and faults on order. It keeps what was committed as text,
 * so that nothing in memory is shared with the engine, and checks what a database would: seq, one writer, unique keys.
 */
import { type EncodedEvent, genesisHash } from "../../core/run/chain.ts"
import type { FeedEvent } from "../../core/views/feed-event.ts"
import type { ApprovalRow, RunRow, StepRow, TimerRow } from "../../core/views/rows.ts"
import type { Quarantined, ResumeMarks } from "../../ports/resume-marks.ts"
import {
  type CommitOutcome,
  executionNumberKey,
  type IdempotentAnswer,
  type MessageRow,
  type OpenRun,
  type RunCommit,
  type RunStore,
  type StoredRun,
} from "../../ports/store.ts"

export interface StoredRunTables {
  row: RunRow
  readonly events: { readonly event: EncodedEvent; readonly position: number; readonly status: RunRow["status"] }[]
  readonly steps: Map<string, StepRow>
  snapshot: RunCommit["snapshot"]
}

type Refusal = Extract<CommitOutcome, { kind: "refused" }>

export class PlainStore implements RunStore {
  readonly runs = new Map<string, StoredRunTables>()
  readonly approvals = new Map<string, ApprovalRow>()
  readonly timers = new Map<string, TimerRow>()
  readonly outbox = new Map<string, MessageRow>()
  readonly answers = new Map<string, IdempotentAnswer>()
  readonly keys = new Map<string, { readonly runId: string; readonly expiresAt: number }>()
  readonly blobTexts = new Map<string, string>()
  readonly lateResults: {
    readonly runId: string
    readonly stepId: string
    readonly fence: number
    readonly result: string
  }[] = []
  /** Every commit that came, by the ids of its runs. */
  readonly batches: string[][] = []
  /** How many times each run was read. */
  readonly loads: string[] = []
  /** Asked for every commit: null lets it through. */
  fault: (commits: readonly RunCommit[]) => Refusal | { readonly kind: "unknown"; readonly message: string } | null =
    () => null
  /** Holds commits back until it is fulfilled. */
  gate: Promise<void> | null = null
  #position = 0
  /** Wall time: whether a key has expired. */
  now: () => number = () => 0

  async commit(commits: readonly RunCommit[]): Promise<CommitOutcome> {
    if (this.gate !== null) await this.gate
    this.batches.push(commits.map((commit) => commit.runId))
    const fault = this.fault(commits)
    if (fault !== null) return fault
    for (const commit of commits) {
      const refused = this.#refusal(commit)
      if (refused !== null) return refused
    }
    const firstPosition = this.#position + 1
    for (const commit of commits) this.#apply(commit)
    return { kind: "durable", firstPosition }
  }

  #refusal(commit: RunCommit): Refusal | null {
    const { runId } = commit
    const stored = this.runs.get(runId)
    if ((stored?.row.seq ?? 0) !== commit.expectedSeq)
      return {
        kind: "refused",
        runId,
        code: "stale_seq",
        message: `expected ${commit.expectedSeq}, stands at ${stored?.row.seq ?? 0}`,
      }
    if (stored?.row.completedAt != null)
      return { kind: "refused", runId, code: "stale_seq", message: "the run has ended" }
    for (const answer of commit.answers) {
      const before = this.answers.get(`${answer.scope}\n${answer.key}`)
      if (before !== undefined && before.expiresAt > this.now())
        return { kind: "refused", runId, code: "duplicate_key", message: answer.key }
    }
    const before = stored?.events.at(-1)?.event.hash ?? genesisHash
    if (commit.events.length > 0 && commit.events[0]!.prevHash !== before)
      return { kind: "refused", runId, code: "constraint", message: "the chain is broken" }
    return null
  }

  #apply(commit: RunCommit): void {
    const copy = structuredClone(commit)
    const { runId } = copy
    const tables: StoredRunTables = this.runs.get(runId) ?? {
      row: copy.run,
      events: [],
      steps: new Map(),
      snapshot: null,
    }
    this.runs.set(runId, tables)
    tables.row = copy.run
    for (const event of copy.events) tables.events.push({ event, position: ++this.#position, status: copy.run.status })
    for (const step of copy.steps) tables.steps.set(step.stepId, step)
    if (copy.snapshot !== null) tables.snapshot = copy.snapshot
    for (const row of copy.approvals) this.approvals.set(row.approvalId, row)
    for (const timer of copy.timersCancelled) this.timers.delete(`${runId}\n${timer}`)
    for (const row of copy.timersSet) this.timers.set(`${runId}\n${row.timerId}`, row)
    for (const row of copy.messagesOut) this.outbox.set(row.messageId, row)
    for (const messageId of copy.messagesIn) this.outbox.delete(messageId)
    for (const answer of copy.answers) this.answers.set(`${answer.scope}\n${answer.key}`, answer)
    for (const blob of copy.blobs) this.blobTexts.set(blob.hash, blob.json)
    const key = copy.definitionKey
    if (key !== null)
      this.keys.set(JSON.stringify([key.workspaceId, key.workflowId, key.key]), { runId, expiresAt: key.expiresAt })
  }

  async load(runId: string, codec: string, eventsMax?: number): Promise<StoredRun | null> {
    this.loads.push(runId)
    const stored = this.runs.get(runId)
    if (stored === undefined) return null
    const snapshot = stored.snapshot?.codec === codec ? stored.snapshot : null
    const events = await this.eventsAfter(runId, snapshot?.seq ?? 0, eventsMax)
    return { runId, snapshot, events, seq: stored.row.seq, headHash: stored.row.headHash }
  }

  async eventsAfter(runId: string, seq: number, limit?: number): Promise<readonly EncodedEvent[]> {
    const events = this.runs.get(runId)?.events ?? []
    return events.flatMap(({ event }) => (event.seq > seq ? [event] : [])).slice(0, limit)
  }

  async blobs(hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return new Map(
      hashes.flatMap((hash) => (this.blobTexts.has(hash) ? [[hash, this.blobTexts.get(hash)!] as const] : [])),
    )
  }

  async openRuns(after: string | null, limit: number): Promise<readonly OpenRun[]> {
    const open = [...this.runs.values()]
      .map(({ row }) => row)
      .filter((row) => row.completedAt === null && row.runId > (after ?? ""))
    return open.sort((a, b) => (a.runId < b.runId ? -1 : 1)).slice(0, limit)
  }

  async dueTimers(before: number, limit: number): Promise<readonly TimerRow[]> {
    const due = [...this.timers.values()].filter((timer) => timer.dueAt <= before)
    return due.sort((a, b) => a.dueAt - b.dueAt || (a.timerId < b.timerId ? -1 : 1)).slice(0, limit)
  }

  async messages(after: string | null, limit: number): Promise<readonly MessageRow[]> {
    const rows = [...this.outbox.values()]
    const from = after === null ? 0 : rows.findIndex((row) => row.messageId === after) + 1
    return rows.slice(from, from + limit)
  }

  async forgetMessages(messageIds: readonly string[]): Promise<void> {
    for (const messageId of messageIds) this.outbox.delete(messageId)
  }

  async findAnswer(scope: string, key: string, now: number): Promise<IdempotentAnswer | null> {
    const found = this.answers.get(`${scope}\n${key}`)
    return found !== undefined && found.expiresAt > now ? found : null
  }

  async findDefinitionKey(workspaceId: string, workflowId: string, key: string, now: number): Promise<string | null> {
    const found = this.keys.get(JSON.stringify([workspaceId, workflowId, key]))
    return found !== undefined && found.expiresAt > now ? found.runId : null
  }

  async executionNumbers(): Promise<ReadonlyMap<string, number>> {
    const next = new Map<string, number>()
    for (const { row } of this.runs.values()) {
      const key = executionNumberKey(row.workspaceId, row.environment, row.workflowId)
      next.set(key, Math.max(next.get(key) ?? 1, row.executionNumber + 1))
    }
    return next
  }

  async keepLateResult(
    runId: string,
    stepId: string,
    _attempt: number,
    fence: number,
    _at: number,
    result: string,
  ): Promise<void> {
    this.lateResults.push({ runId, stepId, fence, result })
  }

  async since(position: number, limit: number): Promise<readonly FeedEvent[]> {
    const all: FeedEvent[] = []
    for (const [runId, { row, events }] of this.runs) {
      const { workspaceId, workflowId, environment } = row
      for (const { event, position: at, status } of events)
        if (at > position) all.push({ ...event, runId, position: at, workspaceId, workflowId, environment, status })
    }
    return all.sort((a, b) => a.position - b.position).slice(0, limit)
  }

  position(): number {
    return this.#position
  }

  async close(): Promise<void> {}
}

/** Marks that outlive the process of a story. */
export class PlainMarks implements ResumeMarks {
  readonly counts = new Map<string, number>()
  readonly poison = new Map<string, Quarantined>()

  async read(): Promise<ReadonlyMap<string, number>> {
    return new Map(this.counts)
  }

  async add(runIds: readonly string[]): Promise<void> {
    for (const runId of runIds) this.counts.set(runId, (this.counts.get(runId) ?? 0) + 1)
  }

  async clear(runIds: readonly string[]): Promise<void> {
    for (const runId of runIds) this.counts.delete(runId)
  }

  async quarantined(): Promise<ReadonlyMap<string, Quarantined>> {
    return new Map(this.poison)
  }

  async quarantine(runId: string, found: Quarantined): Promise<void> {
    this.poison.set(runId, found)
  }

  async release(runId: string): Promise<void> {
    this.poison.delete(runId)
  }
}
