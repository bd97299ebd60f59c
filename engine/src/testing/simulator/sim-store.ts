/**
 * The store as one process sees it: every call takes time, a dead process hears nothing, and a commit may be refused or
 * end in a way that nobody can interpret (rule 3). A process that dies with a commit on its way leaves it stored or not.
 */
import type { EncodedEvent } from "../../core/run/chain.ts"
import type { FeedEvent } from "../../core/views/feed-event.ts"
import type { TimerRow } from "../../core/views/rows.ts"
import type { FeedSource } from "../../ports/feed-source.ts"
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
import type { Faults } from "./faults.ts"
import type { Random } from "./random.ts"
import type { Scheduler } from "./scheduler.ts"
import type { SimDisk } from "./sim-disk.ts"

export interface SimStoreOptions {
  readonly disk: SimDisk
  readonly scheduler: Scheduler
  readonly random: Random
  /** Changes when the calm begins. */
  readonly faults: () => Faults
  readonly seen: (what: string) => void
}

export class SimStore implements RunStore, FeedSource, ResumeMarks {
  readonly #options: SimStoreOptions
  #alive = true
  #inFlight: readonly RunCommit[] | null = null

  constructor(options: SimStoreOptions) {
    this.#options = options
  }

  /** The process is gone. A commit on its way landed before, or never will. */
  die(): void {
    this.#alive = false
    const commits = this.#inFlight
    this.#inFlight = null
    if (commits === null) return
    const { disk, random, seen } = this.#options
    const landed = random.chance(0.5) && disk.refusal(commits) === null
    seen(landed ? "crash: the commit on its way had landed" : "crash: the commit on its way is lost")
    if (landed) disk.apply(commits)
  }

  #later<T>(answer: () => T, more = 0): Promise<T> {
    const { scheduler, random, faults } = this.#options
    const latency = more + (faults().slowStore ? random.below(40) : random.below(3))
    return new Promise((resolve) => {
      scheduler.after(latency, () => {
        if (this.#alive) resolve(answer())
      })
    })
  }

  commit(commits: readonly RunCommit[]): Promise<CommitOutcome> {
    this.#inFlight = commits
    return this.#later(() => this.#land(commits), 1)
  }

