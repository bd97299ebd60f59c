/**
 * The group commit (architecture §4, rules 3, 18): one batch in flight, one being filled; sent at once when nothing is
 * in flight, otherwise when the running one returns, never after a delay. It knows nothing of runs' rules: it gathers
 * what was decided, and tells whether it is durable. It never guesses: what nobody can know ends the process.
 */
import type { Clock } from "../ports/clock.ts"
import type { CommitOutcome, RunStore } from "../ports/store.ts"
import type { ActorCommit } from "./run-actor.ts"

export interface Batch {
  readonly commits: ActorCommit[]
  bytes: number
  /** Monotonic time of the first decision in it. */
  openedAt: number
}

export type Refused = Extract<CommitOutcome, { kind: "refused" }>

export interface CommitterHooks {
  durable(batch: Batch, firstPosition: number): void
  /** Nothing of these is stored, oldest first: the batch that was refused and all that was decided since. */
  refused(batches: readonly Batch[], outcome: Refused): void
  unknown(message: string): void
}

export class Committer {
  readonly #store: RunStore
  readonly #clock: Clock
  readonly #hooks: CommitterHooks
  #open: Batch | null = null
  #inFlight: Batch | null = null
  #commits = 0
  #stopped = false

  constructor(store: RunStore, clock: Clock, hooks: CommitterHooks) {
    this.#store = store
    this.#clock = clock
    this.#hooks = hooks
  }

  /** Commits so far. */
  get count(): number {
    return this.#commits
  }

  get idle(): boolean {
    return this.#open === null && this.#inFlight === null
  }

  get undurableBytes(): number {
    return (this.#open?.bytes ?? 0) + (this.#inFlight?.bytes ?? 0)
  }

  /** How long the oldest decision that is not durable has waited. */
  get lagMs(): number {
    const oldest = this.#inFlight ?? this.#open
    return oldest === null ? 0 : this.#clock.monotonic() - oldest.openedAt
  }

  /** The batch being filled. */
  open(): Batch {
    this.#open ??= { commits: [], bytes: 0, openedAt: this.#clock.monotonic() }
    return this.#open
  }

  get openBytes(): number {
    return this.#open?.bytes ?? 0
  }

  /** The runs that the batch being filled is of: `several`, the id of the only one, or null. */
  get openFor(): string | null {
    const commits = this.#open?.commits ?? []
    return commits.length > 1 ? "several" : (commits[0]?.actor.runId ?? null)
  }

  get canFlush(): boolean {
    return this.#inFlight === null && this.#open !== null && !this.#stopped
  }

  /** True when what was filled is on its way, and a new batch begins. */
  flush(): boolean {
    const batch = this.#open
    if (!this.canFlush || batch === null) return false
    this.#open = null
    this.#inFlight = batch
    this.#commits++
    const commits = batch.commits.map((pending) => {
      pending.actor.pending = null
      return pending.seal()
    })
    this.#store.commit(commits).then(
      (outcome) => this.#returned(batch, outcome),
      (error: unknown) => this.#unknown(error instanceof Error ? error.message : String(error)),
    )
    return true
  }

  #returned(batch: Batch, outcome: CommitOutcome): void {
    if (this.#stopped) return
    this.#inFlight = null
    switch (outcome.kind) {
      case "durable":
        this.#hooks.durable(batch, outcome.firstPosition)
        return
      case "refused": {
        const thrownAway = this.#open === null ? [batch] : [batch, this.#open]
        this.#open = null
        this.#hooks.refused(thrownAway, outcome)
        return
      }
      case "unknown":
        this.#unknown(outcome.message)
    }
  }

  #unknown(message: string): void {
    this.#stopped = true
    this.#hooks.unknown(message)
  }
}
