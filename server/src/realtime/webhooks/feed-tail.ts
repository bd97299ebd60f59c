/**
 * The newest events at hand, so that the store is read only by who fell behind: a bounded tail of the live feed, kept
 * while somebody is told anything. Events that nobody is ever told of leave nothing but their position.
 */
import type { Feed, FeedEvent } from "@waybill/engine"

export interface FeedPart {
  readonly events: readonly FeedEvent[]
  /** All up to here was looked at. */
  readonly position: number
}

export interface FeedTailOptions {
  isWanted(type: string): boolean
  /** What is kept: events, and characters of what they say. */
  readonly most: { readonly events: number; readonly characters: number }
  wake(): void
}

export class FeedTail {
  readonly #feed: Feed
  readonly #isWanted: (type: string) => boolean
  readonly #most: { readonly events: number; readonly characters: number }
  readonly #wake: () => void
  #events: FeedEvent[] = []
  #characters = 0
  /** The tail holds what is wanted of all in (from, to]. */
  #from = 0
  #to = 0
  #unsubscribe: (() => void) | null = null

  constructor(feed: Feed, options: FeedTailOptions) {
    this.#feed = feed
    this.#isWanted = options.isWanted
    this.#most = options.most
    this.#wake = options.wake
  }

  /** The engine puts events together only while somebody listens. */
  listen(isNeeded: boolean): void {
    if (isNeeded === (this.#unsubscribe !== null)) return
    this.#unsubscribe?.()
    this.#unsubscribe = null
    this.#drop()
    if (!isNeeded) return
    this.#from = this.#to = this.#feed.head()
    this.#unsubscribe = this.#feed.subscribe((events) => this.#push(events))
  }

  /** What comes behind a position, in order; `limit` bounds what is read of the store. */
  async after(position: number, limit: number): Promise<FeedPart> {
    if (this.#unsubscribe !== null && position >= this.#from) {
      const events = this.#events.filter((event) => event.position > position)
      this.#drop()
      this.#from = this.#to = Math.max(this.#to, position)
      return { events, position: this.#to }
    }
    const stored = await this.#feed.since(position, limit)
    const last = stored[stored.length - 1]
    return {
      events: stored.filter((event) => this.#isWanted(event.type)),
      position: last?.position ?? Math.max(position, this.#from),
    }
  }

  /** Events behind a position that nobody has looked at; 0 where what is there concerns nobody. */
  lag(position: number): number {
    const isEmpty = position >= this.#from && this.#events.length === 0
    return isEmpty ? 0 : Math.max(0, this.#feed.head() - position)
  }

  #push(events: readonly FeedEvent[]): void {
    const wanted = events.filter((event) => this.#isWanted(event.type))
    this.#to = events[events.length - 1]!.position
    for (const event of wanted) this.#characters += event.payload?.length ?? 0
    this.#events.push(...wanted)
    const { events: most, characters } = this.#most
    if (this.#events.length > most || this.#characters > characters) {
      // Whoever reads next finds them in the store.
      this.#drop()
      this.#from = this.#to
    }
    if (wanted.length > 0) this.#wake()
  }

  #drop(): void {
    this.#events = []
    this.#characters = 0
  }
}
