/**
 * The hosts of one loaded version of an environment's agents (rule 6: a host holds one agent-set hash), and the queue
 * before them. A second host is started only when tasks wait, one that died is replaced, and a delivery whose
 * predecessor died with its host gets one of its own. It never mixes versions: a host that finds other files on disk
 * than the set was made of is given to the environment as a new version.
 */
import type {
  AgentCancel,
  AgentContract,
  AgentMessage,
  AgentProblem,
  AgentTask,
} from "@waybill/engine/ports/agent-host"
import type { LoadedSet } from "../protocol.ts"
import type { AgentWorker } from "./agent-worker.ts"
import type { HostEnd } from "./host-line.ts"
import type { LoadedWorker, StartRequest, WorkerOwner } from "./start-worker.ts"
import { startTimer, type Timer } from "./timer.ts"

export interface SetHooks {
  emit(message: AgentMessage): void
  /** Starts a host over the same folder. */
  start(owner: StartRequest["owner"], skipped: readonly AgentProblem[]): Promise<LoadedWorker>
  /** A host of this set found another set on disk. */
  foundNewer(loaded: LoadedWorker): AgentSet | null
  /** Tasks that this set cannot run any more. */
  reroute(tasks: readonly AgentTask[], detail: string): void
  /** Nothing runs here now; asked after every ending. */
  idle(set: AgentSet): void
}

/** Tasks that waited so long for a host are a reason to start another. */
const scaleMs = 50
const aloneMax = 2
const respawnsMax = 5
const respawnMs = 100
const gone = "its version is not loaded any more"

export class AgentSet implements WorkerOwner {
  readonly hash: string
  readonly contracts: ReadonlyMap<string, AgentContract>
  readonly problems: readonly AgentProblem[]
  /** Set when a newer version took its place: it finishes what it has and starts no more hosts. */
  isSuperseded = false
  usedAt = performance.now()
  private readonly skipped: readonly AgentProblem[]
  private readonly hooks: SetHooks
  private readonly hostsMax: number
  private workers: AgentWorker[] = []
  private aloneWorkers = new Map<AgentWorker, AgentTask>()
  private aloneStarting = new Map<string, AgentTask>()
  private queue: AgentTask[] = []
  private aloneQueue: AgentTask[] = []
  private starting = 0
  private failures = 0
  private timer: Timer | null = null
  private isClosed = false

  constructor(loaded: LoadedWorker, hooks: SetHooks, hostsMax: number) {
    const set: LoadedSet = loaded.set
    this.hash = set.setHash
    this.contracts = new Map(set.agents.map((contract) => [contract.name, contract]))
    this.problems = set.problems
    this.skipped = loaded.skipped
    this.hooks = hooks
    this.hostsMax = hostsMax
    this.workers = [loaded.worker]
  }

  /** True while a host can still take tasks: an old version is used only as long (rule 21). */
  get isAlive(): boolean {
    return !this.isClosed && (!this.isSuperseded || this.aliveCount > 0)
  }

  get isIdle(): boolean {
    const isEmpty = this.queue.length === 0 && this.aloneQueue.length === 0 && this.aloneStarting.size === 0
    return isEmpty && this.aloneWorkers.size === 0 && this.workers.every((worker) => worker.deliveries.size === 0)
  }

  submit(task: AgentTask): void {
    this.usedAt = performance.now()
    if (task.alone === true && !this.isSuperseded) this.aloneQueue.push(task)
    else this.queue.push(task)
  }

  cancel(request: AgentCancel): boolean {
    if ([...this.workers, ...this.aloneWorkers.keys()].some((worker) => worker.cancel(request))) return true
    const isHere = (task: AgentTask) => task.key === request.key
    if (![...this.queue, ...this.aloneQueue, ...this.aloneStarting.values()].some(isHere)) return false
    this.queue = this.queue.filter((task) => !isHere(task))
    this.aloneQueue = this.aloneQueue.filter((task) => !isHere(task))
    this.aloneStarting.delete(request.key)
    this.hooks.emit({ kind: "stopped", key: request.key, how: "never_started" })
    return true
  }

  /** Hands queued tasks to hosts with room; called whenever something moved. */
  pump(): void {
    if (this.isClosed) return
    while (this.aloneQueue.length > 0 && this.aloneWorkers.size + this.aloneStarting.size < aloneMax) {
      void this.runAlone(this.aloneQueue.shift()!)
    }
    let sent = 0
    for (let worker = this.bestWorker(); worker !== null && sent < this.queue.length; worker = this.bestWorker()) {
      for (let room = worker.room; room > 0 && sent < this.queue.length; room--) worker.run(this.queue[sent++]!)
    }
    if (sent > 0) this.queue = this.queue.slice(sent)
    if (this.queue.length > 0) this.watchQueue()
    if (this.isIdle) this.hooks.idle(this)
  }

