/**
 * All runs as actors (architecture §4): each has a mailbox, its commands are decided in order on its state in memory,
 * and what is decided goes into the batch being filled. Effects, answers and the feed follow when the batch is durable,
 * never before. Who is next is a line: runs that only start stand behind those with anything else (rule 19).
 */

import type { RunState } from "../core/run/state.ts"
import { runStatus } from "../core/views/status.ts"
import type { Log } from "../ports/log.ts"
import type { RunStore } from "../ports/store.ts"
import { BatchShare, type ShareLimits } from "./batch-share.ts"
import { type Batch, Committer, type Refused } from "./committer.ts"
import { DecisionMaker, type DecisionPorts } from "./decision-maker.ts"
import type { SnapshotLimits } from "./decision-recorder.ts"
import { type Envelope, internalError, type Outcome, rejected, system } from "./envelope.ts"
import { failuresMax, RefusedBatches } from "./refused-batches.ts"
import type { ActorCommit, RunActor } from "./run-actor.ts"
import { RunLine } from "./run-line.ts"
import type { Loaded, RunLoader } from "./run-loader.ts"
import { memoryWeight } from "./run-weight.ts"
import { type MemoryLimits, RunsInMemory } from "./runs-in-memory.ts"

export interface ActorPorts extends DecisionPorts {
  readonly log: Log
  readonly store: RunStore
  readonly loader: RunLoader
  /** Deliveries of the run are out: it stays in memory. */
  executing(runId: string): boolean
  /** Effects and feed of one run's durable commit; `released` follows when those of the whole batch were given. */
  release(pending: ActorCommit, firstPosition: number): void
  released(): void
  /** A run is left alone from now on; `poison`: also by the next process (rule 1). */
  quarantined(runId: string, why: string, poison: boolean): void
  /** Nobody can know whether a commit happened, or the store cannot be read (rule 3): the process must end. */
  fatal(message: string): void
}

export interface ActorLimits extends MemoryLimits, SnapshotLimits, ShareLimits {
  readonly mailboxMax: number
  /** A batch is one turn of the loop: this bounds how long everybody waits for it. */
  readonly batchBytesMax: number
  /** Runs decided before the event loop gets a turn. */
  readonly turnsPerSlice: number
  /** Backpressure for starts (rule 31). */
  readonly undurableBytesMax: number
  readonly lagMaxMs: number
  /** How long a full or locked disk is left alone before the next try. */
  readonly stallRetryMs: number
}

export const defaultActorLimits: ActorLimits = {
  bytesMax: 128 << 20,
  countMax: 512,
  snapshotBytesMin: 256 << 10,
  mailboxMax: 1_000,
  runBytesPerBatch: 64 << 10,
  sharedRunBytesPerBatch: 16 << 10,
  sharedForMs: 100,
  batchBytesMax: 1 << 20,
  turnsPerSlice: 256,
  undurableBytesMax: 8 << 20,
  lagMaxMs: 500,
  stallRetryMs: 500,
}

export class RunActors {
  readonly #ports: ActorPorts
  readonly #limits: ActorLimits
  readonly #memory: RunsInMemory
  readonly #committer: Committer
  readonly #decisions: DecisionMaker
  readonly #line = new RunLine()
  readonly #share: BatchShare
  readonly #refused: RefusedBatches
  #pumping = false
  #flushing = false
  #stopped = false
  #quarantined = 0
  #sharesUsedUp = 0

