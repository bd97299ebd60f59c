/**
 * One environment's agents over time: the newest loaded set and the older ones that still have work, or that alone have
 * something a run may ask for (rules 6, 21, 35): a contract that changed since, or the last good version of a file that
 * is broken now. It chooses the version for a task; which host runs it is the set's business.
 */
import type {
  AgentCancel,
  AgentContract,
  AgentLoadReport,
  AgentLook,
  AgentMessage,
  AgentProblem,
  AgentTask,
} from "@waybill/engine/ports/agent-host"
import { AgentSet } from "./agent-set.ts"
import type { LoadedWorker, StartRequest } from "./start-worker.ts"
import { startTimer, type Timer } from "./timer.ts"

export interface EnvironmentHooks {
  emit(message: AgentMessage): void
  start(directory: string, owner: StartRequest["owner"], skipped: readonly AgentProblem[]): Promise<LoadedWorker>
  changed(report: AgentLoadReport): void
}

const oldSetsMax = 4

/** A host on its way; who owns it is known when it has loaded. */
interface Loading {
  readonly directory: string
  readonly loaded: Promise<LoadedWorker>
  readonly holder: { owner: AgentSet | null }
}

export class AgentEnvironment {
  private readonly name: string
  private readonly hooks: EnvironmentHooks
  private readonly times: { readonly lingerMs: number; readonly hostsMax: number }
  private directory = ""
  /** Newest first. */
  private sets: AgentSet[] = []
  private loading: Promise<unknown> = Promise.resolve()
  private prepared: Loading | null = null
  private sweep: Timer | null = null
  private isClosed = false

  constructor(name: string, times: { lingerMs: number; hostsMax: number }, hooks: EnvironmentHooks) {
    this.name = name
    this.times = times
    this.hooks = hooks
  }

  /** One load at a time; a later one sees the files as they are then. */
  load(directory: string): Promise<AgentLoadReport> {
    const next = this.loading.then(() => this.loadNow(directory))
    this.loading = next.catch(() => {})
    return next
  }

  /** A host beside the newest, with what the folder holds now. */
  async look(directory: string): Promise<AgentLook> {
    const before = this.sets[0]
    const loading = this.begin(directory)
    const loaded = await loading.loaded
    const { agents, problems, setHash } = loaded.set
    const isKnown = before !== undefined && isSame(before, loaded)
    return {
      report: { environment: this.name, directory, setHash, changed: !isKnown, agents, problems },
      adopt: () => {
        const isCurrent = this.sets[0] === before && loaded.worker.isAlive && !this.isClosed
        if (isCurrent && !isKnown) {
          this.directory = directory
          loading.holder.owner = this.adopt(loaded)
          return
        }
        loaded.worker.retire()
        // Something was loaded meanwhile, or the host has died: the files as they are now are what was asked for.
        if (!isCurrent && !this.isClosed) void this.load(directory).catch(() => {})
      },
      drop: () => loaded.worker.retire(),
    }
  }

  /** The next `load` of this folder takes what begins now: a host needs a third of a cold start. */
  prepare(directory: string): void {
    if (this.isClosed || this.prepared !== null) return
    this.prepared = this.begin(directory)
    // Whether it worked is seen by the load.
    this.prepared.loaded.catch(() => {})
  }

  find(agent: string, contractHash: string | null): AgentContract | null {
    return this.choose(agent, contractHash)?.contract ?? null
  }

