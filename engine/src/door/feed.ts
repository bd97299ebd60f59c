/** Committed events in commit order, for whoever tells others of them. */
import type { FeedEvent } from "../core/views/feed-event.ts"

/** Committed events in commit order. Live ones are pushed from the commit; older ones are read by position (rule 27). */
export interface Feed {
  head(): number
  subscribe(listener: (events: readonly FeedEvent[]) => void): () => void
  since(position: number, limit: number): Promise<readonly FeedEvent[]>
}
