/**
 * The tables of a store in memory, and a batch on them: all of it or nothing. Rows are kept as they came; whoever gives
 * them does not change them afterwards (they are read-only types), as nothing that crosses a port may.
 */

import type { Remark } from "../../core/remarks/remark.ts"
import { applyRemark, type Standing, startStanding } from "../../core/remarks/standing.ts"
import { supersede, supersededMax, supersedes } from "../../core/remarks/supersede.ts"
import { type EncodedEvent, genesisHash, type HexSha256, sealRun, type WorkspaceHead } from "../../core/run/chain.ts"
import type { RunStatus } from "../../core/run/state.ts"
import type { ApprovalRow, RunRow, SignalRow, StepRow, TimerRow } from "../../core/views/rows.ts"
import {
  type CommitOutcome,
  executionNumberKey,
  type IdempotentAnswer,
  type MessageRow,
  type RunCommit,
} from "../../ports/store.ts"

export interface MemoryEvent {
  readonly event: EncodedEvent
  readonly position: number
  readonly runId: string
  /** Of the run when the event's commit was done. */
  readonly status: RunStatus
}

export interface MemoryRun {
  /** In order of creation. */
  readonly number: number
  row: RunRow
  readonly events: MemoryEvent[]
  readonly steps: Map<number, StepRow>
  readonly signals: Map<string, SignalRow>
  readonly remarks: Remark[]
  /** Null: nobody has said anything about it. */
  standing: Standing | null
  snapshot: { readonly seq: number; readonly codec: string; readonly state: string } | null
}

export interface MemoryRemark {
  readonly remark: Remark
  readonly position: number
}

export interface LateResult {
  readonly runId: string
  readonly stepId: string
  readonly attempt: number
  readonly fence: number
  readonly at: number
  readonly result: string
}

export interface ExecutionCounter {
  next: number
  runs: number
  lastRunAt: number
}

type Refused = Extract<CommitOutcome, { kind: "refused" }>

class Refusal extends Error {
  readonly outcome: Refused
  constructor(runId: string, code: Refused["code"], message: string) {
    super(message)
    this.outcome = { kind: "refused", runId, code, message }
  }
}

export class MemoryTables {
  readonly runs = new Map<string, MemoryRun>()
  /** All events in order of commits; position n lies at n − 1. */
  readonly feed: MemoryEvent[] = []
  readonly approvals = new Map<string, ApprovalRow>()
  readonly timers = new Map<string, TimerRow>()
  readonly outbox = new Map<string, MessageRow>()
  readonly answers = new Map<string, IdempotentAnswer>()
  readonly definitionKeys = new Map<string, { readonly runId: string; readonly expiresAt: number }>()
  readonly blobs = new Map<string, string>()
  readonly heads = new Map<string, WorkspaceHead[]>()
  readonly counters = new Map<string, ExecutionCounter>()
  readonly lateResults: LateResult[] = []
  /** All remarks in order; key n lies at n − 1. */
  readonly remarks: MemoryRemark[] = []
  /** Told of the keys of remarks that are there to stay. */
  onRemarked: (fromKey: number) => void = () => {}
  readonly #sha256: HexSha256
  readonly #now: () => number
  #undo: (() => void)[] = []

  constructor(sha256: HexSha256, now: () => number) {
    this.#sha256 = sha256
    this.#now = now
  }

  commit(commits: readonly RunCommit[]): CommitOutcome {
    const firstPosition = this.feed.length + 1
    this.#undo = []
    try {
      const remarked = this.remarks.length
      for (const commit of commits) this.#apply(commit)
      if (this.remarks.length > remarked) this.onRemarked(remarked)
      return { kind: "durable", firstPosition }
    } catch (error) {
      for (const back of this.#undo.reverse()) back()
      if (error instanceof Refusal) return error.outcome
      throw error
    } finally {
      this.#undo = []
    }
  }

  #apply(commit: RunCommit): void {
    const run = this.#runFor(commit)
    this.#assign(run, "row", commit.run)
    this.#append(run, commit)
    for (const step of commit.steps) this.#writeStep(run, commit, step)
    for (const row of commit.signals) this.#set(run.signals, `${row.name}\n${row.signalId}`, row)
    for (const row of commit.approvals) this.#set(this.approvals, row.approvalId, row)
    for (const timerId of commit.timersCancelled) this.#delete(this.timers, `${commit.runId}\n${timerId}`)
    for (const row of commit.timersSet) this.#set(this.timers, `${commit.runId}\n${row.timerId}`, row)
    if (commit.snapshot !== null) this.#assign(run, "snapshot", commit.snapshot)
    this.#writeKeys(commit)
    for (const row of commit.messagesOut) this.#writeMessage(commit, row)
    for (const messageId of commit.messagesIn) this.#delete(this.outbox, messageId)
    for (const blob of commit.blobs) this.#set(this.blobs, blob.hash, blob.json)
    if (commit.run.completedAt !== null) this.#seal(commit)
    if (supersedes(commit.run)) this.#supersede(commit.run)
  }

