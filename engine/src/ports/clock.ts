/** Time, as the runtime sees it. The simulator brings its own; nothing else in the engine may look at a clock. */
export interface Clock {
  /** Wall time, milliseconds since the epoch; may jump in both directions (rule 15). */
  now(): number
  /** Milliseconds that never go back and never jump: for attempt timeouts, heartbeats and grace in one process. */
  monotonic(): number
  /** Calls `wake` once after `delayMs` (≤ one hour; 0 = in another turn of the event loop). Returns what cancels it; cancelling twice or late does nothing. */
  setTimer(delayMs: number, wake: () => void): () => void
  /** Calls `next` once what the event loop has at hand now is done: no delay. Where there is no loop, it is missing. */
  afterThisTurn?(next: () => void): void
}
