/**
 * The runs around a run: what started it, what it started, re-runs in both directions, runs of the same business event.
 * Nearest first, none twice, and never more than asked for; runs that trigger each other in a circle end there (V4).
 */
import type { RunStatus } from "../run/state.ts"
import type { RunRow } from "./rows.ts"

export type Relation = "parent" | "child" | "rerun" | "rerun_of" | "same_event"

export interface Relative {
  readonly runId: string
  readonly workflowId: string
  readonly workflowName: string
  readonly status: RunStatus
  readonly createdAt: number
  readonly completedAt: number | null
  /** What it is to `via`. */
  readonly relation: Relation
  /** The run through which it was found: the run itself, or a relative that stands before it. */
  readonly via: string
  readonly distance: number
  /** A run of the same workflow stands above it in the tree: they trigger each other. */
  readonly circular: boolean
}

export interface Lineage {
  readonly runId: string
  readonly rootRunId: string
  readonly relatives: readonly Relative[]
  readonly truncated: boolean
}

/** Reads of the store, each bounded by `limit`. */
export interface LineageSource {
  run(runId: string): RunRow | null
  childrenOf(runId: string, limit: number): readonly RunRow[]
  rerunsOf(run: RunRow, limit: number): readonly RunRow[]
  sameEvent(run: RunRow, limit: number): readonly RunRow[]
}

/** Which relatives of a relative are looked for: a parent's other children are no kin of the run's. */
const onwards: { readonly [R in Relation | "self"]: readonly Relation[] } = {
  self: ["parent", "rerun_of", "rerun", "child", "same_event"],
  parent: ["parent"],
  child: ["child"],
  rerun_of: ["rerun_of", "rerun"],
  rerun: ["rerun"],
  same_event: [],
}

interface Found {
  readonly run: RunRow
  readonly as: Relation | "self"
  readonly distance: number
  /** Workflows between it and the run, its own among them. */
  readonly workflows: ReadonlySet<string>
}

export function lineageOf(source: LineageSource, self: RunRow, limit: number): Lineage {
  const seen = new Set([self.runId])
  const relatives: Relative[] = []
  let truncated = false
  const queue: Found[] = [{ run: self, as: "self", distance: 0, workflows: new Set([self.workflowId]) }]
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const relation of onwards[next.as]) {
      for (const run of related(source, next.run, relation, limit + 1)) {
        if (seen.has(run.runId)) continue
        if (relatives.length === limit) {
          truncated = true
          break
        }
        seen.add(run.runId)
        relatives.push(relativeOf(run, relation, next))
        queue.push({
          run,
          as: relation,
          distance: next.distance + 1,
          workflows: alsoWith(next.workflows, run.workflowId),
        })
      }
    }
  }
  return { runId: self.runId, rootRunId: self.rootRunId, relatives, truncated }
}

function relativeOf(run: RunRow, relation: Relation, next: Found): Relative {
  const { runId, workflowId, workflowName, status, createdAt, completedAt } = run
  const circular = (relation === "parent" || relation === "child") && next.workflows.has(workflowId)
  const { distance } = next
  return {
    runId,
    workflowId,
    workflowName,
    status,
    createdAt,
    completedAt,
    relation,
    via: next.run.runId,
    distance: distance + 1,
    circular,
  }
}

function related(source: LineageSource, run: RunRow, relation: Relation, limit: number): readonly RunRow[] {
  switch (relation) {
    case "parent":
      return one(run.parentRunId === null ? null : source.run(run.parentRunId))
    case "rerun_of":
      return one(run.rerunOf === null ? null : source.run(run.rerunOf))
    case "child":
      return source.childrenOf(run.runId, limit)
    case "rerun":
      return source.rerunsOf(run, limit)
    case "same_event":
      return run.businessEventId === null ? [] : source.sameEvent(run, limit)
  }
}

function one(run: RunRow | null): readonly RunRow[] {
  return run === null ? [] : [run]
}

function alsoWith(names: ReadonlySet<string>, name: string): ReadonlySet<string> {
  return names.has(name) ? names : new Set([...names, name])
}
