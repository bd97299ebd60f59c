/**
 * Agents behind the port's boundary: started, slow, crashing, deaf. It keeps the port's promise — exactly one ending for
 * every delivery — except where a fault says that a host never answers, which the engine must outlive by its deadlines.
 */
import { isJsonObject } from "../../core/json.ts"
import type {
  AgentCancel,
  AgentContract,
  AgentHost,
  AgentLoadReport,
  AgentLook,
  AgentMessage,
  AgentTask,
} from "../../ports/agent-host.ts"
import { agentNames, behave, crashes } from "./behaviours.ts"
import type { Faults } from "./faults.ts"
import { secretWord } from "./hush.ts"
import type { Random } from "./random.ts"
import type { Scheduler } from "./scheduler.ts"

export interface SimHostOptions {
  readonly scheduler: Scheduler
  readonly random: Random
  readonly faults: () => Faults
  readonly seen: (what: string) => void
  /** Asked for every delivery before it runs: is it durable that it was handed out? */
  readonly handedOut: (task: AgentTask) => void
}

interface Running {
  readonly task: AgentTask
  cancelled: boolean
  started: boolean
}

const contracts: readonly AgentContract[] = Object.keys(agentNames).map((name) => ({
  environment: "default",
  name,
  description: null,
  inputSchema: null,
  outputSchema: null,
  contractHash: `contract-${name}`,
  sourceHash: `source-${name}`,
  file: `/agents/${name}.agent.ts`,
}))

const contractOf = new Map(contracts.map((contract) => [contract.name, contract]))

export class SimHost implements AgentHost {
  readonly #options: SimHostOptions
  readonly #running = new Map<string, Running>()
  /** How often a task of this attempt took its host along. */
  readonly #crashes: Map<string, number>
  #messages: ((messages: readonly AgentMessage[]) => void) | null = null
  #loaded: ((report: AgentLoadReport) => void) | null = null
  #alive = true
  #missing: string | null = null
  readonly #gathered: AgentMessage[] = []
  /** Deliveries that say nothing more. */
  readonly #deaf = new Set<string>()

  /** `crashes` outlives the process: what crashed once may crash again. */
  constructor(options: SimHostOptions, crashCounts: Map<string, number>) {
    this.#options = options
    this.#crashes = crashCounts
  }

  die(): void {
    this.#alive = false
    this.#running.clear()
  }

  onMessages(listener: (messages: readonly AgentMessage[]) => void): void {
    this.#messages = listener
  }

  onLoaded(listener: (report: AgentLoadReport) => void): void {
    this.#loaded = listener
  }

  load(environment: string, directory: string): Promise<AgentLoadReport> {
    return Promise.resolve({ environment, directory, setHash: "", changed: true, agents: contracts, problems: [] })
  }

  async look(environment: string, directory: string): Promise<AgentLook> {
    return { report: await this.load(environment, directory), adopt: () => {}, drop: () => {} }
  }

  agents(): readonly AgentContract[] {
    return contracts
  }

  find(_environment: string, agent: string): AgentContract | null {
    return agent === this.#missing ? null : (contractOf.get(agent) ?? null)
  }

  /** One agent is not there for a while. */
  lose(agent: string): void {
    this.#missing = agent
    this.#options.seen("an agent is missing for a while")
  }

