/**
 * The live end of the feed (rules 17, 27): every durable event, in commit order, once a batch. It keeps nothing: who
 * comes late reads the store by position. Events are put together only when somebody listens.
 */
import type { FeedEvent } from "../core/views/feed-event.ts"
import type { FeedSource } from "../ports/feed-source.ts"
import type { Log } from "../ports/log.ts"
import type { PendingCommit } from "./pending-commit.ts"

export type FeedListener = (events: readonly FeedEvent[]) => void

export class CommitFeed {
  readonly #source: FeedSource
  readonly #log: Log
  readonly #listeners = new Set<FeedListener>()
  #events: FeedEvent[] = []
  #head: number

  constructor(source: FeedSource, log: Log, head: number) {
    this.#source = source
    this.#log = log
    this.#head = head
  }

  head(): number {
    return this.#head
  }

  subscribe(listener: FeedListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  since(position: number, limit: number): Promise<readonly FeedEvent[]> {
    return this.#source.since(position, limit)
  }

  /** One run's part of a durable batch. */
  append(pending: PendingCommit, firstPosition: number): void {
    this.#head = firstPosition + pending.events.length - 1
    if (this.#listeners.size === 0) return
    const { runId, workspaceId, workflowId, environment } = pending.env.place
    const { status } = pending
    let position = firstPosition
    for (const { seq, v, type, at, actor, stepId, payload, hash } of pending.events) {
      // Named one by one: a spread costs twenty times as much, for every event of every run.
      this.#events.push({
        runId,
        seq,
        position,
        v,
        type,
        at,
        actor,
        stepId,
        payload,
        hash,
        workspaceId,
        workflowId,
        environment,
        status,
      })
      position++
    }
  }

  /** The batch is complete: everybody hears of it. */
  publish(): void {
    if (this.#events.length === 0) return
    const events = this.#events
    this.#events = []
    for (const listener of this.#listeners) {
      try {
        listener(events)
      } catch (error) {
        this.#log.write("error", "a listener of the feed threw", {
          error: error instanceof Error ? error.message : String(error),
        })
      }
    }
  }
}