  agents(): readonly AgentContract[] {
    const newest = this.sets[0]
    if (newest === undefined) return []
    const lastGood = this.sets
      .slice(1)
      .flatMap((set) => (set.isAlive ? [...set.contracts.values()].filter((one) => this.isLastGood(one)) : []))
    const all = new Map([...newest.contracts.values(), ...lastGood].reverse().map((one) => [one.name, one]))
    return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  submit(tasks: readonly AgentTask[]): void {
    const touched = new Set<AgentSet>()
    for (const task of tasks) {
      const set = this.choose(task.agent, task.contractHash)?.set
      if (set === undefined) {
        this.missing(task, this.whyMissing(task))
        continue
      }
      set.submit(task)
      touched.add(set)
    }
    for (const set of touched) set.pump()
  }

  cancel(request: AgentCancel): boolean {
    return this.sets.some((set) => set.cancel(request))
  }

  close(): void {
    this.isClosed = true
    this.sweep?.cancel()
    for (const set of this.sets) set.close()
  }

  drain(): void {
    for (const set of this.sets) set.drain()
  }

  private async loadNow(directory: string): Promise<AgentLoadReport> {
    this.directory = directory
    const loading = this.prepared?.directory === directory ? this.prepared : this.begin(directory)
    this.prepared = null
    const loaded = await loading.loaded
    const newest = this.sets[0]
    const isGone = loaded.set.problems.some((problem) => problem.code === "agents_missing")
    if (this.isClosed || (newest !== undefined && (isGone || isSame(newest, loaded)))) {
      loaded.worker.retire()
      return this.report(false, isGone ? loaded.set.problems : (newest?.problems ?? []))
    }
    const set = this.adopt(loaded)
    loading.holder.owner = set
    return this.report(true, set.problems)
  }

  private begin(directory: string): Loading {
    const holder: { owner: AgentSet | null } = { owner: null }
    return { directory, holder, loaded: this.hooks.start(directory, () => holder.owner, []) }
  }

  /** Makes a loaded host the newest version; the one before it drains. */
  private adopt(loaded: LoadedWorker): AgentSet {
    const set: AgentSet = new AgentSet(
      loaded,
      {
        emit: this.hooks.emit,
        start: (owner, skipped) => this.hooks.start(this.directory, owner, skipped),
        foundNewer: (other) => this.foundNewer(other),
        reroute: (tasks, detail) => this.reroute(set, tasks, detail),
        idle: (idle) => idle.isSuperseded && this.dropUnneeded(),
      },
      this.times.hostsMax,
    )
    const older = this.sets
    this.sets = [set, ...older]
    for (const one of older) one.supersede()
    this.dropUnneeded()
    this.hooks.changed(this.report(true, set.problems))
    return set
  }

  /** A host started again read files that had changed since: the same as a load. */
  private foundNewer(loaded: LoadedWorker): AgentSet | null {
    const newest = this.sets[0]
    if (this.isClosed || (newest !== undefined && isSame(newest, loaded))) {
      loaded.worker.retire()
      return null
    }
    return this.adopt(loaded)
  }

  private reroute(from: AgentSet, tasks: readonly AgentTask[], detail: string): void {
    const elsewhere = tasks.filter((task) => {
      const set = this.choose(task.agent, task.contractHash)?.set
      if (set !== undefined && set !== from) return true
      this.missing(task, detail)
      return false
    })
    this.submit(elsewhere)
  }

  /** The newest code with an equal contract; an older version only while a host has it (rule 21). */
  private choose(agent: string, contractHash: string | null): { set: AgentSet; contract: AgentContract } | null {
    for (const set of this.sets) {
      const contract = set.contracts.get(agent)
      if (contract === undefined || !set.isAlive) continue
      const fits =
        contractHash === null
          ? set === this.sets[0] || this.isLastGood(contract)
          : contract.contractHash === contractHash
      if (fits) return { set, contract }
    }
    return null
  }

  /** Its file is there but broken now, and no other file took its name. */
  private isLastGood(contract: AgentContract): boolean {
    const newest = this.sets[0]
    if (newest === undefined || newest.contracts.has(contract.name)) return false
    return newest.problems.some((problem) => problem.file === contract.file)
  }

  private missing(task: AgentTask, detail: string): void {
    this.hooks.emit({ kind: "missing", key: task.key, detail: `Agent ${task.agent} in ${this.name}: ${detail}.` })
  }

  private whyMissing(task: AgentTask): string {
    return this.choose(task.agent, null) === null
      ? "no file of that name is loaded"
      : `it is loaded with another contract than ${task.contractHash?.slice(0, 12)}`
  }

  /** Ends old versions that nothing runs on and nothing can ask for; others linger for a while after their last use. */
  private dropUnneeded(): void {
    const now = performance.now()
    const keep = this.sets.filter((set, index) => {
      if (index === 0 || !set.isIdle) return true
      const isWanted = index <= oldSetsMax && now - set.usedAt < this.times.lingerMs && this.hasOwnContract(set, index)
      if (isWanted || [...set.contracts.values()].some((contract) => this.isLastGood(contract))) return true
      set.retire()
      return false
    })
    this.sets = keep
    this.sweep?.cancel()
    this.sweep = keep.length > 1 ? startTimer(this.times.lingerMs, () => this.dropUnneeded()) : null
  }

  private hasOwnContract(set: AgentSet, index: number): boolean {
    const newer = this.sets.slice(0, index)
    return [...set.contracts.values()].some(
      ({ name, contractHash }) => !newer.some((one) => one.contracts.get(name)?.contractHash === contractHash),
    )
  }

  private report(changed: boolean, problems: readonly AgentProblem[]): AgentLoadReport {
    const setHash = this.sets[0]?.hash ?? ""
    return { environment: this.name, directory: this.directory, setHash, changed, agents: this.agents(), problems }
  }
}

/** The same files give the same agents, unless one of them depends on something else: a deadline, a service, chance. */
function isSame(set: AgentSet, loaded: LoadedWorker): boolean {
  if (set.hash !== loaded.set.setHash || set.problems.length !== loaded.set.problems.length) return false
  return (
    set.contracts.size === loaded.set.agents.length &&
    loaded.set.agents.every((one) => set.contracts.get(one.name)?.contractHash === one.contractHash)
  )
}