  #supersede(by: RunRow): void {
    let runId = by.rerunOf
    for (let depth = 1; runId !== null && depth <= supersededMax; depth++) {
      const run = this.runs.get(runId)
      if (run === undefined) return
      const remark = supersede(by, run.row, standingIn(run), depth)
      if (remark !== null) this.addRemark(remark, applyRemark(standingIn(run), remark))
      runId = run.row.rerunOf
    }
  }

  standingIn(runId: string): Standing | null {
    const run = this.runs.get(runId)
    return run === undefined ? null : standingIn(run)
  }

  isAnswered(key: string): boolean {
    const now = this.#now()
    return (this.answers.get(key)?.expiresAt ?? now) > now
  }

  addRemark(remark: Remark, standing: Standing): void {
    const run = this.runs.get(remark.runId)!
    this.#assign(run, "standing", standing)
    run.remarks.push(remark)
    this.remarks.push({ remark, position: this.feed.length })
    this.#undo.push(() => {
      run.remarks.pop()
      this.remarks.pop()
    })
  }

  #runFor(commit: RunCommit): MemoryRun {
    const { runId, expectedSeq } = commit
    const found = this.runs.get(runId)
    const before = found?.row.headHash ?? genesisHash
    const seq = found?.row.seq ?? 0
    if (seq !== expectedSeq)
      throw new Refusal(runId, "stale_seq", `run ${runId} stands at seq ${seq}, expected ${expectedSeq}`)
    if (found !== undefined && found.row.completedAt !== null)
      throw new Refusal(runId, "stale_seq", `run ${runId} has ended at seq ${seq}: its history never changes`)
    if (commit.events.length > 0 && commit.events[0]!.prevHash !== before)
      throw new Refusal(runId, "constraint", `the events of run ${runId} do not follow its last one`)
    if (found !== undefined) return found
    if (commit.events.length === 0) throw new Refusal(runId, "constraint", `run ${runId} has no event to begin with`)
    const made: MemoryRun = {
      number: this.runs.size + 1,
      row: commit.run,
      events: [],
      steps: new Map(),
      signals: new Map(),
      remarks: [],
      standing: null,
      snapshot: null,
    }
    this.#set(this.runs, runId, made)
    this.#count(commit.run)
    return made
  }

  #append(run: MemoryRun, commit: RunCommit): void {
    for (const event of commit.events) {
      const stored = { event, position: this.feed.length + 1, runId: commit.runId, status: commit.run.status }
      this.feed.push(stored)
      run.events.push(stored)
      this.#undo.push(() => {
        this.feed.pop()
        run.events.pop()
      })
    }
  }

  #writeStep(run: MemoryRun, commit: RunCommit, step: StepRow): void {
    if (step.firstSeq <= commit.expectedSeq && !run.steps.has(step.firstSeq))
      throw new Refusal(
        commit.runId,
        "constraint",
        `step ${step.stepId} of run ${commit.runId} was not there to be changed`,
      )
    this.#set(run.steps, step.firstSeq, step)
  }

  #writeKeys(commit: RunCommit): void {
    const now = this.#now()
    for (const answer of commit.answers) {
      const key = `${answer.scope}\n${answer.key}`
      if (this.isAnswered(key))
        throw new Refusal(commit.runId, "duplicate_key", `the idempotency key ${answer.key} is in use`)
      this.#set(this.answers, key, answer)
    }
    const own = commit.definitionKey
    if (own === null) return
    const key = definitionKeyText(own.workspaceId, own.workflowId, own.key)
    if ((this.definitionKeys.get(key)?.expiresAt ?? now) > now)
      throw new Refusal(commit.runId, "duplicate_key", `the key ${own.key} of workflow ${own.workflowId} is in use`)
    this.#set(this.definitionKeys, key, { runId: commit.runId, expiresAt: own.expiresAt })
  }

  #writeMessage(commit: RunCommit, row: MessageRow): void {
    if (this.outbox.has(row.messageId))
      throw new Refusal(commit.runId, "constraint", `message ${row.messageId} was sent before`)
    this.#set(this.outbox, row.messageId, row)
  }

  #seal(commit: RunCommit): void {
    const { workspaceId } = commit.run
    const heads = this.heads.get(workspaceId) ?? []
    this.#set(this.heads, workspaceId, heads)
    heads.push(sealRun(this.#sha256, heads[heads.length - 1] ?? { number: 0, hash: genesisHash }, commit.run))
    this.#undo.push(() => heads.pop())
  }

  #count(run: RunRow): void {
    const key = executionNumberKey(run.workspaceId, run.environment, run.workflowId)
    const before = this.counters.get(key) ?? { next: 1, runs: 0, lastRunAt: 0 }
    this.#set(this.counters, key, {
      next: Math.max(before.next, run.executionNumber + 1),
      runs: before.runs + 1,
      lastRunAt: Math.max(before.lastRunAt, run.createdAt),
    })
  }

  #set<K, V>(map: Map<K, V>, key: K, value: V): void {
    const had = map.has(key)
    const before = map.get(key)
    map.set(key, value)
    this.#undo.push(() => (had ? map.set(key, before as V) : map.delete(key)))
  }

  /** Undone, the entries stand in their old order: messages are read in it. */
  #delete<K, V>(map: Map<K, V>, key: K): void {
    if (!map.has(key)) return
    const before = map.get(key) as V
    const keys = [...map.keys()]
    const behind = keys.slice(keys.indexOf(key) + 1)
    map.delete(key)
    this.#undo.push(() => {
      map.set(key, before)
      for (const name of behind) this.#toEnd(map, name)
    })
  }

  #toEnd<K, V>(map: Map<K, V>, key: K): void {
    if (!map.has(key)) return
    const value = map.get(key) as V
    map.delete(key)
    map.set(key, value)
  }

  #assign<T, K extends keyof T>(target: T, name: K, value: T[K]): void {
    const before = target[name]
    target[name] = value
    this.#undo.push(() => {
      target[name] = before
    })
  }
}

export function standingIn(run: MemoryRun): Standing {
  return run.standing ?? startStanding(run.row)
}

export function definitionKeyText(workspaceId: string, workflowId: string, key: string): string {
  return JSON.stringify([workspaceId, workflowId, key])
}
