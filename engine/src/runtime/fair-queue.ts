/**
 * Who is next (rule 19): workspaces take turns, in each its workflows, in each its runs, in each its steps in order.
 * A step costs one whatever it does, so the deficits of a deficit round robin are whole turns and need no counters.
 * Every operation is constant in the number of waiting steps.
 */
export interface QueuedStep {
  readonly workspaceId: string
  readonly workflowId: string
  readonly runId: string
  readonly stepId: string
  readonly attempt: number
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

  /** The next step of a workspace that may have one, or undefined. */
  shift(mayServe: (workspaceId: string) => boolean): QueuedStep | undefined {
    for (const [workspaceId, workflows] of this.#workspaces) {
      if (!mayServe(workspaceId)) continue
      const [workflowId, runs] = first(workflows)
      const [runId, steps] = first(runs)
      const [stepId, step] = first(steps)
      steps.delete(stepId)
      this.#size--
      toBack(runs, runId, steps)
      toBack(workflows, workflowId, runs)
      toBack(this.#workspaces, workspaceId, workflows)
      return step
    }
    return undefined
  }
}

function child<T extends Ring<unknown>>(parent: Ring<T>, key: string): T {
  const found = parent.get(key)
  if (found !== undefined) return found
  const made = new Map() as unknown as T
  parent.set(key, made)
  return made
}

function first<T>(ring: Ring<T>): [string, T] {
  for (const entry of ring) return entry
  throw new Error("a ring in the queue is empty")
}

function toBack<T extends Ring<unknown>>(parent: Ring<T>, key: string, ring: T): void {
  parent.delete(key)
  if (ring.size > 0) parent.set(key, ring)
}