  constructor(ports: ActorPorts, limits: ActorLimits) {
    this.#ports = ports
    this.#limits = limits
    this.#memory = new RunsInMemory(limits)
    this.#share = new BatchShare(ports.clock, limits)
    this.#refused = new RefusedBatches(
      {
        clock: ports.clock,
        log: ports.log,
        putBack: (runId, envelopes) => this.#putBack(runId, envelopes),
        poisoned: (runId, why) => this.#quarantine(this.#memory.take(runId), why, true),
        tryAgain: () => this.#schedule(),
      },
      limits.stallRetryMs,
    )
    this.#committer = new Committer(ports.store, ports.clock, {
      durable: (batch, firstPosition) => this.#durable(batch, firstPosition),
      refused: (batches, outcome) => this.#askAgain(batches, outcome),
      unknown: (message) => this.#fatal(`a commit may or may not be stored: ${message}`),
    })
    this.#decisions = new DecisionMaker(ports, limits, this.#committer)
  }

  get counts(): {
    readonly commits: number
    readonly inMemory: number
    readonly quarantined: number
    readonly refusedCommits: number
    /** How often a run with more to decide had used up its share of a batch. */
    readonly sharesUsedUp: number
  } {
    return {
      commits: this.#committer.count,
      inMemory: this.#memory.size,
      quarantined: this.#quarantined,
      refusedCommits: this.#refused.count,
      sharesUsedUp: this.#sharesUsedUp,
    }
  }

  /** Why nothing is committed now, or null. */
  get stalled(): string | null {
    return this.#refused.stalled
  }

  /** Nothing is decided, waiting or on its way to the store. */
  get quiet(): boolean {
    if (!this.#committer.idle || this.#refused.isPending) return false
    for (const actor of this.#memory.all()) if (actor.hasMail) return false
    return true
  }

  get(runId: string): RunActor | undefined {
    return this.#memory.get(runId)
  }

  all(): Iterable<RunActor> {
    return this.#memory.all()
  }

  /**
   * Why starts are refused now, or null (rule 31). A workspace whose starts wait long is refused more of them; others are
   * not.
   * @param workspaceId null: whether anybody's are
   */
  overload(workspaceId: string | null): "overloaded" | "store_unavailable" | null {
    if (this.#refused.stalled !== null) return "store_unavailable"
    const { undurableBytesMax, lagMaxMs } = this.#limits
    if (this.#committer.undurableBytes > undurableBytesMax || this.#committer.lagMs > lagMaxMs) return "overloaded"
    const oldest = this.#line.oldestStartAt(workspaceId)
    return oldest !== null && this.#ports.clock.monotonic() - oldest > lagMaxMs ? "overloaded" : null
  }

  submit(envelope: Envelope): void {
    if (this.#stopped) return envelope.settle(rejected("draining", "the engine has stopped"))
    const actor = this.#memory.take(envelope.runId)
    if (actor.mailbox.size >= this.#limits.mailboxMax && envelope.actor !== system) {
      return envelope.settle(
        rejected("mailbox_full", "more is waiting for this run than it can take; send the same again later"),
      )
    }
    actor.mailbox.push(envelope)
    const { command } = envelope
    this.#enlist(actor, command.kind === "start-run" ? command.created.workspaceId : null)
  }

  /** Drops every run from memory that may be dropped: nothing may change by it (rule 9). */
  evictIdle(): void {
    this.#memory.evictIdle()
  }

  /**
   * Shows a run as it is stored, from memory when it is there, without keeping it there. Null: no such run, or one that
   * cannot be read. What is shown must not be altered.
   */
  inspect(runId: string, use: (state: RunState | null) => void): void {
    const actor = this.#memory.get(runId)
    if (actor !== undefined && actor.latest !== null) {
      actor.latest.watchers.push(() => this.inspect(runId, use))
      return
    }
    if (actor?.phase === "warm" && actor.state !== null) return use(actor.state)
    this.#ports.loader.load(
      runId,
      (loaded) => {
        if (this.#stopped) return
        // It came into memory meanwhile: what is known there is newer.
        const now = this.#memory.get(runId)
        if (now !== undefined && (now.latest !== null || now.phase === "warm") && now.state !== null)
          this.inspect(runId, use)
        else {
          if (loaded.kind === "unusable") this.#quarantine(this.#memory.take(runId), loaded.why)
          use(loaded.kind === "run" ? loaded.state : null)
        }
      },
      (error) => this.#fatal(`run ${runId} could not be read: ${text(error)}`),
    )
  }

  /** It is nowhere any more. */
  forget(runId: string): void {
    this.#memory.forget(runId)
  }

  /** A run as it is stored, when it is in memory now; what is shown must not be altered. */
  peek(runId: string): RunState | null {
    const actor = this.#memory.get(runId)
    return actor?.phase === "warm" && actor.latest === null ? actor.state : null
  }

  /** A run that must not be tried: found marked by two boots (rule 1). */
  quarantine(runId: string, why: string): void {
    this.#quarantine(this.#memory.take(runId), why)
  }

  stop(): void {
    this.#stopped = true
  }

  /** @param startsIn the workspace of a run that only starts */
  #enlist(actor: RunActor, startsIn: string | null = null): void {
    if (startsIn !== null) this.#line.pushStart(actor, startsIn, this.#ports.clock.monotonic())
    else this.#line.push(actor)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#pumping || this.#stopped) return
    this.#pumping = true
    queueMicrotask(() => this.#pump())
  }

  #pump(): void {
    this.#pumping = false
    if (this.#stopped || this.#refused.stalled !== null) return
    if (this.#refused.isPending) return this.#pumpOne()
    let turns = 0
    const share = this.#share.bytes()
    while (this.#committer.openBytes < this.#limits.batchBytesMax) {
      const actor = this.#line.shift()
      if (actor === undefined) break
      this.#turn(actor, share)
      if (++turns < this.#limits.turnsPerSlice) continue
      this.#pumping = true
      this.#ports.clock.setTimer(0, () => this.#pump())
      break
    }
    this.#flushAfterThisTurn()
  }

  /**
   * Requests and results that the loop has at hand come one by one; with a commit behind each of them, a store on this
   * thread would make every run wait for the syncs of all that came before it in the same turn.
   */
  #flushAfterThisTurn(): void {
    const { afterThisTurn } = this.#ports.clock
    if (afterThisTurn === undefined || this.#committer.openBytes >= this.#limits.batchBytesMax) return this.#flush()
    if (this.#flushing || !this.#committer.canFlush) return
    this.#flushing = true
    afterThisTurn(() => {
      this.#flushing = false
      if (!this.#stopped) this.#flush()
    })
  }

  #flush(): void {
    const runs = this.#committer.openFor
    if (!this.#committer.flush()) return
    this.#share.sent(runs)
    if (this.#line.newBatch()) this.#schedule()
  }

  /** Decides what waits for one run, up to its share of the batch in bytes. */
  #turn(actor: RunActor, share: number): void {
    while (actor.hasMail) {
      if (!this.#awake(actor, actor.peekMail()!)) {
        if (actor.phase !== "quarantined" || actor.undurable > 0) return
        this.#refuseQuarantined(actor, actor.nextMail()!)
        continue
      }
      if (actor.pending !== null && actor.pending.bytes > share) {
        this.#sharesUsedUp++
        this.#line.afterThisBatch(actor)
        return
      }
      this.#decide(actor, actor.nextMail()!)
    }
    this.#rest(actor)
  }

  /** False: it cannot decide this now; it stands in line again when it can. */
  #awake(actor: RunActor, next: Envelope): boolean {
    switch (actor.phase) {
      case "warm":
        return true
      case "loading":
        return false
      case "spoiled":
        if (actor.undurable > 0) return false
        this.#forget(actor)
        return this.#awake(actor, next)
      case "quarantined":
        // Only `retry-now` tries again; all else is refused with the reason.
        if (next.command.kind !== "retry-now" || actor.undurable > 0) return false
        this.#quarantined--
        actor.phase = "cold"
        actor.revived = true
        return this.#awake(actor, next)
      case "cold":
        if (next.fresh) {
          actor.phase = "warm"
          return true
        }
        this.#load(actor)
        return false
    }
  }

  #refuseQuarantined(actor: RunActor, envelope: Envelope): void {
    this.#answer(
      actor,
      envelope,
      rejected("run_quarantined", `the run cannot be decided: ${actor.why}`, { hint: "retry-now tries again" }),
    )
  }

  #load(actor: RunActor): void {
    actor.phase = "loading"
    this.#ports.loader.load(
      actor.runId,
      (loaded) => this.#loaded(actor, loaded),
      (error) => this.#fatal(`run ${actor.runId} could not be read: ${text(error)}`),
    )
  }

  #loaded(actor: RunActor, loaded: Loaded): void {
    if (this.#stopped) return
    switch (loaded.kind) {
      case "unusable":
        this.#quarantine(actor, loaded.why)
        break
      case "absent":
        actor.phase = "warm"
        break
      case "expired":
        actor.phase = "warm"
        actor.isExpired = true
        break
      case "run": {
        const { state, definition, headHash, baseBytes, eventBytes } = loaded
        actor.phase = "warm"
        actor.state = state
        actor.headHash = headHash
        actor.env = this.#decisions.envFor(actor.runId, definition, state.created)
        actor.durableStatus = runStatus(state)
        actor.baseBytes = baseBytes
        actor.bytesSinceSnapshot = eventBytes
        this.#memory.weigh(actor, memoryWeight(baseBytes, eventBytes))
      }
    }
    if (this.#refused.alone?.runId === actor.runId) this.#schedule()
    else if (actor.hasMail) this.#enlist(actor)
    else this.#rest(actor)
  }

  #decide(actor: RunActor, envelope: Envelope): void {
    const { bytes } = actor
    const verdict = this.#decisions.decide(actor, envelope)
    this.#memory.grew(actor.bytes - bytes)
    switch (verdict.kind) {
      case "recorded":
        return
      case "answer":
        return this.#answer(actor, envelope, verdict.outcome)
      case "needs":
        return this.#fetchBlobs(actor, envelope, verdict.hashes)
      case "bug":
        return this.#bug(actor, envelope, verdict.error)
    }
  }

  /** An answer without a commit of its own: it waits for the decisions that it is based on (rule 3). */
  #answer(actor: RunActor, envelope: Envelope, outcome: Outcome): void {
    if (this.#refused.alone === envelope) this.#refused.answered()
    if (actor.latest === null) envelope.settle(outcome)
    else actor.latest.asked.push({ envelope, refusal: outcome })
  }

  /** The state may be half-way through: it is read again, with the values at hand, and the same command asked again. */
  #fetchBlobs(actor: RunActor, envelope: Envelope, hashes: readonly string[]): void {
    if (this.#refused.alone !== envelope) actor.again = envelope
    actor.phase = "loading"
    const fetch = (): void => {
      this.#ports.store.blobs(hashes).then(
        (found) => this.#blobsFetched(actor, envelope, hashes, found),
        (error: unknown) => this.#fatal(`values of run ${actor.runId} could not be read: ${text(error)}`),
      )
    }
    // Values of decisions that are on their way can be read when those are durable.
    if (actor.latest === null) fetch()
    else actor.whenDurable = fetch
  }

  #blobsFetched(
    actor: RunActor,
    envelope: Envelope,
    hashes: readonly string[],
    found: ReadonlyMap<string, string>,
  ): void {
    // A refused batch may have taken the command back meanwhile.
    if (actor.again !== envelope && this.#refused.alone !== envelope) return
    envelope.blobs ??= new Map()
    for (const [hash, json] of found) {
      const value = JSON.parse(json)
      envelope.blobs.set(hash, value)
      this.#ports.blobCache.set(hash, value, json.length)
    }
    const missing = hashes.find((hash) => !found.has(hash))
    if (missing === undefined) actor.phase = "spoiled"
    else this.#quarantine(actor, `value ${missing} is not stored`)
    if (this.#refused.alone === null) this.#enlist(actor)
    else this.#schedule()
  }

  /** `decide` threw: a bug of ours. What people ask is refused; what the engine owes is tried once more (rule 1). */
  #bug(actor: RunActor, envelope: Envelope, error: unknown): void {
    this.#ports.log.write("error", "a decision threw", {
      runId: actor.runId,
      command: envelope.command.kind,
      error: stack(error),
    })
    actor.phase = "spoiled"
    envelope.failures++
    if (envelope.actor !== system) return this.#answer(actor, envelope, internalError)
    if (envelope.failures >= failuresMax) {
      this.#answer(actor, envelope, internalError)
      return this.#quarantine(actor, `${envelope.command.kind} failed: ${text(error)}`, true)
    }
    if (this.#refused.alone === envelope) return this.#schedule()
    actor.again = envelope
    if (actor.undurable === 0) this.#enlist(actor)
  }

  #quarantine(actor: RunActor, why: string, poison = false): void {
    if (actor.phase === "quarantined") return
    this.#ports.quarantined(actor.runId, why, poison)
    actor.phase = "quarantined"
    actor.why = why
    actor.state = null
    this.#quarantined++
    this.#ports.log.write("error", "a run is quarantined", { runId: actor.runId, why })
    if (actor.hasMail) this.#enlist(actor)
  }

  #durable(batch: Batch, firstPosition: number): void {
    this.#refused.answered()
    // The next one is on its way while the effects of this one are released.
    this.#flush()
    let position = firstPosition
    for (const pending of batch.commits) {
      this.#ports.release(pending, position)
      position += pending.events.length
      this.#settle(pending, position - 1)
    }
    this.#ports.released()
    for (const { actor } of batch.commits) {
      if (actor.hasMail) this.#enlist(actor)
      else this.#rest(actor)
    }
    this.#schedule()
  }

  /** Nothing of these batches is stored. All that was decided since is thrown away and asked again (rule 3). */
  #askAgain(batches: readonly Batch[], outcome: Refused): void {
    if (outcome.code === "epoch_lost") return this.#fatal(outcome.message)
    const envelopes = batches.flatMap((batch) => batch.commits.flatMap((pending) => this.#throwAway(pending)))
    // The batch that they let pass is not sent any more: nothing else would call those who have used up their share.
    this.#line.newBatch()
    this.#refused.take(envelopes, outcome)
    this.#schedule()
  }

  #throwAway(pending: ActorCommit): Envelope[] {
    const { actor } = pending
    this.#decisions.throwAway(pending)
    this.#forget(actor)
    if (actor.hasMail) this.#enlist(actor)
    for (const look of pending.watchers) look()
    return pending.asked.map(({ envelope }) => envelope)
  }

  #forget(actor: RunActor): void {
    this.#memory.weigh(actor, 0)
    actor.forget()
  }

  #putBack(runId: string, envelopes: readonly Envelope[]): void {
    const actor = this.#memory.take(runId)
    actor.putBack(envelopes)
    this.#enlist(actor)
  }

  /** One command, one commit, then the next; nothing else is decided meanwhile. */
  #pumpOne(): void {
    while (this.#committer.idle) {
      const envelope = this.#refused.next()
      if (envelope === null) return this.#schedule()
      const actor = this.#memory.take(envelope.runId)
      if (this.#awake(actor, envelope)) this.#decide(actor, envelope)
      else if (actor.phase === "quarantined") this.#refuseQuarantined(actor, envelope)
      if (this.#committer.flush() || this.#refused.alone !== null) return
    }
  }

  #settle(pending: ActorCommit, position: number): void {
    const { actor } = pending
    actor.undurable--
    if (actor.latest === pending) actor.latest = null
    actor.durableStatus = pending.status
    const commit = pending.seal()
    const done: Outcome = { kind: "committed", position, run: commit.run, commit }
    for (const { envelope, refusal } of pending.asked)
      envelope.settle(refusal === null ? done : refusal.kind === "committed" ? { ...refusal, position } : refusal)
    for (const look of pending.watchers) look()
    const { whenDurable } = actor
    if (whenDurable === null || actor.latest !== null) return
    actor.whenDurable = null
    whenDurable()
  }

  /** Nothing to do for it now: it may leave memory. */
  #rest(actor: RunActor): void {
    if (
      actor.hasMail ||
      actor.lined ||
      actor.undurable > 0 ||
      actor.phase === "loading" ||
      actor.phase === "quarantined"
    )
      return
    if (actor.state === null) return this.#memory.drop(actor)
    if (!this.#ports.executing(actor.runId)) this.#memory.rest(actor)
  }

  /** A delivery of it has ended and asks nothing of it. */
  settleDown(runId: string): void {
    const actor = this.#memory.get(runId)
    if (actor !== undefined) this.#rest(actor)
  }

  #fatal(message: string): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#ports.fatal(message)
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function stack(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
