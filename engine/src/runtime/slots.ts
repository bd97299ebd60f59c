/**
 * Executor slots (rule 19): per agent, per workspace and overall. A slot is taken before a delivery is decided, so that
 * `step.started` rides in the commit that scheduled the step, and is held until nothing of the delivery runs any more.
 */
export interface SlotLimits {
  readonly perAgent: number
  readonly perWorkspace: number
  readonly overall: number
}

export const defaultSlotLimits: SlotLimits = { perAgent: 256, perWorkspace: 1_024, overall: 1_024 }

export class Slots {
  readonly #limits: SlotLimits
  readonly #byAgent = new Map<string, number>()
  readonly #byWorkspace = new Map<string, number>()
  #taken = 0

  constructor(limits: SlotLimits) {
    this.#limits = limits
  }

  get taken(): number {
    return this.#taken
  }

  freeFor(agentKey: string): boolean {
    return this.#taken < this.#limits.overall && (this.#byAgent.get(agentKey) ?? 0) < this.#limits.perAgent
  }

  freeIn(workspaceId: string): boolean {
    return (this.#byWorkspace.get(workspaceId) ?? 0) < this.#limits.perWorkspace
  }

  take(agentKey: string, workspaceId: string): void {
    this.#taken++
    add(this.#byAgent, agentKey, 1)
    add(this.#byWorkspace, workspaceId, 1)
  }

  give(agentKey: string, workspaceId: string): void {
    this.#taken--
    add(this.#byAgent, agentKey, -1)
    add(this.#byWorkspace, workspaceId, -1)
  }
}

function add(counts: Map<string, number>, key: string, change: number): void {
  const count = (counts.get(key) ?? 0) + change
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}