  #land(commits: readonly RunCommit[]): CommitOutcome {
    this.#inFlight = null
    const { disk, random, faults, seen } = this.#options
    const { refused, unknown } = faults()
    if (random.chance(unknown)) {
      const landed = random.chance(0.5) && disk.refusal(commits) === null
      seen(landed ? "unknown commit that happened" : "unknown commit that did not happen")
      if (landed) disk.apply(commits)
      return { kind: "unknown", message: "disk I/O error" }
    }
    if (random.chance(commits.length > 1 ? 3 * refused : refused)) {
      // One poisonous run spoils a batch; alone each of these can be stored.
      const code = commits.length > 1 && random.chance(0.7) ? "constraint" : random.pick(["disk_full", "busy"] as const)
      seen(`refused commit: ${code}`)
      return { kind: "refused", runId: null, code, message: code }
    }
    const refusal = disk.refusal(commits)
    if (refusal !== null) {
      seen(`refused commit: ${refusal.code}`)
      return refusal
    }
    const firstPosition = disk.position + 1
    if (commits.length > 1) seen("group commit of several runs")
    disk.apply(commits)
    return { kind: "durable", firstPosition }
  }

  load(runId: string, codec: string, eventsMax = Number.POSITIVE_INFINITY): Promise<StoredRun | null> {
    return this.#later(() => {
      const run = this.#options.disk.runs.get(runId)
      if (run === undefined) return null
      const snapshot = run.snapshot?.codec === codec ? run.snapshot : null
      if (snapshot !== null) this.#options.seen("a run is loaded from a snapshot")
      const from = snapshot?.seq ?? 0
      const { seq, headHash } = run.run
      if (seq > from + eventsMax) this.#options.seen("a long tail is read in pages")
      return { runId, snapshot, events: run.encoded.slice(from, from + eventsMax), seq, headHash }
    })
  }

  eventsAfter(runId: string, seq: number, limit: number): Promise<readonly EncodedEvent[]> {
    return this.#later(() => this.#options.disk.runs.get(runId)?.encoded.slice(seq, seq + limit) ?? [])
  }

  blobs(hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.#later(() => {
      this.#options.seen("large values are loaded")
      const { blobs } = this.#options.disk
      return new Map(hashes.filter((hash) => blobs.has(hash)).map((hash) => [hash, blobs.get(hash)!]))
    })
  }

  openRuns(after: string | null, limit: number): Promise<readonly OpenRun[]> {
    return this.#later(() =>
      [...this.#options.disk.runs.values()]
        .filter((run) => run.open && (after === null || run.runId > after))
        .sort((a, b) => (a.runId < b.runId ? -1 : 1))
        .slice(0, limit)
        .map(({ run }) => ({
          runId: run.runId,
          status: run.status,
          reason: run.reason,
          workspaceId: run.workspaceId,
          workflowId: run.workflowId,
          concurrencyKey: run.concurrencyKey,
          createdAt: run.createdAt,
        })),
    )
  }

  dueTimers(before: number, limit: number): Promise<readonly TimerRow[]> {
    return this.#later(() =>
      [...this.#options.disk.runs.values()]
        .flatMap((run) => [...run.timers.values()])
        .filter((row) => row.dueAt <= before)
        .sort((a, b) => a.dueAt - b.dueAt || (a.timerId < b.timerId ? -1 : 1))
        .slice(0, limit),
    )
  }

  messages(after: string | null, limit: number): Promise<readonly MessageRow[]> {
    return this.#later(() => {
      const rows = [...this.#options.disk.messages.values()]
      const from = rows.findIndex((row) => row.messageId === after) + 1
      return rows.slice(from, from + limit)
    })
  }

  forgetMessages(messageIds: readonly string[]): Promise<void> {
    return this.#later(() => {
      for (const id of messageIds) this.#options.disk.messages.delete(id)
    })
  }

  findAnswer(scope: string, key: string, now: number): Promise<IdempotentAnswer | null> {
    return this.#later(() => {
      const answer = this.#options.disk.answers.get(`${scope}\n${key}`)
      return answer !== undefined && answer.expiresAt > now ? answer : null
    })
  }

  findDefinitionKey(workspaceId: string, workflowId: string, key: string, now: number): Promise<string | null> {
    return this.#later(() => {
      const found = this.#options.disk.definitionKeys.get(`${workspaceId}\n${workflowId}\n${key}`)
      return found !== undefined && found.expiresAt > now ? found.runId : null
    })
  }

  executionNumbers(): Promise<ReadonlyMap<string, number>> {
    return this.#later(() => {
      const numbers = new Map<string, number>()
      for (const { run } of this.#options.disk.runs.values()) {
        const key = executionNumberKey(run.workspaceId, run.environment, run.workflowId)
        numbers.set(key, Math.max(numbers.get(key) ?? 1, run.executionNumber + 1))
      }
      return numbers
    })
  }

  keepLateResult(
    runId: string,
    _stepId: string,
    _attempt: number,
    _fence: number,
    _at: number,
    result: string,
  ): Promise<void> {
    return this.#later(() => {
      this.#options.seen("a late result is kept beside history")
      this.#options.disk.keepLateResult(runId, result)
    })
  }

  since(position: number, limit: number): Promise<readonly FeedEvent[]> {
    return this.#later(() => this.#options.disk.feed(position, limit))
  }

  read(): Promise<ReadonlyMap<string, number>> {
    return this.#later(() => new Map(this.#options.disk.marks))
  }

  add(runIds: readonly string[]): Promise<void> {
    return this.#later(() => {
      const { marks } = this.#options.disk
      for (const id of runIds) marks.set(id, (marks.get(id) ?? 0) + 1)
    })
  }

  clear(runIds: readonly string[]): Promise<void> {
    return this.#later(() => {
      for (const id of runIds) this.#options.disk.marks.delete(id)
    })
  }

  quarantined(): Promise<ReadonlyMap<string, Quarantined>> {
    return this.#later(() => new Map(this.#options.disk.poison))
  }

  quarantine(runId: string, found: Quarantined): Promise<void> {
    return this.#later(() => void this.#options.disk.poison.set(runId, found))
  }

  release(runId: string): Promise<void> {
    return this.#later(() => void this.#options.disk.poison.delete(runId))
  }

  position(): number {
    return this.#options.disk.position
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
