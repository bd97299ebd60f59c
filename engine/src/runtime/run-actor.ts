/**
 * One run in memory: its state, its mailbox and where its chain stands. Only `RunActors` moves it. The state is owned
 * here and mutated in place by `decide` (rule 12): after a decision that does not count it is dropped and read again.
 */
import type { RunState, RunStatus } from "../core/run/state.ts"
import type { Envelope } from "./envelope.ts"
import { Fifo } from "./fifo.ts"
import type { PendingCommit } from "./pending-commit.ts"
import type { RunEnv } from "./run-env.ts"

export type ActorPhase =
  /** Nothing in memory but the mailbox. */
  | "cold"
  | "loading"
  | "warm"
  /** The state was spoiled; it is read again as soon as what was decided before is durable. */
  | "spoiled"
  /** It cannot be decided (rules 1, 16): unknown events, a bug that repeats. `retry-now` tries again. */
  | "quarantined"

/** What an actor has decided and not yet seen stored. */
export type ActorCommit = PendingCommit<RunActor>

export class RunActor {
  readonly runId: string
  phase: ActorPhase = "cold"
  why = ""
  /** It left quarantine by the `retry-now` that is decided next. */
  revived = false
  /** Null: there is no such run, or `isExpired`. */
  state: RunState | null = null
  /** What happened in it is past its retention. */
  isExpired = false
  env: RunEnv | null = null
  headHash = ""
  /** As far as the store knows; what may be told to the outside. */
  durableStatus: RunStatus | null = null
  mailbox = new Fifo<Envelope>()
  /** Goes before the mailbox: a command that asked for large values, or one to be asked again. */
  again: Envelope | null = null
  /** Stands in the line of actors that have something to decide. */
  lined = false
  /** In the batch being filled. */
  pending: ActorCommit | null = null
  /** The newest one that is not durable, in whichever batch. */
  latest: ActorCommit | null = null
  undurable = 0
  /** To be done as soon as all that was decided is durable. */
  whenDurable: (() => void) | null = null
  /** For the byte-bounded memory (rule 31). */
  bytes = 0
  /** Encoded event bytes since the last snapshot, and the size of what the run was then, or as it was created (rule 12). */
  bytesSinceSnapshot = 0
  baseBytes = 0

  constructor(runId: string) {
    this.runId = runId
  }

  get hasMail(): boolean {
    return this.again !== null || this.mailbox.size > 0
  }

  nextMail(): Envelope | undefined {
    const first = this.again
    if (first === null) return this.mailbox.shift()
    this.again = null
    return first
  }

  peekMail(): Envelope | undefined {
    return this.again ?? this.mailbox.peek()
  }

  /** Drops what memory knows; the store knows it better. */
  forget(): void {
    this.state = null
    this.env = null
    this.pending = null
    this.latest = null
    this.undurable = 0
    this.whenDurable = null
    if (this.phase !== "quarantined") this.phase = "cold"
  }

  /** Puts commands in front of those that wait. */
  putBack(envelopes: readonly Envelope[]): void {
    const waiting = this.mailbox.drain()
    for (const envelope of envelopes) this.mailbox.push(envelope)
    if (this.again !== null) this.mailbox.push(this.again)
    this.again = null
    for (const envelope of waiting) this.mailbox.push(envelope)
  }
}
