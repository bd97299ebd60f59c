/** What may go wrong in one seed: a random subset, so that every mixture comes up and none drowns the others (swarm). */
import type { Random } from "./random.ts"

export interface Faults {
  /** The process dies, at a random moment or in the middle of a commit. */
  readonly crashes: number
  /** And again while it recovers. */
  readonly doubleCrash: boolean
  /** A commit is refused; nothing of it is stored. */
  readonly refused: number
  /** A commit fails in a way that nobody can interpret: it is stored, or it is not (rule 3). */
  readonly unknown: number
  /** Commits and reads take long. */
  readonly slowStore: boolean
  /** Agent hosts die and take their tasks along. */
  readonly hostCrashes: number
  /** Hosts that never answer a cancel. */
  readonly deafHost: boolean
  /** Agents that are not loaded for a while. */
  readonly missingAgents: boolean
  /** States leave memory and come back. */
  readonly evictions: boolean
  readonly clockJumps: number
  /** Decisions are cut into small pieces (rule 1). */
  readonly smallDecisions: boolean
  /** Most values are too large to be inline (rule 20). */
  readonly blobs: boolean
  readonly snapshots: boolean
  readonly fewSlots: boolean
  /** The results of eight items come all at once, and the first of them uses up its run's share of a commit (rule 19). */
  readonly bursts: boolean
  /** The asker never hears the answer and asks again. */
  readonly deafClients: boolean
  readonly pauses: boolean
  readonly cancels: boolean
  /** The reconciler is asked at bad moments. */
  readonly reconciles: boolean
  /** Executors that were given up answer after all. */
  readonly strayResults: boolean
}

export type Fault = keyof Faults

export function randomFaults(random: Random): Faults {
  const some = (probability: number) => random.chance(probability)
  return {
    crashes: some(0.5) ? random.between(1, 3) : 0,
    doubleCrash: some(0.2),
    refused: some(0.25) ? 0.15 : 0,
    unknown: some(0.2) ? 0.05 : 0,
    slowStore: some(0.3),
    hostCrashes: some(0.25) ? random.between(1, 2) : 0,
    deafHost: some(0.15),
    missingAgents: some(0.15),
    evictions: some(0.4),
    clockJumps: some(0.2) ? random.between(1, 2) : 0,
    smallDecisions: some(0.25),
    blobs: some(0.25),
    snapshots: some(0.4),
    fewSlots: some(0.25),
    deafClients: some(0.2),
    pauses: some(0.25),
    cancels: some(0.2),
    reconciles: some(0.3),
    strayResults: some(0.25),
    bursts: some(0.05),
  }
}

export const noFaults: Faults = {
  crashes: 0,
  doubleCrash: false,
  refused: 0,
  unknown: 0,
  slowStore: false,
  hostCrashes: 0,
  deafHost: false,
  missingAgents: false,
  evictions: false,
  clockJumps: 0,
  smallDecisions: false,
  blobs: false,
  snapshots: false,
  fewSlots: false,
  bursts: false,
  deafClients: false,
  pauses: false,
  cancels: false,
  reconciles: false,
  strayResults: false,
}

/** The same faults without one of them: for shrinking. */
export function without(faults: Faults, fault: Fault): Faults {
  return { ...faults, [fault]: noFaults[fault] }
}
