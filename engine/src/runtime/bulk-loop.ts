/**
 * Does what is asked of many runs, a few at a time, and slower where production needs the room. Everything it knows lies
 * in the store: after a crash it goes on with those that wait, and each is asked under a key of its own, so that what was
 * done before the crash is found and not done again. It never chooses runs, and decides over none.
 */
import type { BulkItemRow, BulkResult, BulkRow, BulkStore } from "../ports/bulk-store.ts"
import type { Clock } from "../ports/clock.ts"
import type { Log } from "../ports/log.ts"

/** `later`: the engine cannot take it now; it stays where it was. */
export type ItemOutcome =
  | { readonly kind: "done"; readonly newRunId: string | null }
  | { readonly kind: "refused"; readonly code: string; readonly message: string }
  | { readonly kind: "later" }

export interface BulkLoopPorts {
  readonly store: BulkStore
  readonly clock: Clock
  readonly log: Log
  /** Must be harmless when it is asked twice for the same run. */
  perform(bulk: BulkRow, runId: string): Promise<ItemOutcome>
  /** So much is queued or waits to be stored that this should wait; where it is only starts, those of its own workspace. */
  busy(workspaceId: string): boolean
}

export interface BulkLimits {
  /** Runs asked at once. */
  readonly batch: number
  /** Between two batches. */
  readonly pauseMs: number
  /** When the engine is busy, or the store did not answer. */
  readonly busyMs: number
  /** Batches of one turn, shared evenly by the workspaces that have some to do; of each bulk at most one. */
  readonly turns: number
}

export const defaultBulkLimits: BulkLimits = { batch: 16, pauseMs: 50, busyMs: 500, turns: 16 }

export class BulkLoop {
  readonly #ports: BulkLoopPorts
  readonly #limits: BulkLimits
  #cancelTimer: (() => void) | null = null
  #turn: Promise<void> | null = null
  #asked = false
  #stopped = false
  /** The workspace that had the last batch of the last turn: where there are more than turns, the next begins behind it. */
  #after = ""

  constructor(ports: BulkLoopPorts, limits: BulkLimits) {
    this.#ports = ports
    this.#limits = limits
  }

  /** There may be something to do: a bulk has begun or goes on. */
  wake(): void {
    this.#asked = true
    if (this.#turn === null) this.#arm(0)
  }

  /** Nothing further begins. What is under way is still remembered, when it comes back within the grace. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true
    this.#cancelTimer?.()
    if (this.#turn === null) return
    let cancel = (): void => {}
    const patience = new Promise<void>((resolve) => {
      cancel = this.#ports.clock.setTimer(graceMs, resolve)
    })
    await Promise.race([this.#turn, patience])
    cancel()
  }

  #arm(delayMs: number): void {
    if (this.#stopped) return
    this.#cancelTimer?.()
    this.#cancelTimer = this.#ports.clock.setTimer(delayMs, () => {
      this.#turn = this.#next().then((again) => {
        this.#turn = null
        if (again !== null) this.#arm(again)
        else if (this.#asked) this.#arm(0)
      })
    })
  }

  /** One turn. Returns when to come again, null when nothing is left. */
  async #next(): Promise<number | null> {
    this.#asked = false
    try {
      const running = await this.#ports.store.running(this.#after, this.#limits.turns)
      if (running.length === 0) return null
      let isHeldUp = false
      for (const bulk of evenly(running, this.#limits.turns)) {
        this.#after = bulk.workspaceId
        if (this.#stopped) return null
        if (this.#ports.busy(bulk.workspaceId) || !(await this.#batch(bulk))) isHeldUp = true
      }
      return isHeldUp ? this.#limits.busyMs : this.#limits.pauseMs
    } catch (error) {
      // Nothing was remembered of this batch: it is asked again, under the same keys.
      this.#ports.log.write("warn", "a bulk action waits for the store", { error: text(error) })
      return this.#limits.busyMs
    }
  }

  /** False: the engine could not take some of it now. */
  async #batch(bulk: BulkRow): Promise<boolean> {
    const { store, clock } = this.#ports
    const items = await store.items(bulk.bulkId, "waiting", 0, this.#limits.batch)
    const results = await Promise.all(items.map((item) => this.#item(bulk, item)))
    const settled = results.filter((result) => result !== null)
    // An empty one too: it ends a bulk of which nothing is left.
    await store.settle(bulk.bulkId, settled, clock.now())
    return settled.length === items.length
  }

  async #item(bulk: BulkRow, { number, runId }: BulkItemRow): Promise<BulkResult | null> {
    const outcome = await this.#ports.perform(bulk, runId).catch((error: unknown): ItemOutcome => {
      // A fault of ours in one run must not keep the others from their turn.
      this.#ports.log.write("error", "a bulk action failed on a run", {
        bulkId: bulk.bulkId,
        runId,
        error: text(error),
      })
      return { kind: "refused", code: "internal_error", message: "it failed inside; the server's log says how" }
    })
    switch (outcome.kind) {
      case "done":
        return { number, state: "done", code: null, message: null, newRunId: outcome.newRunId }
      case "refused":
        return { number, state: "refused", code: outcome.code, message: outcome.message, newRunId: null }
      case "later":
        return null
    }
  }
}

/** Of each workspace its share of the turns and no more: what one has to do keeps no other waiting for all of it. */
function evenly(running: readonly BulkRow[], turns: number): readonly BulkRow[] {
  const workspaces = new Set(running.map((bulk) => bulk.workspaceId))
  const share = Math.floor(turns / workspaces.size)
  const taken = new Map<string, number>()
  return running.filter(({ workspaceId }) => {
    const turn = (taken.get(workspaceId) ?? 0) + 1
    taken.set(workspaceId, turn)
    return turn <= share
  })
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
