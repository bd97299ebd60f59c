/**
 * The one writer of a data directory (architecture §4): one transaction, one fsync, many runs. It stores what it is
 * given and guards three things: the run's expected seq, the epoch of this process, and keys that must be unique.
 * It decides nothing about a run, and it never retries: a refused batch is the engine's to take apart (rule 3).
 */
import type Database from "better-sqlite3"
import { supersedes } from "../../core/remarks/supersede.ts"
import { genesisHash, type HexSha256, sealRun } from "../../core/run/chain.ts"
import type { CommitOutcome, IdempotentAnswer, RunCommit } from "../../ports/store.ts"
import { outcomeOf, sqliteCode } from "./errors.ts"
import { EventWriter } from "./event-writer.ts"
import { RemarkWriter } from "./remark-writer.ts"
import {
  approvalShape,
  cells,
  durationMs,
  runCells,
  runShape,
  signalShape,
  sortAt,
  stepShape,
  timerShape,
} from "./rows.ts"
import { RunCounts } from "./run-counts.ts"
import { movingCells, type RunCells, RunUpdates } from "./run-updates.ts"
import { prepareWrites, type WriteStatements } from "./write-statements.ts"

export interface WriterOptions {
  readonly epoch: number
  readonly sha256: HexSha256
  /** Milliseconds since the epoch: whether a key has expired. */
  readonly now: () => number
}

const knownRunsMax = 10_000

type Refused = Extract<CommitOutcome, { kind: "refused" }>

/** Thrown inside a transaction to leave it. */
class Refusal extends Error {
  readonly outcome: Refused
  constructor(code: Refused["code"], runId: string | null, message: string) {
    super(message)
    this.outcome = { kind: "refused", runId, code, message }
  }
}

interface KnownRun {
  readonly runKey: number
  /** Null: not written since this process began. */
  cells: RunCells | null
}

interface Head {
  readonly number: number
  readonly hash: string
}

interface Counter {
  readonly workspaceId: string
  readonly environment: string
  readonly workflowId: string
  lastNumber: number
  runs: number
  lastRunAt: number
}

export class Writer {
  readonly #db: Database.Database
  readonly #options: WriterOptions
  readonly #write: WriteStatements
  readonly #events: EventWriter
  readonly #updates: RunUpdates
  /** Of finished runs, written with the transaction that changes them; to be told inside `transaction` only. */
  readonly counts: RunCounts
  /** For what is said beside runs; inside `transaction` only. */
  readonly remarks: RemarkWriter
  /** Told of the key before the first remark of a transaction that is durable. */
  onRemarked: (before: number) => void = () => {}
  /** Told after each transaction that is durable, whatever it wrote: the log grew. */
  onDurable: () => void = () => {}
  #position: number
  /** Set by the first commit whose end nobody knows; from then on nothing is stored or answered. */
  #unknown: Extract<CommitOutcome, { kind: "unknown" }> | null = null
  readonly #heads = new Map<string, Head>()
  readonly #counters = new Map<string, Counter>()
  /** Runs that are under way: a run's key never changes while it is there, and its row only through this writer. */
  readonly #known = new Map<string, KnownRun>()
  /** The run whose rows are being written: an error without a name is put down to it. */
  #current: string | null = null

  constructor(db: Database.Database, options: WriterOptions) {
    this.#db = db
    this.#options = options
    this.#write = prepareWrites(db)
    this.#events = new EventWriter(db)
    this.#updates = new RunUpdates(db)
    this.remarks = new RemarkWriter(db)
    this.counts = new RunCounts(db)
    this.#position = this.#write.lastPosition.get()!.position
  }

  /** Position of the newest durable event; 0 in an empty store. */
  get position(): number {
    return this.#position
  }

  get broken(): boolean {
    return this.#unknown !== null
  }

  commit(commits: readonly RunCommit[]): CommitOutcome {
    const first = this.#position + 1
    return this.transaction(
      () => {
        let position = this.#position
        for (const commit of commits) {
          this.#current = commit.runId
          position = this.#apply(commit, position)
        }
        this.#current = null
        this.#events.flush()
        this.#flushCounters()
        return position
      },
      (position) => {
        this.#position = position
        return { kind: "durable", firstPosition: first }
      },
    )
  }

  /** Runs `work` in a transaction of its own, the epoch checked; `done` sees its value once it is durable. */
  transaction<T, R>(work: () => T, done: (value: T) => R): R | Exclude<CommitOutcome, { kind: "durable" }> {
    if (this.#unknown !== null) return this.#unknown
    try {
      this.#write.begin.run()
      this.#checkEpoch()
      const value = work()
      this.counts.flush()
      this.#write.commit.run()
      const result = done(value)
      this.#tell(() => this.onDurable())
      this.#tellRemarks()
      return result
    } catch (error) {
      return this.#undo(error)
    } finally {
      this.#counters.clear()
      this.#current = null
    }
  }

  /** Its row was written by another hand, or is about to be. */
  forget(runId: string): void {
    this.#known.delete(runId)
  }

  /** A listener that fails finds by its key what it was not told. */
  #tellRemarks(): void {
    const before = this.remarks.written()
    if (before !== null) this.#tell(() => this.onRemarked(before))
  }

