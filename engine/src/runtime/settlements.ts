/** Who waits for a run to end: answered when its terminal event is durable, or when the wait is over. */
import type { RunStatus } from "../core/run/state.ts"
import type { Clock } from "../ports/clock.ts"

export interface SettlementPorts {
  readonly clock: Clock
  /** As far as memory knows, and durable; null: not in memory. */
  known(runId: string): RunStatus | null
  /** As it is stored; null: there is no such run. */
  look(runId: string, use: (status: RunStatus | null) => void): void
}

const final: ReadonlySet<RunStatus> = new Set(["COMPLETED", "FAILED", "CANCELLED", "TIMED_OUT"])
const waitMsMax = 3_600_000

export class Settlements {
  readonly #ports: SettlementPorts
  readonly #waiters = new Map<string, Set<(status: RunStatus) => void>>()

  constructor(ports: SettlementPorts) {
    this.#ports = ports
  }

  /** The status when the run is final, or where it stands when `waitMs` are over. Null: no such run. */
  wait(runId: string, waitMs: number): Promise<RunStatus | null> {
    const known = this.#ports.known(runId)
    if (known !== null && (final.has(known) || waitMs <= 0)) return Promise.resolve(known)
    return new Promise((resolve) => {
      const finish = (status: RunStatus | null): void => {
        stopWaiting()
        cancelTimer()
        resolve(status)
      }
      const stopWaiting = this.#add(runId, finish)
      const delayMs = Math.min(Math.max(0, waitMs), waitMsMax)
      const cancelTimer = this.#ports.clock.setTimer(delayMs, () => this.#ports.look(runId, finish))
      if (known !== null) return
      // Not in memory: it may have ended long ago, or never have been.
      this.#ports.look(runId, (status) => {
        if (status === null || final.has(status)) finish(status)
      })
    })
  }

  finished(runId: string, status: RunStatus): void {
    const waiters = this.#waiters.get(runId)
    if (waiters === undefined) return
    this.#waiters.delete(runId)
    for (const waiter of waiters) waiter(status)
  }

  #add(runId: string, waiter: (status: RunStatus) => void): () => void {
    let waiters = this.#waiters.get(runId)
    if (waiters === undefined) {
      waiters = new Set()
      this.#waiters.set(runId, waiters)
    }
    waiters.add(waiter)
    return () => {
      waiters.delete(waiter)
      if (waiters.size === 0 && this.#waiters.get(runId) === waiters) this.#waiters.delete(runId)
    }
  }
}
