/**
 * What becomes of the commands of a refused batch (rule 3). One of them may be poison: they are asked again one by one,
 * a commit each, so that it fails alone. When the disk is full or locked none is to blame: people are told, and what the
 * engine owes itself waits until the next try. It decides nothing: whoever fills the batches asks it what is next.
 */
import type { Clock } from "../ports/clock.ts"
import type { Log } from "../ports/log.ts"
import type { Refused } from "./committer.ts"
import { type Envelope, internalError, rejected, system } from "./envelope.ts"
import { Fifo } from "./fifo.ts"
import { storableInstead } from "./storable.ts"

export interface RefusedPorts {
  readonly clock: Clock
  readonly log: Log
  /** In front of what waits for the run. */
  putBack(runId: string, envelopes: readonly Envelope[]): void
  /** What the engine owes the run can never be stored. */
  poisoned(runId: string, why: string): void
  /** The store may take commits again. */
  tryAgain(): void
}

/** A command that failed this often, by a bug of ours or at the store, is not tried again. */
export const failuresMax = 2

export class RefusedBatches {
  readonly #ports: RefusedPorts
  readonly #stallRetryMs: number
  /** To be committed one by one; `#alone` is the one on its way. */
  readonly #oneByOne = new Fifo<Envelope>()
  #alone: Envelope | null = null
  #stalled: string | null = null
  #count = 0

  /** @param stallRetryMs how long a full or locked disk is left alone before the next try */
  constructor(ports: RefusedPorts, stallRetryMs: number) {
    this.#ports = ports
    this.#stallRetryMs = stallRetryMs
  }

  /** Refused so far. */
  get count(): number {
    return this.#count
  }

  /** The store cannot take commits now (disk full, locked): why. */
  get stalled(): string | null {
    return this.#stalled
  }

  /** Commands are to be committed one by one before anything else is decided. */
  get isPending(): boolean {
    return this.#alone !== null || this.#oneByOne.size > 0
  }

  /** The command that is asked alone now. */
  get alone(): Envelope | null {
    return this.#alone
  }

  /** The same as before until that is answered, or stored. */
  next(): Envelope | null {
    this.#alone ??= this.#oneByOne.shift() ?? null
    return this.#alone
  }

  answered(): void {
    this.#alone = null
  }

  /** Of a batch that was refused: the commands of all decisions that were thrown away, in the order they were asked. */
  take(envelopes: readonly Envelope[], outcome: Refused): void {
    const { code, runId, message } = outcome
    this.#count++
    this.#ports.log.write("warn", "a commit was refused", { code, runId, message })
    const single = this.#alone
    this.#alone = null
    if (code === "disk_full" || code === "busy") this.#stall(envelopes, single, outcome)
    else if (single !== null) this.#refusedAlone(single, outcome)
    else for (const envelope of envelopes) this.#oneByOne.push(envelope)
  }

  /** People are told; what the engine owes itself waits, and is tried again. */
  #stall(envelopes: readonly Envelope[], single: Envelope | null, { message }: Refused): void {
    this.#stalled = message
    const owed = new Map<string, Envelope[]>()
    for (const envelope of envelopes) {
      if (envelope.actor !== system)
        envelope.settle(rejected("store_unavailable", `nothing can be stored now: ${message}`))
      else if (envelope === single) this.#oneByOne.unshift(envelope)
      else (owed.get(envelope.runId) ?? owed.set(envelope.runId, []).get(envelope.runId)!).push(envelope)
    }
    for (const [runId, waiting] of owed) this.#ports.putBack(runId, waiting)
    this.#ports.clock.setTimer(this.#stallRetryMs, () => {
      this.#stalled = null
      this.#ports.tryAgain()
    })
  }

  /** A command that fails alone is the poison: it fails, and the others go on. */
  #refusedAlone(envelope: Envelope, { code, message }: Refused): void {
    const { runId, command } = envelope
    envelope.failures++
    if (code === "duplicate_key") return envelope.settle(rejected("duplicate_key", message))
    if (code === "stale_seq" && envelope.failures < failuresMax) {
      this.#alone = envelope
      return
    }
    this.#ports.log.write("error", "a command cannot be stored", { runId, command: command.kind, message })
    const instead = storableInstead(envelope, message)
    if (instead !== null) {
      this.#alone = instead
      return
    }
    envelope.settle(internalError)
    if (envelope.actor === system && command.kind !== "start-run")
      this.#ports.poisoned(runId, `${command.kind} cannot be stored: ${message}`)
  }
}