  /** What is durable stays so, whatever becomes of who hears of it. */
  #tell(listener: () => void): void {
    try {
      listener()
    } catch {
      // The transaction is over: nothing may be undone for this.
    }
  }

  #undo(error: unknown): Exclude<CommitOutcome, { kind: "durable" }> {
    this.#heads.clear()
    this.#known.clear()
    this.#events.discard()
    this.counts.discard()
    this.remarks.written()
    const outcome = error instanceof Refusal ? error.outcome : outcomeOf(error, this.#current)
    if (outcome.kind === "refused" && this.#db.inTransaction) {
      try {
        this.#write.rollback.run()
      } catch (failure) {
        return this.#giveUp(`the rollback failed: ${failure instanceof Error ? failure.message : String(failure)}`)
      }
    }
    return outcome.kind === "unknown" ? this.#giveUp(outcome.message) : outcome
  }

  #giveUp(message: string): Extract<CommitOutcome, { kind: "unknown" }> {
    this.#unknown = { kind: "unknown", message }
    return this.#unknown
  }

  #checkEpoch(): void {
    const found = this.#write.epoch.get()
    if (found !== undefined && Number(found.value) === this.#options.epoch) return
    throw new Refusal(
      "epoch_lost",
      null,
      `another process has taken over this data directory (epoch ${found?.value ?? "gone"}, ours ${this.#options.epoch})`,
    )
  }

  #apply(commit: RunCommit, position: number): number {
    const runKey = this.#writeRun(commit)
    const last = this.#events.add(runKey, commit.run.status, commit.events, position)
    this.#writeSteps(commit, runKey)
    if (commit.approvals.length > 0) this.#writeApprovals(commit, runKey)
    if (commit.signals.length > 0) this.#writeSignals(commit, runKey)
    if (commit.timersSet.length > 0 || commit.timersCancelled.length > 0) this.#writeTimers(commit, runKey)
    if (commit.snapshot !== null) {
      this.#write.snapshot.run(runKey, commit.snapshot.seq, commit.snapshot.codec, commit.snapshot.state)
    }
    this.#writeKeys(commit)
    for (const message of commit.messagesOut) {
      this.#write.messageOut.run(message.messageId, message.toRunId, message.kind, message.body)
    }
    for (const messageId of commit.messagesIn) this.#write.messageIn.run(messageId)
    if (commit.run.completedAt !== null) this.#seal(commit)
    if (supersedes(commit.run)) this.remarks.supersede(commit.run, last)
    return last
  }

  #writeRun(commit: RunCommit): number {
    const { run } = commit
    if (commit.expectedSeq === 0) {
      if (commit.events[0]?.prevHash !== genesisHash)
        throw new Refusal("constraint", commit.runId, `run ${commit.runId} does not begin with its first event`)
      const runKey = this.#newKey(commit.runId)
      this.#keep(commit.runId, { runKey, cells: movingCells(run) })
      const own = [runKey, sortAt(run), durationMs(run)]
      this.#write.insertRun.run(...runCells(runCells(own, run, runShape.fixed), run, runShape.moving))
      if (run.completedAt !== null) this.counts.add(run, sortAt(run), 1)
      if (run.tags !== "[]") this.#writeTags(run.tags, runKey)
      this.#count(commit)
      return runKey
    }
    const known = this.#known.get(commit.runId) ?? this.#lookUp(commit.runId)
    if (known === null) throw this.#whyNot(commit)
    const { runKey } = known
    const cells = movingCells(run)
    const expectedHead = commit.events[0]?.prevHash ?? run.headHash
    if (!this.#updates.write(runKey, commit.expectedSeq, expectedHead, cells, known.cells)) throw this.#whyNot(commit)
    if (run.completedAt === null) known.cells = cells
    else {
      this.#known.delete(commit.runId)
      this.counts.add(run, sortAt(run), 1)
    }
    return runKey
  }

  #lookUp(runId: string): KnownRun | null {
    const found = this.#write.runKey.get(runId)
    if (found === undefined) return null
    const known = { runKey: found.runKey, cells: null }
    this.#keep(runId, known)
    return known
  }

  #keep(runId: string, known: KnownRun): void {
    if (this.#known.size >= knownRunsMax) this.#known.clear()
    this.#known.set(runId, known)
  }

  #writeTags(tags: string, runKey: number): void {
    for (const tag of new Set(JSON.parse(tags) as string[])) this.#write.tag.run(tag, runKey)
  }

  #newKey(runId: string): number {
    try {
      return Number(this.#write.insertRunKey.run(runId).lastInsertRowid)
    } catch (error) {
      if (sqliteCode(error) !== "SQLITE_CONSTRAINT_UNIQUE") throw error
      throw new Refusal("stale_seq", runId, `run ${runId} exists already`)
    }
  }

  #whyNot(commit: RunCommit): Refusal {
    const { runId, expectedSeq } = commit
    const stale = (message: string) => new Refusal("stale_seq", runId, message)
    const found = this.#write.runSeq.get(runId)
    if (found === undefined) return stale(`run ${runId} does not exist, expected it at seq ${expectedSeq}`)
    if (found.completedAt !== null)
      return stale(`run ${runId} has ended at seq ${found.seq}: its history never changes`)
    if (found.seq !== expectedSeq) return stale(`run ${runId} stands at seq ${found.seq}, expected ${expectedSeq}`)
    return new Refusal("constraint", runId, `the events of run ${runId} do not follow its last one`)
  }

  #writeSteps(commit: RunCommit, runKey: number): void {
    for (const step of commit.steps) {
      if (step.firstSeq > commit.expectedSeq) {
        this.#write.insertStep.run(...cells(cells([runKey], step, stepShape.fixed), step, stepShape.moving))
        continue
      }
      const values = cells([], step, stepShape.moving)
      values.push(runKey, step.firstSeq)
      if (this.#write.updateStep.run(...values).changes === 1) continue
      throw new Refusal(
        "constraint",
        commit.runId,
        `step ${step.stepId} of run ${commit.runId} was not there to be changed`,
      )
    }
  }

  #writeApprovals(commit: RunCommit, runKey: number): void {
    for (const row of commit.approvals) {
      this.#write.approval.run(...cells(cells([runKey], row, approvalShape.fixed), row, approvalShape.moving))
    }
  }

  #writeSignals(commit: RunCommit, runKey: number): void {
    for (const row of commit.signals) {
      this.#write.signal.run(...cells(cells([runKey], row, signalShape.fixed), row, signalShape.moving))
    }
  }

  #writeTimers(commit: RunCommit, runKey: number): void {
    for (const timerId of commit.timersCancelled) this.#write.timerGone.run(runKey, timerId)
    for (const row of commit.timersSet) {
      this.#write.timer.run(...cells(cells([runKey], row, timerShape.fixed), row, timerShape.moving))
    }
  }

  /** Keys that may be taken once (rule 24); an expired one is as good as none. */
  #writeKeys(commit: RunCommit): void {
    for (const row of commit.answers) {
      if (!this.keepAnswer(row))
        throw new Refusal("duplicate_key", commit.runId, `the idempotency key ${row.key} is in use`)
    }
    const own = commit.definitionKey
    if (own === null) return
    const values = [own.workspaceId, own.workflowId, own.key, commit.runId, own.expiresAt, this.#options.now()]
    if (this.#write.definitionKey.run(...values).changes === 0)
      throw new Refusal("duplicate_key", commit.runId, `the key ${own.key} of workflow ${own.workflowId} is in use`)
  }

  /** False: the key is in use. */
  keepAnswer(row: IdempotentAnswer): boolean {
    const values = [row.scope, row.key, row.bodyHash, row.runId, row.answer, row.expiresAt, this.#options.now()]
    return this.#write.answer.run(...values).changes > 0
  }

  #seal(commit: RunCommit): void {
    const { workspaceId } = commit.run
    const stored = this.#heads.get(workspaceId) ?? this.#write.lastHead.get(workspaceId)
    const prev = stored ?? { number: 0, hash: genesisHash }
    const head = sealRun(this.#options.sha256, prev, commit.run)
    this.#write.head.run(workspaceId, head.number, head.runId, head.runSeq, head.runHead, head.prevHash, head.hash)
    this.#heads.set(workspaceId, { number: head.number, hash: head.hash })
  }

  #count(commit: RunCommit): void {
    const { workspaceId, environment, workflowId, executionNumber, createdAt } = commit.run
    const key = `${workspaceId}\n${environment}\n${workflowId}`
    const counter = this.#counters.get(key)
    if (counter === undefined) {
      this.#counters.set(key, {
        workspaceId,
        environment,
        workflowId,
        lastNumber: executionNumber,
        runs: 1,
        lastRunAt: createdAt,
      })
      return
    }
    counter.lastNumber = Math.max(counter.lastNumber, executionNumber)
    counter.lastRunAt = Math.max(counter.lastRunAt, createdAt)
    counter.runs += 1
  }

  #flushCounters(): void {
    for (const one of this.#counters.values()) {
      this.#write.counter.run(one.workspaceId, one.environment, one.workflowId, one.lastNumber, one.runs, one.lastRunAt)
    }
  }
}
