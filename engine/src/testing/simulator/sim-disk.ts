/**
 * What outlives a process in the simulated world: the tables. It has no logic beyond what a store promises (expected
 * sequence, unique keys, all or nothing) and audits every commit as it lands.
 */

import { type Finding, HistoryAudit } from "../../core/audit/index.ts"
import type { Definition } from "../../core/definition/model.ts"
import type { EncodedEvent } from "../../core/run/chain.ts"
import type { RunEvent } from "../../core/run/events.ts"
import type { FeedEvent } from "../../core/views/feed-event.ts"
import { RowFold } from "../../core/views/fold.ts"
import type { ApprovalRow, RunRow, SignalRow, StepRow, TimerRow } from "../../core/views/rows.ts"
import type { Quarantined } from "../../ports/resume-marks.ts"
import type { CommitOutcome, IdempotentAnswer, MessageRow, RunCommit } from "../../ports/store.ts"
import { sha256Hex } from "./hashing.ts"
import { secretWord } from "./hush.ts"

export class DiskRun {
  readonly runId: string
  readonly encoded: EncodedEvent[] = []
  readonly events: RunEvent[] = []
  run!: RunRow
  snapshot: RunCommit["snapshot"] = null
  readonly steps = new Map<string, StepRow>()
  readonly approvals = new Map<string, ApprovalRow>()
  readonly signals = new Map<string, SignalRow>()
  readonly timers = new Map<string, TimerRow>()
  readonly audit: HistoryAudit
  readonly fold: RowFold
  /** `step#attempt#fence` of every durable step.started. */
  readonly started = new Set<string>()

  constructor(runId: string, definition: Definition | null) {
    this.runId = runId
    this.audit = new HistoryAudit(runId, definition)
    this.fold = new RowFold(runId)
  }

  get open(): boolean {
    return !this.audit.ended
  }
}

export class SimDisk {
  readonly runs = new Map<string, DiskRun>()
  readonly blobs = new Map<string, string>()
  readonly answers = new Map<string, IdempotentAnswer>()
  readonly definitionKeys = new Map<string, { runId: string; expiresAt: number }>()
  readonly messages = new Map<string, MessageRow>()
  readonly marks = new Map<string, number>()
  readonly poison = new Map<string, Quarantined>()
  /** By position, from 1. */
  readonly log: { readonly runId: string; readonly event: EncodedEvent; readonly row: RunRow }[] = []
  readonly findings: Finding[] = []
  lateResults = 0
  commits = 0
  readonly #definitionOf: (hash: string) => Definition | null

  readonly #wall: () => number

  constructor(definitionOf: (hash: string) => Definition | null, wall: () => number) {
    this.#definitionOf = definitionOf
    this.#wall = wall
  }

  /** Everything that landed, in order; each event's hash covers all of it. */
  traceHash(): string {
    return sha256Hex(this.log.map(({ runId, event }) => `${runId} ${event.hash}`).join("\n"))
  }

  trace(): string[] {
    return this.log.map(({ runId, event: { seq, type, at, stepId, payload } }) => {
      return `${runId} ${seq} ${type} ${at} ${stepId} ${payload}`
    })
  }

  feed(after: number, limit: number): FeedEvent[] {
    return this.log.slice(after, after + limit).map(({ runId, event, row }, index) => {
      const { workspaceId, workflowId, environment, status } = row
      return { ...event, runId, position: after + index + 1, workspaceId, workflowId, environment, status }
    })
  }

  get position(): number {
    return this.log.length
  }

  /** Why the batch cannot be stored, or null. */
  refusal(commits: readonly RunCommit[]): Extract<CommitOutcome, { kind: "refused" }> | null {
    for (const commit of commits) {
      const { runId } = commit
      const seq = this.runs.get(runId)?.run.seq ?? 0
      if (seq !== commit.expectedSeq)
        return {
          kind: "refused",
          runId,
          code: "stale_seq",
          message: `${runId} is at ${seq}, not ${commit.expectedSeq}`,
        }
      for (const { scope, key } of commit.answers)
        if ((this.answers.get(`${scope}\n${key}`)?.expiresAt ?? 0) > this.#wall())
          return { kind: "refused", runId, code: "duplicate_key", message: `the key ${key} was used` }
    }
    return null
  }

  apply(commits: readonly RunCommit[]): void {
    this.commits++
    for (const commit of commits) this.#applyOne(commit)
  }

  #applyOne(commit: RunCommit): void {
    const { runId } = commit
    let run = this.runs.get(runId)
    if (run === undefined) {
      run = new DiskRun(runId, this.#definitionOf(commit.run.definitionHash))
      this.runs.set(runId, run)
    }
    run.run = commit.run
    for (const event of commit.events) this.#event(run, event)
    for (const row of commit.steps) run.steps.set(row.stepId, row)
    for (const row of commit.approvals) run.approvals.set(row.approvalId, row)
    for (const row of commit.signals) run.signals.set(`${row.name}\n${row.signalId}`, row)
    for (const row of commit.timersSet) run.timers.set(row.timerId, row)
    for (const id of commit.timersCancelled) run.timers.delete(id)
    if (commit.snapshot !== null) run.snapshot = commit.snapshot
    for (const { hash, json } of commit.blobs) {
      this.#mayKeep(runId, null, json)
      this.blobs.set(hash, json)
    }
    for (const answer of commit.answers) this.answers.set(`${answer.scope}\n${answer.key}`, answer)
    for (const message of commit.messagesOut) this.messages.set(message.messageId, message)
    for (const id of commit.messagesIn) this.messages.delete(id)
    const key = commit.definitionKey
    if (key !== null)
      this.definitionKeys.set(`${key.workspaceId}\n${key.workflowId}\n${key.key}`, { runId, expiresAt: key.expiresAt })
    this.findings.push(...run.audit.findings.splice(0))
  }

  keepLateResult(runId: string, result: string): void {
    this.lateResults++
    this.#mayKeep(runId, null, result)
  }

  /** I16: what is redacted lies nowhere. */
  #mayKeep(runId: string, seq: number | null, text: string): void {
    if (text.includes(secretWord))
      this.findings.push({ invariant: "I16", runId, seq, detail: `a value that may not be kept is stored: ${text}` })
  }

  #event(run: DiskRun, encoded: EncodedEvent): void {
    this.#mayKeep(run.runId, encoded.seq, encoded.payload)
    const { v, seq, type, at, actor, stepId } = encoded
    const event = { v, seq, type, at, actor, stepId, payload: JSON.parse(encoded.payload) } as RunEvent
    run.encoded.push(encoded)
    run.events.push(event)
    this.log.push({ runId: run.runId, event: encoded, row: run.run })
    if (event.type === "step.started")
      run.started.add(`${event.stepId}#${event.payload.attempt}#${event.payload.fence}`)
    run.audit.apply(event)
    run.fold.apply(event)
  }
}