  bringBack(): void {
    if (!this.#alive) return
    // Whoever looks after the hosts has ended those that did not answer: until then they had kept their slots.
    this.#tell([...this.#deaf].map((key) => ({ kind: "stopped", key, how: "terminated", shared: this.#shared() })))
    for (const key of this.#deaf) this.#running.delete(key)
    this.#deaf.clear()
    if (this.#missing === null) return
    this.#missing = null
    this.#loaded?.({
      environment: "default",
      directory: "",
      setHash: "",
      changed: true,
      agents: contracts,
      problems: [],
    })
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  /** The host ends, and all that runs in it. */
  crash(): void {
    const lost = [...this.#running.values()]
    this.#running.clear()
    if (lost.length > 0) this.#options.seen("a host dies with its tasks")
    this.#tell(
      lost.map(({ task }) => ({ kind: "lost", key: task.key, reason: "host_crashed", detail: "", suspect: true })),
    )
  }

  dispatch(tasks: readonly AgentTask[]): void {
    for (const task of tasks) {
      this.#options.handedOut(task)
      const running = { task, cancelled: false, started: false }
      this.#running.set(task.key, running)
      if (task.agent === this.#missing) {
        this.#end(running, { kind: "missing", key: task.key, detail: "not loaded" }, 1)
        continue
      }
      this.#after(this.#options.random.below(4), () => this.#start(running))
    }
  }

  #start(running: Running): void {
    const { task } = running
    const { random, faults, seen } = this.#options
    if (this.#running.get(task.key) !== running || running.cancelled) return
    running.started = true
    const contract = contractOf.get(task.agent)!
    this.#tell([
      { kind: "started", key: task.key, contractHash: contract.contractHash, sourceHash: contract.sourceHash },
    ])
    const before = this.#crashes.get(task.idempotencyKey) ?? 0
    if (before < crashes(task.agent)) {
      this.#crashes.set(task.idempotencyKey, before + 1)
      seen("a task takes its host along")
      return this.#end(
        running,
        { kind: "lost", key: task.key, reason: "host_crashed", detail: "", suspect: true },
        random.below(50),
      )
    }
    if (faults().deafHost && task.timeoutMs !== null && random.chance(0.3)) {
      this.#deaf.add(task.key)
      return seen("a host never answers")
    }
    const done = behave(task.agent, task.input, task.attempt)
    const latency = random.chance(0.1) ? random.below(3_000) : random.below(200)
    if (task.timeoutMs !== null && (done.kind === "hangs" || latency >= task.timeoutMs))
      return this.#timeOut(running, task.timeoutMs)
    if (random.chance(0.1))
      this.#after(latency / 2, () => this.#tell([{ kind: "usage", key: task.key, tokens: 3, computeMs: 1 }]))
    if (done.kind === "succeeds")
      this.#end(running, { kind: "succeeded", key: task.key, output: done.output, outputBytes: 0 }, latency)
    else if (done.kind === "fails") {
      const { class: failureClass, code } = done
      this.#end(
        running,
        {
          kind: "failed",
          key: task.key,
          error: { class: failureClass, kind: null, code, title: code, detail: secretWord },
        },
        latency,
      )
    }
  }

  #timeOut(running: Running, timeoutMs: number): void {
    this.#options.seen("an attempt runs into its deadline")
    const error = { class: "transient", kind: "timeout", code: "timeout", title: "timeout", detail: "" } as const
    this.#end(running, { kind: "failed", key: running.task.key, error }, timeoutMs)
  }

  cancel(requests: readonly AgentCancel[]): void {
    const { random, faults, seen } = this.#options
    for (const { key, graceMs } of requests) {
      const running = this.#running.get(key)
      if (running === undefined) {
        this.#after(1, () => this.#tell([{ kind: "stopped", key, how: "never_started" }]))
        continue
      }
      // Within the grace it may still succeed, and then nothing else is said.
      if (random.chance(0.4) && running.started) {
        seen("an agent ends in the grace of a cancel")
        this.#end(running, { kind: "stopped", key, how: "terminated", shared: this.#shared() }, graceMs)
        continue
      }
      if (faults().deafHost && random.chance(0.3)) {
        seen("a host never answers a cancel")
        this.#running.delete(key)
        this.#deaf.add(key)
        continue
      }
      running.cancelled = true
      this.#end(running, { kind: "stopped", key, how: "signal" }, random.below(20))
    }
  }

  /** Whether others ran on the same thread is chance here. */
  #shared(): boolean {
    return this.#options.random.chance(0.5)
  }

  #end(running: Running, message: AgentMessage, delayMs: number): void {
    this.#after(delayMs, () => {
      if (this.#running.get(running.task.key) !== running) return
      if (running.cancelled && message.kind !== "stopped") return
      this.#running.delete(running.task.key)
      this.#tell([message])
    })
  }

  #after(delayMs: number, run: () => void): void {
    this.#options.scheduler.after(delayMs, () => {
      if (this.#alive) run()
    })
  }

  #tell(messages: readonly AgentMessage[]): void {
    if (messages.length === 0) return
    if (!this.#options.faults().bursts) return this.#messages?.(messages)
    if (this.#gathered.length === 0)
      this.#after(this.#options.random.between(20, 500), () => this.#messages?.(this.#gathered.splice(0)))
    this.#gathered.push(...messages)
  }

  /** Something that ran is still running: for the final check. */
  get busy(): boolean {
    return [...this.#running.values()].some(({ task }) => isJsonObject(task.input))
  }
}
