/**
 * Executor slots (rule 19): per agent, per workspace and overall, and at most three quarters for one run, of an agent's and
 * of all, so that a run with many items leaves some for those that come. A slot is taken before a delivery is decided, so
 * that `step.started` rides in the commit that scheduled the step, and is held until nothing of the delivery runs any more.
 * Backfills and replays together are no more than one big run: three quarters while production needs nothing, and a share
 * that is set, a quarter, while production waits.
 */
export interface SlotLimits {
  readonly perAgent: number
  readonly perWorkspace: number
  readonly overall: number
  /** Of an agent's slots, what backfills and replays may hold while production waits: more than 0, at most 1. */
  readonly apartShare: number
}

export const defaultSlotLimits: SlotLimits = {
  perAgent: 256,
  perWorkspace: 1_024,
  overall: 1_024,
  apartShare: 0.25,
}

/** Whose slot it is. Made once a step: its keys are looked up half a dozen times. */
export interface SlotOwner {
  readonly agentKey: string
  readonly workspaceId: string
  readonly runId: string
  readonly runAndAgent: string
  readonly isApart: boolean
}

export function slotOwner(agentKey: string, workspaceId: string, runId: string, isApart: boolean): SlotOwner {
  return { agentKey, workspaceId, runId, runAndAgent: `${runId}\n${agentKey}`, isApart }
}

export class Slots {
  readonly #limits: SlotLimits
  readonly #byAgent = new Map<string, number>()
  readonly #byWorkspace = new Map<string, number>()
  readonly #byRun = new Map<string, number>()
  readonly #byRunAndAgent = new Map<string, number>()
  readonly #apartByAgent = new Map<string, number>()
  readonly #shareOfAgent: number
  readonly #shareOfAll: number
  readonly #shareBeside: number
  #taken = 0
  #takenApart = 0

  constructor(limits: SlotLimits) {
    this.#limits = limits
    this.#shareOfAgent = shareOf(limits.perAgent)
    this.#shareOfAll = shareOf(Math.min(limits.perWorkspace, limits.overall))
    this.#shareBeside = Math.max(1, Math.floor(limits.perAgent * limits.apartShare))
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

  /** Whether its run has less than its share, of the agent's and of all. */
  freeTo({ runId, runAndAgent }: SlotOwner): boolean {
    return (
      (this.#byRunAndAgent.get(runAndAgent) ?? 0) < this.#shareOfAgent &&
      (this.#byRun.get(runId) ?? 0) < this.#shareOfAll
    )
  }

  /** Whether one that is set apart may have another of the agent's. `beside`: production waits for it. */
  freeApart(agentKey: string, beside: boolean): boolean {
    const most = beside ? Math.min(this.#shareBeside, this.#shareOfAgent) : this.#shareOfAgent
    return this.#takenApart < this.#shareOfAll && (this.#apartByAgent.get(agentKey) ?? 0) < most
  }

  take(owner: SlotOwner): void {
    this.#count(owner, 1)
  }

  give(owner: SlotOwner): void {
    this.#count(owner, -1)
  }

  #count(owner: SlotOwner, change: number): void {
    this.#taken += change
    add(this.#byAgent, owner.agentKey, change)
    add(this.#byWorkspace, owner.workspaceId, change)
    add(this.#byRun, owner.runId, change)
    add(this.#byRunAndAgent, owner.runAndAgent, change)
    if (!owner.isApart) return
    this.#takenApart += change
    add(this.#apartByAgent, owner.agentKey, change)
  }
}

/**
 * All of them when there are three or fewer: one that is kept free would be a third and more of what the author gave.
 * Whoever comes then gets the next that is free, since runs take turns.
 */
function shareOf(slots: number): number {
  return Math.ceil((slots * 3) / 4)
}

function add(counts: Map<string, number>, key: string, change: number): void {
  const count = (counts.get(key) ?? 0) + change
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}
