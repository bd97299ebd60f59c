/**
 * The agent runtime behind the engine's port `AgentHost`: code agents in threads or child processes of their own (rules
 * 6 and 25). This file holds the environments and the way back to the engine; it runs no user code and reads no file.
 */
import { isAbsolute } from "node:path"
import type {
  AgentHost,
  AgentLoadReport,
  AgentMessage,
  AgentProblem,
  AgentTask,
} from "@waybill/engine/ports/agent-host"
import { AgentEnvironment } from "./host/agent-environment.ts"
import type { AgentWorker } from "./host/agent-worker.ts"
import { type AgentHostOptions, hostConfig } from "./host/options.ts"
import { type LoadedWorker, type StartRequest, startWorker } from "./host/start-worker.ts"
import { startTimer } from "./host/timer.ts"
import { workerEntry } from "./host/worker-entry.ts"

/** With what only the composition root needs. */
export interface PreparedAgentHost extends AgentHost {
  /**
   * Begins to load a folder before anybody asked: the first `load` of it takes what has begun, and sees the files as
   * they were at this call. A server's store and doors open meanwhile.
   */
  prepare(environment: string, directory: string): void
}

export function createAgentHost(options: AgentHostOptions): PreparedAgentHost {
  const environments = new Map<string, AgentEnvironment>()
  const workers = new Set<AgentWorker>()
  let messages: AgentMessage[] = []
  let listener: (messages: readonly AgentMessage[]) => void = () => {}
  let loadListener: (report: AgentLoadReport) => void = () => {}
  let isClosed = false

  /** Messages of all hosts of one turn go to the engine in one call. */
  function emit(message: AgentMessage): void {
    if (messages.length === 0) setImmediate(flush)
    messages.push(message)
  }

  function flush(): void {
    const batch = messages
    messages = []
    if (batch.length > 0) listener(batch)
  }

  async function start(
    environment: string,
    directory: string,
    owner: StartRequest["owner"],
    skipped: readonly AgentProblem[],
  ): Promise<LoadedWorker> {
    const config = hostConfig(options, await workerEntry(options.entry))
    if (isClosed) throw new Error("The agent host is closed.")
    const onStart = (worker: AgentWorker): void => {
      workers.add(worker)
      void worker.whenOver.then(() => workers.delete(worker))
    }
    return startWorker({ config, environment, directory, skipped, emit, owner, onStart })
  }

  function environmentOf(name: string): AgentEnvironment {
    const known = environments.get(name)
    if (known !== undefined) return known
    const times = { lingerMs: options.lingerMs ?? 300_000, hostsMax: options.hostsMax ?? 2 }
    const made = new AgentEnvironment(name, times, {
      emit,
      start: (directory, owner, skipped) => start(name, directory, owner, skipped),
      changed: (report) => loadListener(report),
    })
    environments.set(name, made)
    return made
  }

  function dispatchTo(name: string, tasks: readonly AgentTask[]): void {
    const environment = environments.get(name)
    if (environment !== undefined) environment.submit(tasks)
    else for (const { key } of tasks) emit({ kind: "missing", key, detail: `The environment ${name} is not loaded.` })
  }

  return {
    prepare: (environment, directory) => environmentOf(environment).prepare(directory),

    dispatch(tasks) {
      if (isClosed) {
        for (const { key } of tasks)
          emit({ kind: "lost", key, reason: "drained", detail: "the host is closed", suspect: false })
        return
      }
      const names = new Set(tasks.map((task) => task.environment))
      for (const name of names)
        dispatchTo(name, names.size === 1 ? tasks : tasks.filter((task) => task.environment === name))
    },

    cancel(requests) {
      for (const request of requests) {
        const isKnown = [...environments.values()].some((environment) => environment.cancel(request))
        if (!isKnown) emit({ kind: "stopped", key: request.key, how: "never_started" })
      }
    },

    onMessages(next) {
      listener = next
    },

    onLoaded(next) {
      loadListener = next
    },

    load(environment, directory) {
      if (!isAbsolute(directory)) return Promise.reject(new Error(`Not an absolute path: ${directory}`))
      return environmentOf(environment).load(directory)
    },

    look(environment, directory) {
      if (!isAbsolute(directory)) return Promise.reject(new Error(`Not an absolute path: ${directory}`))
      return environmentOf(environment).look(directory)
    },

    agents: () => [...environments.values()].flatMap((environment) => environment.agents()),

    find: (environment, agent, contractHash) => environments.get(environment)?.find(agent, contractHash) ?? null,

    async close(graceMs) {
      isClosed = true
      for (const environment of environments.values()) environment.close()
      for (const worker of workers) worker.retire()
      const grace = startTimer(graceMs, () => {
        for (const worker of workers) worker.drain()
      })
      await Promise.all([...workers].map((worker) => worker.whenOver))
      grace.cancel()
      flush()
    },
  }
}
