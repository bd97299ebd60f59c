/**
 * Who is next (rule 19): workspaces take turns, in each its workflows, in each its runs, in each its steps in order.
 * A step costs one whatever it does, so the deficits of a deficit round robin are whole turns and need no counters.
 * Every operation is constant in the number of waiting steps; runs that have their share of slots are passed over one
 * by one, and a share is so large that at most one run has it.
 */
export interface QueuedStep {
  readonly workspaceId: string
  readonly workflowId: string
  readonly runId: string
  readonly stepId: string
  readonly attempt: number
}

/** Who may be served now; asked of a workspace, then of one step a run, since those of a run are alike to whoever counts. */
export interface Gate {
  workspace(workspaceId: string): boolean
  run(step: QueuedStep): boolean
}

/** Children in turn order: the first is next, and goes to the back when it was served. */
type Ring<T> = Map<string, T>
type Steps = Ring<QueuedStep>
type Runs = Ring<Steps>
type Workflows = Ring<Runs>

export class FairQueue {
  readonly #workspaces: Ring<Workflows> = new Map()
  #size = 0

  get size(): number {
    return this.#size
  }

  /** False when this step waits here already. */
  push(step: QueuedStep): boolean {
    const workflows = child<Workflows>(this.#workspaces, step.workspaceId)
    const runs = child<Runs>(workflows, step.workflowId)
    const steps = child<Steps>(runs, step.runId)
    if (steps.has(step.stepId)) return false
    steps.set(step.stepId, step)
    this.#size++
    return true
  }

  remove(step: QueuedStep): boolean {
    const workflows = this.#workspaces.get(step.workspaceId)
    const runs = workflows?.get(step.workflowId)
    const steps = runs?.get(step.runId)
    if (workflows === undefined || runs === undefined || steps === undefined || !steps.delete(step.stepId)) return false
    this.#size--
    if (steps.size === 0) runs.delete(step.runId)
    if (runs.size === 0) workflows.delete(step.workflowId)
    if (workflows.size === 0) this.#workspaces.delete(step.workspaceId)
    return true
  }

  /** Whether `shift` would find somebody. */
  has(gate: Gate): boolean {
    return this.#find(gate) !== undefined
  }

  /** The next step that may be served, or undefined; who may not keeps its place. */
  shift(gate: Gate): QueuedStep | undefined {
    const found = this.#find(gate)
    if (found === undefined) return undefined
    const { step, workflows, runs, steps } = found
    steps.delete(step.stepId)
    this.#size--
    toBack(runs, step.runId, steps)
    toBack(workflows, step.workflowId, runs)
    toBack(this.#workspaces, step.workspaceId, workflows)
    return step
  }

  #find(gate: Gate): Found | undefined {
    for (const [workspaceId, workflows] of this.#workspaces) {
      if (!gate.workspace(workspaceId)) continue
      for (const runs of workflows.values())
        for (const steps of runs.values()) {
          const step = first(steps)
          if (gate.run(step)) return { step, workflows, runs, steps }
        }
    }
    return undefined
  }
}

interface Found {
  readonly step: QueuedStep
  readonly workflows: Workflows
  readonly runs: Runs
  readonly steps: Steps
}

function child<T extends Ring<unknown>>(parent: Ring<T>, key: string): T {
  const found = parent.get(key)
  if (found !== undefined) return found
  const made = new Map() as unknown as T
  parent.set(key, made)
  return made
}

function first<T>(ring: Ring<T>): T {
  for (const value of ring.values()) return value
  throw new Error("a ring in the queue is empty")
}

function toBack<T extends Ring<unknown>>(parent: Ring<T>, key: string, ring: T): void {
  parent.delete(key)
  if (ring.size > 0) parent.set(key, ring)
}
