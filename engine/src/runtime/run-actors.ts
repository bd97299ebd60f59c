/**
 * All runs as actors (architecture §4): each has a mailbox, its commands are decided in order on its state in memory,
 * and what is decided goes into the batch being filled. Effects, answers and the feed follow when the batch is durable,
 * never before. Who is next is a line: runs that only start stand behind those with anything else (rule 19).
 */

import type { Definition } from "../core/definition/model.ts"
import { genesisHash } from "../core/run/chain.ts"
import type { Command } from "../core/run/commands.ts"
import { type Decision, decide } from "../core/run/decide/index.ts"
import type { RunCreated } from "../core/run/events.ts"
import type { RunState } from "../core/run/state.ts"
import { NeedsBlobs } from "../core/run/stored.ts"
import { runRow } from "../core/views/projection.ts"
import { runStatus } from "../core/views/status.ts"
import type { Clock } from "../ports/clock.ts"
import type { Log } from "../ports/log.ts"
import type { RunStore } from "../ports/store.ts"
import { type Batch, Committer, type Refused } from "./committer.ts"
import { type RecorderPorts, recordDecision, type SnapshotLimits, weigh } from "./decision-recorder.ts"
import { type Envelope, type Outcome, rejected, system } from "./envelope.ts"
import { Fifo } from "./fifo.ts"
import { IdleActors, type IdleLimits } from "./idle-actors.ts"
import { PendingCommit } from "./pending-commit.ts"
import { RunActor } from "./run-actor.ts"
import { type EnvPorts, RunEnv } from "./run-env.ts"
import type { Loaded, RunLoader } from "./run-loader.ts"

export interface ActorPorts extends EnvPorts, RecorderPorts {
  readonly clock: Clock
  readonly log: Log
  readonly store: RunStore
  readonly loader: RunLoader
  /** Whether a new run gets a slot of its concurrency key now; it is noted as holder or as waiting (rule 28). */
  joinConcurrency(runId: string, created: RunCreated): "slot" | "queue" | "refused"
  leaveConcurrency(runId: string): void
  unreserve(stepId: string): void
  /** A run has left quarantine. */
  revive(runId: string): void
  /** Deliveries of the run are out: it stays in memory. */
  executing(runId: string): boolean
  /** Effects and feed of one run's durable commit; `released` follows when those of the whole batch were given. */
  release(pending: PendingCommit, firstPosition: number): void
  released(): void
  /** Position of the newest durable event. */
  head(): number
  /** Nobody can know whether a commit happened, or the store cannot be read (rule 3): the process must end. */
  fatal(message: string): void
}

export interface ActorLimits extends IdleLimits, SnapshotLimits {
  readonly mailboxMax: number
  /** Before other runs had their turn (rule 19). */
  readonly runBytesPerBatch: number
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
  batchBytesMax: 4 << 20,
  turnsPerSlice: 256,
  undurableBytesMax: 8 << 20,
  lagMaxMs: 500,
  stallRetryMs: 500,
}

/** A command that failed this often by a bug of ours is not tried again. */
const failuresMax = 2

export class RunActors {
  readonly #ports: ActorPorts
  readonly #limits: ActorLimits
  readonly #actors = new Map<string, RunActor>()
  readonly #idle: IdleActors
  readonly #committer: Committer
  readonly #line = new Fifo<RunActor>()
  readonly #starts = new Fifo<{ readonly actor: RunActor; readonly at: number }>()
  /** Have used up their share of this batch. */
  #nextBatch: RunActor[] = []
  /** From a refused batch, to be committed one by one; `#alone` is the one on its way. */
  readonly #oneByOne = new Fifo<Envelope>()
  #alone: Envelope | null = null
  /** The store cannot take commits now (disk full, locked): why. */
  #stalled: string | null = null
  #bytes = 0
  #pumping = false
  #stopped = false
  #quarantined = 0
  #refusals = 0

