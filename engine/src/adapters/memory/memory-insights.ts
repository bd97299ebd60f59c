/** The port `RunInsights` over the tables in memory. */
import type { StoredEventRow } from "../../core/views/feed-event.ts"
import type { RunRow, StepRow } from "../../core/views/rows.ts"
import { exactCountMax, sortTime } from "../../core/views/run-query.ts"
import type { RunInsights, RunNeighbours } from "../../ports/run-insights.ts"
import type { MemoryRun, MemoryTables } from "./tables.ts"

const unsuccessful: ReadonlySet<string> = new Set(["FAILED", "TIMED_OUT", "CANCELLED"])

export class MemoryInsights implements RunInsights {
  readonly #tables: MemoryTables

  constructor(tables: MemoryTables) {
    this.#tables = tables
  }

  async unsuccessfulSteps(
    runId: string,
    parentStepId: string | null,
    end: "first" | "last",
    limit: number,
  ): Promise<readonly StepRow[]> {
    const steps = [...(this.#tables.runs.get(runId)?.steps.values() ?? [])]
    const sign = end === "first" ? 1 : -1
    return steps
      .filter((step) => step.parentStepId === parentStepId && unsuccessful.has(step.status))
      .sort((a, b) => sign * (a.completedAt! - b.completedAt! || a.firstSeq - b.firstSeq))
      .slice(0, limit)
  }

  async newestEvent(runId: string, types: readonly string[], after: number): Promise<StoredEventRow | null> {
    const events = this.#tables.runs.get(runId)?.events ?? []
    const found = events.findLast(({ event }) => event.seq > after && types.includes(event.type))
    if (found === undefined) return null
    const { seq, v, type, at, actor, stepId, payload, hash } = found.event
    return { runId, position: found.position, seq, v, type, at, actor, stepId, payload, hash }
  }

  async neighbours(run: RunRow): Promise<RunNeighbours> {
    const self = this.#tables.runs.get(run.runId)
    const same = [...this.#tables.runs.values()].filter(({ row }) => besides(row, run))
    const good = same
      .filter((other) => other.row.status === "COMPLETED" && self !== undefined && byBeginning(other, self) < 0)
      .sort(byBeginning)
    const alike = same
      .map(({ row }) => row)
      .filter((row) => row.status === run.status && row.errorCode === run.errorCode && row.errorStep === run.errorStep)
    return {
      lastGood: good.at(-1)?.row ?? null,
      alike:
        run.errorCode === null
          ? null
          : {
              total: { value: Math.min(alike.length, exactCountMax), exact: alike.length < exactCountMax },
              since: alike.reduce((first, row) => Math.min(first, sortTime(row)), run.createdAt),
            },
    }
  }
}

function besides(row: RunRow, run: RunRow): boolean {
  return row.workspaceId === run.workspaceId && row.workflowId === run.workflowId && row.environment === run.environment
}

function byBeginning(a: MemoryRun, b: MemoryRun): number {
  return sortTime(a.row) - sortTime(b.row) || a.number - b.number
}
