/** Committed events of all runs by position: the events table is the outbox of the feed (rule 17). */
import type { FeedEvent } from "../core/views/feed-event.ts"

export interface FeedSource {
  /** Those with a higher position, oldest first, without gaps. */
  since(position: number, limit: number): Promise<readonly FeedEvent[]>
}
