/** The runs of a bulk action: those that were named, or all that a query means now, page by page and up to a bound. */
import type { RunRow } from "../../core/views/rows.ts"
import type { RunFilter } from "../../core/views/run-query.ts"
import type { Clock } from "../../ports/clock.ts"
import type { RunQueries } from "../../ports/run-queries.ts"

/** A run of the cohort; `row` null: there is no such run. */
export interface Member {
  readonly runId: string
  readonly row: RunRow | null
}

export interface CohortPorts {
  readonly rows: Pick<RunQueries, "run" | "runs">
  readonly clock: Clock
  readonly workspaceId: string
}

export type Cohort = { readonly runIds: readonly string[] } | { readonly filter: RunFilter }

const pageSize = 200

/** Pages in the order of the cohort. A page may be empty and another follow. */
export function cohortPages(ports: CohortPorts, cohort: Cohort): AsyncGenerator<readonly Member[], void> {
  return "runIds" in cohort ? named(ports, [...new Set(cohort.runIds)]) : matching(ports, cohort.filter)
}

async function* named(
  { rows, clock, workspaceId }: CohortPorts,
  runIds: readonly string[],
): AsyncGenerator<readonly Member[]> {
  for (let from = 0; from < runIds.length; from += pageSize) {
    // Single rows are read on the engine's thread: others get their turn between the pages.
    if (from > 0) await new Promise<void>((resolve) => clock.setTimer(0, resolve))
    const page = runIds.slice(from, from + pageSize)
    const found = await Promise.all(page.map((runId) => rows.run(runId)))
    yield page.map((runId, i) => {
      const row = found[i]!
      return { runId, row: row?.workspaceId === workspaceId ? row : null }
    })
  }
}

async function* matching(
  { rows, clock, workspaceId }: CohortPorts,
  filter: RunFilter,
): AsyncGenerator<readonly Member[]> {
  const question = { workspaceId, filter, now: clock.now(), sort: "createdAt", limit: pageSize } as const
  let cursor: string | null = null
  do {
    const listed = await rows.runs({ ...question, cursor })
    if (!listed.ok) throw new Error(`a cohort's own cursor was refused: ${listed.message}`)
    yield listed.page.items.map((row) => ({ runId: row.runId, row }))
    cursor = listed.page.nextCursor
  } while (cursor !== null)
}
