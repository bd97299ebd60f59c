/**
 * How the runs of one workflow went: how many by status, how long they took, and what each of their states did. A fold
 * over rows, newest run first; the sample it is made of is bounded and says its size.
 */
import type { RunStatus } from "../run/state.ts"
import { stepPlace } from "./definition-places.ts"
import type { StepStatus } from "./rows.ts"
import type { PageTotal } from "./run-query.ts"

export interface StateStats {
  /** Its place in the definition: `checks/pods/check_pods`, items and rounds together. */
  readonly path: string
  readonly name: string
  readonly type: string
  readonly entered: number
  readonly failed: number
  readonly retries: number
  readonly p50Ms: number | null
  readonly p95Ms: number | null
}

export interface WorkflowStats {
  readonly total: PageTotal
  readonly byStatus: { readonly [status in RunStatus]?: number }
  /** COMPLETED / (COMPLETED + FAILED + TIMED_OUT); null without any (settled 30). */
  readonly successRate: number | null
  /** Of completed runs. */
  readonly durationMs: { readonly mean: number | null; readonly p50: number | null; readonly p95: number | null }
  readonly states: readonly StateStats[]
  readonly sampledRuns: number
}

export interface StatsRun {
  readonly status: RunStatus
  /** Null until it has ended. */
  readonly durationMs: number | null
}

export interface StatsStep {
  readonly name: string
  readonly type: string
  readonly action: string | null
  readonly branchPath: string
  readonly status: StepStatus
  readonly retries: number
  readonly startedAt: number | null
  readonly enteredAt: number
  readonly completedAt: number | null
}

interface StateDraft {
  readonly path: string
  readonly name: string
  readonly type: string
  entered: number
  failed: number
  retries: number
  readonly durations: number[]
}

export class WorkflowStatsFold {
  readonly #byStatus: { [status in RunStatus]?: number } = {}
  readonly #durations: number[] = []
  readonly #states = new Map<string, StateDraft>()
  #total = 0
  #sampled = 0

  run({ status, durationMs }: StatsRun): void {
    this.#total++
    this.#byStatus[status] = (this.#byStatus[status] ?? 0) + 1
    if (status === "COMPLETED" && durationMs !== null) this.#durations.push(durationMs)
  }

  /** All steps of one finished run. */
  sample(steps: readonly StatsStep[]): void {
    this.#sampled++
    for (const step of steps) this.#step(step)
  }

  #step(step: StatsStep): void {
    const path = stepPlace(step)
    let draft = this.#states.get(path)
    if (draft === undefined) {
      draft = {
        path,
        name: step.name,
        type: step.action ?? step.type,
        entered: 0,
        failed: 0,
        retries: 0,
        durations: [],
      }
      this.#states.set(path, draft)
    }
    draft.entered++
    draft.retries += step.retries
    if (step.status === "FAILED" || step.status === "TIMED_OUT") draft.failed++
    if (step.completedAt !== null && step.status !== "SKIPPED")
      draft.durations.push(Math.max(0, step.completedAt - (step.startedAt ?? step.enteredAt)))
  }

  /** @param exact whether every run of the period was given */
  result(exact: boolean): WorkflowStats {
    const { COMPLETED = 0, FAILED = 0, TIMED_OUT = 0 } = this.#byStatus
    const ended = COMPLETED + FAILED + TIMED_OUT
    const sum = this.#durations.reduce((total, ms) => total + ms, 0)
    const durations = this.#durations.sort((a, b) => a - b)
    return {
      total: { value: this.#total, exact },
      byStatus: this.#byStatus,
      successRate: ended === 0 ? null : COMPLETED / ended,
      durationMs: {
        mean: durations.length === 0 ? null : Math.round(sum / durations.length),
        p50: percentile(durations, 50),
        p95: percentile(durations, 95),
      },
      states: [...this.#states.values()].map(stateStats).sort((a, b) => (a.path < b.path ? -1 : 1)),
      sampledRuns: this.#sampled,
    }
  }
}

function stateStats({ durations, ...draft }: StateDraft): StateStats {
  const sorted = durations.sort((a, b) => a - b)
  return { ...draft, p50Ms: percentile(sorted, 50), p95Ms: percentile(sorted, 95) }
}

/** Nearest rank, of sorted values: always one that was measured. */
function percentile(sorted: readonly number[], p: number): number | null {
  if (sorted.length === 0) return null
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil((p / 100) * sorted.length) - 1))]!
}
