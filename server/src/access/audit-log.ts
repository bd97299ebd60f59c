/**
 * What was done, on its way into the audit: kept for a moment and written many at once, so that no request waits for it
 * and the engine's commits go first. What changes who may is not among it: that is written with the change itself.
 */
import type { AuditDraft, AuditStore } from "@waybill/engine"

const waitMs = 200
const batchMax = 200
/** More have not been written than that: what comes then is counted, and the count is written. */
const queueMax = 50_000
const pauseMs = 1_000

export class AuditLog {
  readonly #store: AuditStore
  readonly #now: () => number
  readonly #onError: (error: unknown) => void
  readonly #queue: AuditDraft[] = []
  readonly #lost = new Map<string, number>()
  #turn: Promise<void> | null = null
  #isClosing = false

  constructor(store: AuditStore, now: () => number, onError: (error: unknown) => void) {
    this.#store = store
    this.#now = now
    this.#onError = onError
  }

  note(draft: AuditDraft): void {
    if (this.#queue.length < queueMax) this.#queue.push(draft)
    else this.#lost.set(draft.workspaceId, (this.#lost.get(draft.workspaceId) ?? 0) + 1)
    this.#turn ??= later(waitMs).then(() => this.#drain())
  }

  /** At the end: all that was noted is durable, or cannot be written now. */
  async close(): Promise<void> {
    this.#isClosing = true
    await this.#turn
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.slice(0, batchMax)
      try {
        await this.#store.append(batch)
        this.#queue.splice(0, batch.length)
        this.#queue.push(...this.#gaps())
      } catch (error) {
        this.#onError(error)
        if (this.#isClosing) break
        await later(pauseMs)
      }
    }
    this.#turn = null
  }

  #gaps(): readonly AuditDraft[] {
    const gaps = [...this.#lost].map(([workspaceId, count]) => gap(workspaceId, count, this.#now()))
    this.#lost.clear()
    return gaps
  }
}

function gap(workspaceId: string, count: number, at: number): AuditDraft {
  return {
    workspaceId,
    at,
    actor: "system",
    credential: "none",
    action: "audit.gap",
    target: "",
    door: "",
    address: "",
    outcome: "failed",
    status: 0,
    requestId: "",
    detail: JSON.stringify({ count }),
  }
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
