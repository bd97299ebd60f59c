/**
 * Keeps the index over values behind the commits: piece by piece on the index's own thread, resting as long as it has
 * worked while runs go on, so that half of a processor is the most it takes. Behind all that is live come archived runs
 * that the index lacks, batch by batch. It moves no run, and its place is the index's.
 */
import type { Clock } from "../ports/clock.ts"
import type { Log } from "../ports/log.ts"
import type { SearchIndex } from "../ports/search-index.ts"
import { Turns } from "./turns.ts"

export interface SearchLoopPorts {
  readonly index: Pick<SearchIndex, "advance" | "position" | "lacking" | "refill">
  /** Brings a batch out of the archive to be looked at; absent: there is no archive. */
  readonly archive?: { inBatch(batchId: string, use: (place: string) => Promise<void>): Promise<void> }
  readonly clock: Clock
  readonly log: Log
  /** The feed's newest position. */
  head(): number
  onError(error: unknown): void
}

export interface SearchLimits {
  /** Between two looks at the feed: so late is a value found. */
  readonly everyMs: number
  /** Between two pieces while there is more to do and nothing new happens. */
  readonly betweenMs: number
  /** After the index did not answer. */
  readonly pauseMs: number
  /** After a batch of the archive could not be had, until it is asked for again. */
  readonly awayMs: number
}

export const defaultSearchLimits: SearchLimits = { everyMs: 1_000, betweenMs: 5, pauseMs: 5_000, awayMs: 60_000 }

export class SearchLoop {
  readonly #ports: SearchLoopPorts
  readonly #limits: SearchLimits
  readonly #turns: Turns
  #cut = 0
  #archivedBehind = 0
  /** Batches that could not be had, by when they are asked for again. */
  readonly #away = new Map<string, number>()

  constructor(ports: SearchLoopPorts, limits: SearchLimits = defaultSearchLimits) {
    this.#ports = ports
    this.#limits = limits
    this.#turns = new Turns(ports.clock, () => this.#next())
  }

  start(): void {
    this.#turns.start()
  }

  /** Events that are not in the index yet; before its first answer, all. */
  behind(): number {
    return Math.max(0, this.#ports.head() - this.#ports.index.position())
  }

  /** Texts and scalars that were too many or too long for the index. */
  cut(): number {
    return this.#cut
  }

  /** Archived runs whose values cannot be found: the index was filled when they had left already. */
  archivedBehind(): number {
    return this.#archivedBehind
  }

  stop(): Promise<void> {
    return this.#turns.stop()
  }

  async #next(): Promise<number> {
    const { index, clock, log } = this.#ports
    const { everyMs, betweenMs, pauseMs } = this.#limits
    const began = clock.monotonic()
    const head = this.#ports.head()
    try {
      const { cut, more } = await index.advance()
      this.#cut = cut
      if (!more && !(await this.#refill())) return everyMs
      const isQuiet = this.#ports.head() === head
      return isQuiet ? betweenMs : Math.max(betweenMs, Math.min(everyMs, clock.monotonic() - began))
    } catch (error) {
      if (this.#turns.isStopped) return everyMs
      this.#ports.onError(error)
      log.write("warn", `the index over values waits: ${error instanceof Error ? error.message : String(error)}`)
      return pauseMs
    }
  }

  /** One batch. @returns whether there was one to fetch */
  async #refill(): Promise<boolean> {
    const { index, archive, clock, log } = this.#ports
    const now = clock.monotonic()
    for (const [batchId, until] of this.#away) if (until <= now) this.#away.delete(batchId)
    const lack = await index.lacking([...this.#away.keys()])
    this.#archivedBehind = lack.runs
    const { batchId } = lack
    if (batchId === null || archive === undefined) return false
    try {
      await archive.inBatch(batchId, (place) => index.refill(batchId, place))
    } catch (error) {
      if (this.#turns.isStopped) return false
      // Others may be there, and one that is damaged must not hold them up.
      this.#away.set(batchId, clock.monotonic() + this.#limits.awayMs)
      const reason = error instanceof Error ? error.message : String(error)
      log.write("warn", "archived runs cannot be found by their values yet: their batch could not be read", {
        batchId,
        reason,
      })
    }
    return true
  }
}
