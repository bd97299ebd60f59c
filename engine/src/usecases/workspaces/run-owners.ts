/** Whose a run is: it never changes, so that what was asked once is known without the store, up to a bound. */
import type { RunQueries } from "../../ports/run-queries.ts"

const rememberedMax = 20_000

export class RunOwners {
  readonly #rows: Pick<RunQueries, "run">
  readonly #known = new Map<string, string>()

  constructor(rows: Pick<RunQueries, "run">) {
    this.#rows = rows
  }

  /** It was erased. */
  forget(runId: string): void {
    this.#known.delete(runId)
  }

  /** Null: there is no such run. */
  async workspaceOf(runId: string): Promise<string | null> {
    const known = this.#known.get(runId)
    if (known !== undefined) return known
    const row = await this.#rows.run(runId)
    if (row === null) return null
    this.remember(runId, row.workspaceId)
    return row.workspaceId
  }

  /** Who starts a run asks for it next: its row need not be read for that. */
  remember(runId: string, workspaceId: string): void {
    this.#known.set(runId, workspaceId)
    if (this.#known.size > rememberedMax) this.#known.delete(this.#known.keys().next().value!)
  }
}
