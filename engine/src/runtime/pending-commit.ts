/**
 * What one run adds to one batch, gathered from its decisions until the batch is sealed. Later rows of a run, step or
 * approval replace earlier ones; events only grow.
 */
import type { EncodedEvent } from "../core/run/chain.ts"
import type { Effect } from "../core/run/effects.ts"
import type { RunStatus } from "../core/run/state.ts"
import type { Rows } from "../core/views/projection.ts"
import type { ApprovalRow, RunRow, SignalRow, StepRow, TimerRow } from "../core/views/rows.ts"
import type { BlobWrite, IdempotentAnswer, MessageRow, RunCommit } from "../ports/store.ts"
import type { AnswerDraft, Envelope, Outcome } from "./envelope.ts"
import type { RunEnv } from "./run-env.ts"

export interface Asked {
  readonly envelope: Envelope
  /** Null: committed with this. Otherwise the answer that must wait until what it is based on is durable. */
  readonly refusal: Outcome | null
}

/** The run that it belongs to. */
export interface CommitOwner {
  readonly runId: string
}

export class PendingCommit<Owner extends CommitOwner = CommitOwner> {
  readonly actor: Owner
  readonly env: RunEnv
  readonly expectedSeq: number
  readonly events: EncodedEvent[] = []
  readonly effects: Effect[] = []
  readonly asked: Asked[] = []
  /** Slots taken inside these decisions: given back when they are thrown away. */
  readonly reserved: string[] = []
  readonly messagesOut: MessageRow[] = []
  /** Want to see the run as it is stored: called when this is durable, or thrown away. */
  readonly watchers: (() => void)[] = []
  bytes = 0
  run: RunRow | null = null
  /** The run took a concurrency slot or a place in its queue here. */
  joined = false
  snapshot: RunCommit["snapshot"] = null
  definitionKey: RunCommit["definitionKey"] = null
  readonly #steps = new Map<string, StepRow>()
  readonly #approvals = new Map<string, ApprovalRow>()
  readonly #signals = new Map<string, SignalRow>()
  readonly #timersSet = new Map<string, TimerRow>()
  readonly #timersCancelled = new Set<string>()
  readonly #blobs = new Map<string, BlobWrite>()
  readonly #answers: AnswerDraft[] = []
  readonly #messagesIn: string[] = []
  #sealed: RunCommit | null = null

  constructor(actor: Owner, env: RunEnv, expectedSeq: number) {
    this.actor = actor
    this.env = env
    this.expectedSeq = expectedSeq
  }

  /** After this commit. */
  get status(): RunStatus {
    return this.run!.status
  }

  project(rows: Rows): void {
    this.run = rows.run
    for (const row of rows.steps) this.#steps.set(row.stepId, row)
    for (const row of rows.approvals) this.#approvals.set(row.approvalId, row)
    for (const row of rows.signals) this.#signals.set(`${row.name}\n${row.signalId}`, row)
    for (const row of rows.timersSet) {
      this.#timersSet.set(row.timerId, row)
      this.#timersCancelled.delete(row.timerId)
    }
    for (const timer of rows.timersCancelled) if (!this.#timersSet.delete(timer)) this.#timersCancelled.add(timer)
  }

  keepBlob(blob: BlobWrite): void {
    if (this.#blobs.has(blob.hash)) return
    this.#blobs.set(blob.hash, blob)
    this.bytes += blob.json.length
  }

  take(envelope: Envelope): void {
    this.asked.push({ envelope, refusal: null })
    if (envelope.answer !== null) this.#answers.push(envelope.answer)
    for (const messageId of envelope.messagesIn) this.#messagesIn.push(messageId)
    if (envelope.definitionKey !== null) this.definitionKey = envelope.definitionKey
  }

  seal(): RunCommit {
    this.#sealed ??= this.#commit()
    return this.#sealed
  }

  #commit(): RunCommit {
    const commit = {
      runId: this.actor.runId,
      expectedSeq: this.expectedSeq,
      events: this.events,
      run: this.run!,
      steps: [...this.#steps.values()],
      approvals: [...this.#approvals.values()],
      signals: [...this.#signals.values()],
      timersSet: [...this.#timersSet.values()],
      timersCancelled: [...this.#timersCancelled],
      snapshot: this.snapshot,
      blobs: [...this.#blobs.values()],
      answers: [] as IdempotentAnswer[],
      messagesOut: this.messagesOut,
      messagesIn: this.#messagesIn,
      definitionKey: this.definitionKey,
    }
    for (const draft of this.#answers) {
      commit.answers.push({
        scope: draft.scope,
        key: draft.key,
        bodyHash: draft.bodyHash,
        runId: commit.runId,
        answer: draft.encode(commit),
        expiresAt: draft.expiresAt,
      })
    }
    return commit
  }
}
