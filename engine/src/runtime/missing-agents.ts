/**
 * Steps whose agent is not there (rule 21), until it is. Before an environment's agents are loaded for the first time
 * nobody can say that one is missing: steps that come so early wait out of the way, and then stand in the queue again.
 */
import type { AgentHost } from "../ports/agent-host.ts"
import type { Clock } from "../ports/clock.ts"
import type { RunPlace } from "./run-place.ts"

export interface MissingAgentPorts {
  readonly clock: Clock
  readonly host: AgentHost
  /** The agent that the step waits for is there. */
  found(place: RunPlace, stepId: string): void
  /** Nobody has loaded the environment's agents by now: they are taken as loaded. */
  overdue(environment: string): void
}

/** A step whose run knows that its agent is missing. */
export interface Awaited {
  readonly place: RunPlace
  readonly stepId: string
  readonly environment: string
  readonly agent: string
  readonly contractHash: string | null
}

interface Early {
  readonly environment: string
  readonly stepId: string
}

/** How long a step waits for the first load of its environment before its agent is called missing. */
const firstLoadMs = 30_000

export class MissingAgents<Step extends Early> {
  readonly #ports: MissingAgentPorts
  readonly #awaited = new Map<string, Awaited>()
  readonly #early = new Map<string, Step>()
  /** Environments whose agents were loaded, or are taken as loaded. */
  readonly #loaded = new Set<string>()
  readonly #expected = new Map<string, () => void>()

  constructor(ports: MissingAgentPorts) {
    this.#ports = ports
  }

  get size(): number {
    return this.#awaited.size
  }

  /** How many wait, by agent, in one environment. */
  by(environment: string): ReadonlyMap<string, number> {
    const counts = new Map<string, number>()
    for (const step of this.#awaited.values())
      if (step.environment === environment) counts.set(step.agent, (counts.get(step.agent) ?? 0) + 1)
    return counts
  }

  has(stepId: string): boolean {
    return this.#awaited.has(stepId)
  }

  /** Told when the agent is there, which it may be by now. */
  await(step: Awaited): void {
    this.#awaited.set(step.stepId, step)
    this.#lookFor(step)
  }

  forget(stepId: string): void {
    this.#awaited.delete(stepId)
    this.#early.delete(stepId)
  }

  /** True: it waits here, since nobody can say yet that its agent is missing. */
  keepsEarly(step: Step): boolean {
    if (this.#knows(step.environment)) return false
    this.#early.set(step.stepId, step)
    return true
  }

  /** An environment's agents have changed: those that waited for one are looked at again. Who came too early is returned. */
  loaded(environment: string): readonly Step[] {
    this.#loaded.add(environment)
    // A timer that nobody needs would keep an ended process alive.
    this.#expected.get(environment)?.()
    for (const step of [...this.#awaited.values()]) if (step.environment === environment) this.#lookFor(step)
    const early = [...this.#early.values()].filter((step) => step.environment === environment)
    for (const { stepId } of early) this.#early.delete(stepId)
    return early
  }

  #lookFor({ place, stepId, environment, agent, contractHash }: Awaited): void {
    if (this.#ports.host.find(environment, agent, contractHash) === null) return
    this.#awaited.delete(stepId)
    this.#ports.found(place, stepId)
  }

  /** Whether this environment's agents have been loaded. One that nobody loads is known in time, too. */
  #knows(environment: string): boolean {
    if (this.#loaded.has(environment)) return true
    if (this.#ports.host.agents().some((agent) => agent.environment === environment)) return true
    if (!this.#expected.has(environment)) {
      const overdue = (): void => this.#ports.overdue(environment)
      this.#expected.set(environment, this.#ports.clock.setTimer(firstLoadMs, overdue))
    }
    return false
  }
}