  moved(): void {
    if (this.queue.length > 0 || this.isSuperseded) this.pump()
    if (this.failures > 0) this.failures = 0
  }

  ended(worker: AgentWorker, end: HostEnd | null, returned: readonly AgentTask[]): void {
    this.workers = this.workers.filter((other) => other !== worker)
    const wasAlone = this.aloneWorkers.delete(worker)
    if (end !== null && !wasAlone) this.failures++
    if (this.isClosed) {
      this.handBack(returned)
      return
    }
    if (this.isSuperseded && this.workers.length === 0) {
      const tasks = [...returned, ...this.takeQueue()]
      this.hooks.reroute(tasks, gone)
    } else {
      this.aloneQueue.unshift(...returned.filter((task) => task.alone === true))
      this.queue.unshift(...returned.filter((task) => task.alone !== true))
    }
    this.replaceHosts()
    this.pump()
  }

  /** Finishes what runs; with nothing running its hosts end. */
  retire(): void {
    this.isClosed = true
    this.timer?.cancel()
    for (const worker of this.workers) worker.retire()
  }

  /** Stops taking; queued tasks are handed back now, running ones by `drain`. */
  close(): void {
    this.isClosed = true
    this.timer?.cancel()
    this.handBack([...this.takeQueue(), ...this.aloneStarting.values()])
    this.aloneStarting.clear()
    for (const worker of [...this.workers, ...this.aloneWorkers.keys()]) worker.retire()
  }

  drain(): void {
    for (const worker of [...this.workers, ...this.aloneWorkers.keys()]) worker.drain()
  }

  /** A newer version is there: what has no host here any more goes to it. */
  supersede(): void {
    this.isSuperseded = true
    if (this.aliveCount === 0) this.hooks.reroute(this.takeQueue(), gone)
  }

  private get aliveCount(): number {
    return this.workers.reduce((count, worker) => count + (worker.isAlive ? 1 : 0), 0)
  }

  private bestWorker(): AgentWorker | null {
    let best: AgentWorker | null = null
    for (const worker of this.workers) {
      if (worker.room <= 0 || worker.isBlocked()) continue
      if (best === null || worker.deliveries.size < best.deliveries.size) best = worker
    }
    return best
  }

  private watchQueue(): void {
    if (this.timer !== null) return
    this.timer = startTimer(scaleMs, () => {
      this.timer = null
      if (this.queue.length === 0 || this.isClosed) return
      if (!this.isSuperseded && this.aliveCount + this.starting < this.hostsMax) this.addHost(0)
      this.pump()
    })
  }

  /** A host that takes no more counts for nothing: the set is never without one that does. */
  private replaceHosts(): void {
    if (this.isSuperseded || this.isClosed || this.starting > 0 || this.aliveCount > 0) return
    if (this.failures > respawnsMax) {
      this.failures = 0
      this.hooks.reroute(this.takeQueue(), `no host for it stays alive (tried ${respawnsMax} times)`)
      return
    }
    this.addHost(this.failures === 0 ? 0 : respawnMs * 2 ** (this.failures - 1))
  }

  private addHost(delayMs: number): void {
    this.starting++
    startTimer(delayMs, () => {
      if (this.isClosed) return
      this.startHost((worker) => this.workers.push(worker)).then(
        () => {
          this.starting--
          this.pump()
        },
        () => {
          this.starting--
          this.failures++
          this.replaceHosts()
        },
      )
    })
  }

  private async runAlone(task: AgentTask): Promise<void> {
    this.aloneStarting.set(task.key, task)
    try {
      await this.startHost((worker) => {
        if (!this.aloneStarting.delete(task.key)) return worker.retire()
        this.aloneWorkers.set(worker, task)
        worker.run(task)
        worker.retire()
      })
      // Another version was found instead: it takes the task, like any other.
      if (this.aloneStarting.delete(task.key)) this.hooks.reroute([task], gone)
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      if (this.aloneStarting.delete(task.key)) this.hooks.reroute([task], detail)
    }
    this.pump()
  }

  /** `take` is called with a host of this very set; any other is given to the environment. */
  private async startHost(take: (worker: AgentWorker) => void): Promise<void> {
    let owner: WorkerOwner | null = this
    const loaded = await this.hooks.start(() => owner, this.skipped)
    if (this.isClosed) loaded.worker.retire()
    else if (loaded.set.setHash === this.hash) take(loaded.worker)
    else owner = this.hooks.foundNewer(loaded)
  }

  private takeQueue(): AgentTask[] {
    const tasks = [...this.queue, ...this.aloneQueue]
    this.queue = []
    this.aloneQueue = []
    return tasks
  }

  private handBack(tasks: readonly AgentTask[]): void {
    for (const { key } of tasks) {
      this.hooks.emit({ kind: "lost", key, reason: "drained", detail: "it had not started", suspect: false })
    }
  }
}
