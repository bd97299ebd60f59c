/** An agent host that does what a story says: each agent is a function of its task, or holds it until told. */
import type { Json, JsonObject } from "../../core/json.ts"
import type {
  AgentCancel,
  AgentContract,
  AgentFailure,
  AgentHost,
  AgentLoadReport,
  AgentLook,
  AgentMessage,
  AgentTask,
  AgentUsage,
} from "../../ports/agent-host.ts"

export type Script = (task: AgentTask) => Ending | "hold"

export type Ending =
  | { readonly output: Json; readonly usage?: AgentUsage }
  | { readonly error: Partial<AgentFailure>; readonly usage?: AgentUsage }
  | { readonly lost: string }

export class ScriptedHost implements AgentHost {
  readonly tasks: AgentTask[] = []
  readonly cancels: AgentCancel[] = []
  /** Handed over and not ended. */
  readonly held = new Map<string, AgentTask>()
  /** Agents whose code is not the first any more: their source hash differs, their contract does not. */
  readonly revisions = new Map<string, number>()
  /** How a cancel is answered; `never` leaves the host silent. */
  onCancel: "stop" | "never" = "stop"
  readonly #scripts: Map<string, Script>
  #listener: (messages: readonly AgentMessage[]) => void = () => {}
  #loaded: (report: AgentLoadReport) => void = () => {}
  #dead = false

  constructor(scripts: { readonly [agent: string]: Script }) {
    this.#scripts = new Map(Object.entries(scripts))
  }

  dispatch(tasks: readonly AgentTask[]): void {
    const messages: AgentMessage[] = []
    for (const task of tasks) {
      this.tasks.push(task)
      this.held.set(task.key, task)
      messages.push({ kind: "started", key: task.key, contractHash: "c", sourceHash: "s" })
      const ending = this.#scripts.get(task.agent)?.(task) ?? "hold"
      if (ending !== "hold") messages.push(...this.#ending(task, ending))
    }
    // In another turn, as from another thread.
    queueMicrotask(() => this.#tell(messages))
  }

  #ending(task: AgentTask, ending: Ending): AgentMessage[] {
    this.held.delete(task.key)
    const { key } = task
    if ("lost" in ending) return [{ kind: "lost", key, reason: "host_crashed", detail: ending.lost, suspect: true }]
    const usage: AgentMessage[] = ending.usage === undefined ? [] : [{ kind: "usage", key, ...ending.usage }]
    if ("error" in ending)
      return [
        ...usage,
        {
          kind: "failed",
          key,
          error: {
            class: "external_api",
            kind: null,
            code: "broken",
            title: "It broke",
            detail: "as told",
            ...ending.error,
          },
        },
      ]
    return [...usage, { kind: "succeeded", key, output: ending.output, outputBytes: 0 }]
  }

  /** Ends a held task. */
  end(task: AgentTask, ending: Ending): void {
    this.#tell(this.#ending(task, ending))
  }

  say(message: AgentMessage): void {
    this.#tell([message])
  }

  #tell(messages: readonly AgentMessage[]): void {
    if (!this.#dead) this.#listener(messages)
  }

  cancel(requests: readonly AgentCancel[]): void {
    this.cancels.push(...requests)
    if (this.onCancel === "never") return
    const messages = requests.map(({ key }): AgentMessage => {
      this.held.delete(key)
      return { kind: "stopped", key, how: "signal" }
    })
    queueMicrotask(() => this.#tell(messages))
  }

  onMessages(listener: (messages: readonly AgentMessage[]) => void): void {
    this.#listener = listener
  }

  onLoaded(listener: (report: AgentLoadReport) => void): void {
    this.#loaded = listener
  }

  async load(environment: string, directory: string): Promise<AgentLoadReport> {
    return { environment, directory, setHash: "", changed: false, agents: this.agents(), problems: [] }
  }

  async look(environment: string, directory: string): Promise<AgentLook> {
    return { report: await this.load(environment, directory), adopt: () => {}, drop: () => {} }
  }

  agents(): readonly AgentContract[] {
    return [...this.#scripts.keys()].map((name) => this.#contract(name))
  }

  find(_environment: string, agent: string, _contractHash: string | null): AgentContract | null {
    return this.#scripts.has(agent) ? this.#contract(agent) : null
  }

  #contract(name: string): AgentContract {
    const revision = this.revisions.get(name)
    return revision === undefined ? contract(name) : { ...contract(name), sourceHash: `source-${name}-${revision}` }
  }

  /** A file of agents came or went. */
  change(agent: string, script: Script | null): void {
    if (script === null) this.#scripts.delete(agent)
    else this.#scripts.set(agent, script)
    this.#loaded({
      environment: "default",
      directory: "",
      setHash: "",
      changed: true,
      agents: this.agents(),
      problems: [],
    })
  }

  async close(_graceMs: number): Promise<void> {
    const messages = [...this.held.keys()].map(
      (key): AgentMessage => ({ kind: "lost", key, reason: "drained", detail: "closed", suspect: false }),
    )
    this.held.clear()
    this.#tell(messages)
  }

  /** The process is gone: nothing is said any more. */
  kill(): void {
    this.#dead = true
  }
}

function contract(name: string): AgentContract {
  const schemas: { inputSchema: JsonObject | null; outputSchema: JsonObject | null } = {
    inputSchema: null,
    outputSchema: null,
  }
  return {
    environment: "default",
    name,
    description: null,
    ...schemas,
    contractHash: `contract-${name}`,
    sourceHash: `source-${name}`,
    file: `/agents/${name}.agent.ts`,
  }
}
