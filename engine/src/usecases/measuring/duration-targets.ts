/**
 * The duration targets of all workspaces in memory: whether a run is late is asked for every row of a list. Whoever
 * changes a target has its workspace's read again.
 */
import { type DurationLimit, isLate } from "../../core/views/late-runs.ts"
import type { RunRow } from "../../core/views/rows.ts"
import type { MeasureStore, SloRow } from "../../ports/measure-store.ts"

type Store = Pick<MeasureStore, "slos" | "everySlo">

const none: readonly DurationLimit[] = []

export class DurationTargets {
  readonly #store: Pick<Store, "slos">
  /** By workspace, then by workflow and environment. */
  readonly #limits = new Map<string, ReadonlyMap<string, DurationLimit>>()

  private constructor(store: Pick<Store, "slos">) {
    this.#store = store
  }

  static async open(store: Store): Promise<DurationTargets> {
    const targets = new DurationTargets(store)
    const rows = await store.everySlo()
    for (const workspaceId of new Set(rows.map((row) => row.workspaceId)))
      targets.#hold(
        workspaceId,
        rows.filter((row) => row.workspaceId === workspaceId),
      )
    return targets
  }

  async renew(workspaceId: string): Promise<void> {
    this.#hold(workspaceId, await this.#store.slos(workspaceId))
  }

  limitsOf(workspaceId: string): readonly DurationLimit[] {
    const limits = this.#limits.get(workspaceId)
    return limits === undefined ? none : [...limits.values()]
  }

  /** `now`: milliseconds since the epoch. */
  isLate(run: RunRow, now: number): boolean {
    const limit = this.#limits.get(run.workspaceId)?.get(placeOf(run))
    return limit !== undefined && isLate(run, [limit], now)
  }

  #hold(workspaceId: string, rows: readonly SloRow[]): void {
    const limits = new Map<string, DurationLimit>()
    for (const { objective, workflowId, environment, limitMs } of rows) {
      if (objective !== "duration" || limitMs === null) continue
      const place = placeOf({ workflowId, environment })
      const least = Math.min(limitMs, limits.get(place)?.limitMs ?? limitMs)
      limits.set(place, { workflowId, environment, limitMs: least })
    }
    if (limits.size === 0) this.#limits.delete(workspaceId)
    else this.#limits.set(workspaceId, limits)
  }
}

function placeOf({ environment, workflowId }: Pick<DurationLimit, "environment" | "workflowId">): string {
  return JSON.stringify([environment, workflowId])
}
