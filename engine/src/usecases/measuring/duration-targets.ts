/**
 * Which runs are late: longer under way, or longer than that until they ended, than a duration target of their workflow
 * allows (003 §"Long-Running Processes"; 000, SLOs). Known in memory, because it is asked for every row of a list; whoever
 * changes a target has it read again. It judges what the targets judge: production, and no run that failed or was cancelled.
 */
import type { RunRow } from "../../core/views/rows.ts"
import { sortTime } from "../../core/views/run-facts.ts"
import type { MeasureStore, SloRow } from "../../ports/measure-store.ts"

type Limits = ReadonlyMap<string, number>
type Store = Pick<MeasureStore, "slos" | "everySlo">

export class DurationTargets {
  readonly #store: Pick<Store, "slos">
  readonly #workspaces = new Map<string, Limits>()

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

  /** `now`: milliseconds since the epoch. */
  isLate(run: RunRow, now: number): boolean {
    const limitMs = this.#workspaces.get(run.workspaceId)?.get(placeOf(run))
    if (limitMs === undefined || run.origin !== "live") return false
    if (run.status === "FAILED" || run.status === "CANCELLED") return false
    return (run.completedAt ?? now) - sortTime(run) > limitMs
  }

  /** Of several targets the strictest: a run beyond it is beyond one. */
  #hold(workspaceId: string, rows: readonly SloRow[]): void {
    const limits = new Map<string, number>()
    for (const row of rows) {
      const { limitMs } = row
      if (row.objective !== "duration" || limitMs === null) continue
      limits.set(placeOf(row), Math.min(limitMs, limits.get(placeOf(row)) ?? Number.POSITIVE_INFINITY))
    }
    if (limits.size === 0) this.#workspaces.delete(workspaceId)
    else this.#workspaces.set(workspaceId, limits)
  }
}

function placeOf({ environment, workflowId }: { readonly environment: string; readonly workflowId: string }): string {
  return JSON.stringify([environment, workflowId])
}