  constructor(ports: ActorPorts, limits: ActorLimits) {
    this.#ports = ports
    this.#limits = limits
    this.#idle = new IdleActors(limits, (actor) => this.#drop(actor))
    this.#committer = new Committer(ports.store, ports.clock, {
      durable: (batch, firstPosition) => this.#durable(batch, firstPosition),
      refused: (batches, outcome) => this.#refused(batches, outcome),
      unknown: (message) => this.#fatal(`a commit may or may not be stored: ${message}`),
    })
  }

  get counts(): {
    readonly commits: number
    readonly inMemory: number
    readonly quarantined: number
    readonly refusedCommits: number
  } {
    return {
      commits: this.#committer.count,
      inMemory: this.#actors.size,
      quarantined: this.#quarantined,
      refusedCommits: this.#refusals,
    }
  }

  /** Why nothing is committed now, or null. */
  get stalled(): string | null {
    return this.#stalled
  }

  /** Nothing is decided, waiting or on its way to the store. */
  get quiet(): boolean {
    if (!this.#committer.idle || this.#oneByOne.size > 0 || this.#alone !== null) return false
    for (const actor of this.#actors.values()) if (actor.hasMail) return false
    return true
  }

  get(runId: string): RunActor | undefined {
    return this.#actors.get(runId)
  }

  all(): Iterable<RunActor> {
    return this.#actors.values()
  }

  /** Why starts are refused now, or null (rule 31). */
  overload(): "overloaded" | "store_unavailable" | null {
    if (this.#stalled !== null) return "store_unavailable"
    const { undurableBytesMax, lagMaxMs } = this.#limits
    if (this.#committer.undurableBytes > undurableBytesMax || this.#committer.lagMs > lagMaxMs) return "overloaded"
    const oldest = this.#starts.peek()
    return oldest !== undefined && this.#ports.clock.monotonic() - oldest.at > lagMaxMs ? "overloaded" : null
  }

  submit(envelope: Envelope): void {
    if (this.#stopped) return envelope.settle(rejected("draining", "the engine has stopped"))
    const actor = this.#actorOf(envelope.runId)
    if (actor.mailbox.size >= this.#limits.mailboxMax && envelope.actor !== system) {
      return envelope.settle(
        rejected("mailbox_full", "more is waiting for this run than it can take; send the same again later"),
      )
    }
    actor.mailbox.push(envelope)
    this.#enlist(actor, envelope.command.kind === "start-run")
  }

  /** Drops every run from memory that may be dropped: nothing may change by it (rule 9). */
  evictIdle(): void {
    this.#idle.clear()
  }

  /**
   * Shows a run as it is stored, from memory when it is there, without keeping it there. Null: no such run, or one that
   * cannot be read. What is shown must not be altered.
   */
  inspect(runId: string, use: (state: RunState | null) => void): void {
    const actor = this.#actors.get(runId)
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
        const now = this.#actors.get(runId)
        if (now !== undefined && (now.latest !== null || now.phase === "warm") && now.state !== null)
          this.inspect(runId, use)
        else use(loaded.kind === "run" ? loaded.state : null)
      },
      (error) => this.#fatal(`run ${runId} could not be read: ${text(error)}`),
    )
  }

  /** A run that must not be tried: found marked by two boots (rule 1). */
  quarantine(runId: string, why: string): void {
    this.#quarantine(this.#actorOf(runId), why)
  }

  stop(): void {
    this.#stopped = true
  }

  #actorOf(runId: string): RunActor {
    let actor = this.#actors.get(runId)
    if (actor === undefined) {
      actor = new RunActor(runId)
      this.#actors.set(runId, actor)
    } else this.#idle.remove(actor)
    return actor
  }

  #enlist(actor: RunActor, start = false): void {
    if (!actor.lined) {
      actor.lined = true
      if (start) this.#starts.push({ actor, at: this.#ports.clock.monotonic() })
      else this.#line.push(actor)
    }
    this.#schedule()
  }

  #schedule(): void {
    if (this.#pumping || this.#stopped) return
    this.#pumping = true
    queueMicrotask(() => this.#pump())
  }

  #pump(): void {
    this.#pumping = false
    if (this.#stopped || this.#stalled !== null) return
    if (this.#alone !== null || this.#oneByOne.size > 0) return this.#pumpOne()
    let turns = 0
    while (this.#committer.openBytes < this.#limits.batchBytesMax) {
      const actor = this.#line.shift() ?? this.#starts.shift()?.actor
      if (actor === undefined) break
      actor.lined = false
      this.#turn(actor)
      if (++turns < this.#limits.turnsPerSlice) continue
      this.#pumping = true
      this.#ports.clock.setTimer(0, () => this.#pump())
      break
    }
    this.#flush()
  }

  #flush(): void {
    if (!this.#committer.flush() || this.#nextBatch.length === 0) return
    const waiting = this.#nextBatch
    this.#nextBatch = []
    for (const actor of waiting) this.#line.push(actor)
    this.#schedule()
  }

  /** Decides what waits for one run, up to its share of the batch. */
  #turn(actor: RunActor): void {
    while (actor.hasMail) {
      if (!this.#awake(actor, actor.peekMail()!)) {
        if (actor.phase !== "quarantined" || actor.undurable > 0) return
        this.#refuseQuarantined(actor, actor.nextMail()!)
        continue
      }
      if (actor.pending !== null && actor.pending.bytes > this.#limits.runBytesPerBatch) {
        actor.lined = true
        this.#nextBatch.push(actor)
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
      case "run": {
        const { state, definition, headHash, snapshotBytes, eventBytes } = loaded
        actor.phase = "warm"
        actor.state = state
        actor.headHash = headHash
        actor.env = this.#envFor(actor.runId, definition, state.created)
        actor.durableStatus = runStatus(state)
        actor.snapshotBytes = snapshotBytes
        actor.bytesSinceSnapshot = eventBytes
        this.#weighIn(actor, weigh(snapshotBytes, eventBytes))
      }
    }
    if (this.#alone?.runId === actor.runId) this.#schedule()
    else if (actor.hasMail) this.#enlist(actor)
    else this.#rest(actor)
  }

  #envFor(runId: string, definition: Definition, created: RunCreated): RunEnv {
    const { workspaceId, workflowId, environment, traceId } = created
    return new RunEnv(this.#ports, definition, { runId, workspaceId, workflowId, environment, traceId }, created)
  }

  #decide(actor: RunActor, envelope: Envelope): void {
    const { command } = envelope
    if (actor.state === null) {
      if (command.kind !== "start-run" || envelope.definition === null) {
        return this.#answer(actor, envelope, rejected("run_not_found", `there is no run ${actor.runId}`))
      }
      actor.env = this.#envFor(actor.runId, envelope.definition, command.created)
    } else if (command.kind === "start-run") {
      return this.#answer(actor, envelope, rejected("run_exists", `run ${actor.runId} exists already`))
    }
    const asked = actor.revived && command.kind === "retry-now" ? this.#revive(actor) : this.#withSlot(actor, command)
    if (asked === null) return this.#answer(actor, envelope, concurrencyFull(command))
    actor.env!.begin(this.#ports.clock.now(), envelope.blobs)
    try {
      this.#record(actor, envelope, decide(actor.runId, actor.state, asked, envelope.actor, actor.env!))
    } catch (error) {
      this.#undo(actor, command)
      if (error instanceof NeedsBlobs) this.#fetchBlobs(actor, envelope, error.hashes)
      else this.#bug(actor, envelope, error)
    }
  }

  /** Out of quarantine: that is written down, and what the run is owed is looked for as after a crash. */
  #revive(actor: RunActor): Command {
    actor.revived = false
    this.#ports.revive(actor.runId)
    return { kind: "repair", leaf: "run", why: actor.why }
  }

  /** Whether a concurrency slot is free is asked at the last moment, in the order of decisions (rule 28). */
  #withSlot(actor: RunActor, command: Command): Command | null {
    if (command.kind !== "start-run" || command.created.concurrency === null) return command
    const joined = this.#ports.joinConcurrency(actor.runId, command.created)
    return joined === "refused" ? null : { ...command, slotFree: joined === "slot" }
  }

  #undo(actor: RunActor, command: Command): void {
    const { reserved } = actor.env!
    actor.env!.reserved = []
    for (const stepId of reserved) this.#ports.unreserve(stepId)
    if (command.kind === "start-run") this.#ports.leaveConcurrency(actor.runId)
  }

  #record(actor: RunActor, envelope: Envelope, decision: Decision): void {
    const { events, effects, state } = decision
    const nothing = events.length === 0 && effects.length === 0
    if (!decision.ok && nothing) {
      this.#undo(actor, envelope.command)
      return this.#answer(actor, envelope, { kind: "rejected", rejection: decision.rejection })
    }
    if (nothing && envelope.answer === null && envelope.messagesIn.length === 0)
      return this.#answer(actor, envelope, this.#unchanged(actor))
    if (state === null) throw new Error(`a decision over ${actor.runId} has events and no state`)
    const pending = this.#pendingOf(actor, actor.state === null ? 0 : state.seq - events.length)
    if (actor.state === null) actor.headHash = genesisHash
    actor.state = state
    const { bytes } = pending
    const weight = actor.bytes
    recordDecision(this.#ports, this.#limits, actor, state, pending, decision)
    if (decision.ok) pending.take(envelope)
    // A deadline had passed before the command was looked at: that is committed, the command is not.
    else pending.asked.push({ envelope, refusal: { kind: "rejected", rejection: decision.rejection } })
    if (envelope.command.kind === "start-run") pending.joined = true
    this.#committer.open().bytes += pending.bytes - bytes
    this.#bytes += actor.bytes - weight
  }

  /** What was decided is as durable as the run is. */
  #unchanged(actor: RunActor): Outcome {
    return { kind: "committed", position: this.#ports.head(), run: runRow(actor.state!, actor.headHash), commit: null }
  }

  #pendingOf(actor: RunActor, expectedSeq: number): PendingCommit {
    if (actor.pending !== null) return actor.pending
    const pending = new PendingCommit(actor, actor.env!, expectedSeq)
    actor.pending = pending
    actor.latest = pending
    actor.undurable++
    this.#committer.open().commits.push(pending)
    return pending
  }

  /** An answer without a commit of its own: it waits for the decisions that it is based on (rule 3). */
  #answer(actor: RunActor, envelope: Envelope, outcome: Outcome): void {
    if (this.#alone === envelope) this.#alone = null
    if (actor.latest === null) envelope.settle(outcome)
    else actor.latest.asked.push({ envelope, refusal: outcome })
  }

  /** The state may be half-way through: it is read again, with the values at hand, and the same command asked again. */
  #fetchBlobs(actor: RunActor, envelope: Envelope, hashes: readonly string[]): void {
    if (this.#alone !== envelope) actor.again = envelope
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
    if (actor.again !== envelope && this.#alone !== envelope) return
    envelope.blobs ??= new Map()
    for (const [hash, json] of found) {
      const value = JSON.parse(json)
      envelope.blobs.set(hash, value)
      this.#ports.blobCache.set(hash, value, json.length)
    }
    const missing = hashes.find((hash) => !found.has(hash))
    if (missing === undefined) actor.phase = "spoiled"
    else this.#quarantine(actor, `value ${missing} is not stored`)
    if (this.#alone === null) this.#enlist(actor)
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
      return this.#quarantine(actor, `${envelope.command.kind} failed: ${text(error)}`)
    }
    if (this.#alone === envelope) return this.#schedule()
    actor.again = envelope
    if (actor.undurable === 0) this.#enlist(actor)
  }

  #quarantine(actor: RunActor, why: string): void {
    if (actor.phase === "quarantined") return
    actor.phase = "quarantined"
    actor.why = why
    actor.state = null
    this.#quarantined++
    this.#ports.log.write("error", "a run is quarantined", { runId: actor.runId, why })
    if (actor.hasMail) this.#enlist(actor)
  }

  #durable(batch: Batch, firstPosition: number): void {
    this.#alone = null
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
  #refused(batches: readonly Batch[], outcome: Refused): void {
    this.#refusals++
    this.#ports.log.write("warn", "a commit was refused", {
      code: outcome.code,
      runId: outcome.runId,
      message: outcome.message,
    })
    if (outcome.code === "epoch_lost") return this.#fatal(outcome.message)
    const single = this.#alone
    this.#alone = null
    const envelopes = batches.flatMap((batch) => batch.commits.flatMap((pending) => this.#throwAway(pending)))
    if (outcome.code === "disk_full" || outcome.code === "busy") this.#stall(envelopes, single, outcome)
    else if (single !== null) this.#refusedAlone(single, outcome)
    else for (const envelope of envelopes) this.#oneByOne.push(envelope)
    this.#schedule()
  }

  #throwAway(pending: PendingCommit): Envelope[] {
    const { actor } = pending
    for (const stepId of pending.reserved) this.#ports.unreserve(stepId)
    if (pending.joined) this.#ports.leaveConcurrency(actor.runId)
    this.#forget(actor)
    if (actor.hasMail) this.#enlist(actor)
    for (const look of pending.watchers) look()
    return pending.asked.map(({ envelope }) => envelope)
  }

  #forget(actor: RunActor): void {
    this.#weighIn(actor, 0)
    actor.forget()
  }

  /** The disk is full or locked. People are told; what the engine owes itself waits, and is tried again. */
  #stall(envelopes: readonly Envelope[], single: Envelope | null, outcome: Refused): void {
    this.#stalled = outcome.message
    const owed = new Map<string, Envelope[]>()
    for (const envelope of envelopes) {
      if (envelope.actor !== system)
        envelope.settle(rejected("store_unavailable", `nothing can be stored now: ${outcome.message}`))
      else if (envelope === single) this.#oneByOne.unshift(envelope)
      else (owed.get(envelope.runId) ?? owed.set(envelope.runId, []).get(envelope.runId)!).push(envelope)
    }
    for (const [runId, waiting] of owed) {
      const actor = this.#actorOf(runId)
      actor.putBack(waiting)
      this.#enlist(actor)
    }
    this.#ports.clock.setTimer(this.#limits.stallRetryMs, () => {
      this.#stalled = null
      this.#schedule()
    })
  }

  /** A command that fails alone is the poison: it fails, and the others go on. */
  #refusedAlone(envelope: Envelope, outcome: Refused): void {
    envelope.failures++
    if (outcome.code === "duplicate_key") return envelope.settle(rejected("duplicate_key", outcome.message))
    if (outcome.code === "stale_seq" && envelope.failures < failuresMax) {
      this.#alone = envelope
      return
    }
    this.#ports.log.write("error", "a command cannot be stored", {
      runId: envelope.runId,
      command: envelope.command.kind,
      message: outcome.message,
    })
    const instead = storableInstead(envelope, outcome.message)
    if (instead !== null) {
      this.#alone = instead
      return
    }
    envelope.settle(internalError)
    if (envelope.actor === system && envelope.command.kind !== "start-run") {
      this.#quarantine(this.#actorOf(envelope.runId), `${envelope.command.kind} cannot be stored: ${outcome.message}`)
    }
  }

  /** One command, one commit, then the next; nothing else is decided meanwhile. */
  #pumpOne(): void {
    while (this.#committer.idle) {
      const envelope = this.#alone ?? this.#oneByOne.shift()
      if (envelope === undefined) return this.#schedule()
      this.#alone = envelope
      const actor = this.#actorOf(envelope.runId)
      if (this.#awake(actor, envelope)) this.#decide(actor, envelope)
      else if (actor.phase === "quarantined") this.#refuseQuarantined(actor, envelope)
      if (this.#committer.flush() || this.#alone !== null) return
    }
  }

  #settle(pending: PendingCommit, position: number): void {
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
    if (actor.state === null) return this.#drop(actor)
    if (this.#ports.executing(actor.runId)) return
    this.#idle.add(actor, this.#bytes)
  }

  /** A delivery of it has ended and asks nothing of it. */
  settleDown(runId: string): void {
    const actor = this.#actors.get(runId)
    if (actor !== undefined) this.#rest(actor)
  }

  #drop(actor: RunActor): void {
    this.#bytes -= actor.bytes
    actor.bytes = 0
    this.#actors.delete(actor.runId)
  }

  #weighIn(actor: RunActor, bytes: number): void {
    this.#bytes += bytes - actor.bytes
    actor.bytes = bytes
  }

  #fatal(message: string): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#ports.fatal(message)
  }
}

function concurrencyFull(command: Command): Outcome {
  const key = command.kind === "start-run" ? (command.created.concurrency?.key ?? "") : ""
  return rejected("concurrency_limit", `as many runs as allowed hold the concurrency key "${key}"`, { data: { key } })
}

const internalError = rejected("internal_error", "the command could not be decided; the server's log says why")

/** A result that cannot be stored becomes a failure that says so: the attempt has ended all the same. */
function storableInstead(envelope: Envelope, why: string): Envelope | null {
  const { command } = envelope
  if (command.kind !== "finish-attempt" || command.outcome.kind !== "succeeded") return null
  const code = "result_not_storable"
  const error = {
    type: `waybill:${code}`,
    class: "validation_failed" as const,
    code,
    title: "The result cannot be stored",
    detail: why,
  }
  return { ...envelope, command: { ...command, outcome: { kind: "failed", error } } }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function stack(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
