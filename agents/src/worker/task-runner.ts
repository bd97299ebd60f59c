/**
 * Runs tasks inside a host: starts the agent, watches for its end, says every ending exactly once. It knows nothing of
 * attempts, retries or timeouts; those are asked of it as aborts. Everything a task does carries its asynchronous
 * context, so that what goes wrong outside of its promise is still traced to it.
 */
import { AsyncLocalStorage } from "node:async_hooks"
import type { AgentFailure, AgentTask } from "@waybill/engine/ports/agent-host"
import type { AbortCause, HostSettings } from "../protocol.ts"
import { createContext } from "./agent-context.ts"
import type { LoadedAgent } from "./contract.ts"
import { clean, failure, toFailure } from "./failure.ts"
import type { Heartbeats } from "./heartbeats.ts"
import type { Outbox } from "./outbox.ts"
import { toOutput } from "./output.ts"

/** An agent whose last synchronous part took longer starts alone in its turn: those behind it are not `started` yet. */
const slowStartMs = 2
const startsPerTurn = 64

interface RunningTask {
  readonly task: AgentTask
  readonly controller: AbortController
  /** Set when something outside of the task's promise already decided how it ends. */
  doomed: AgentFailure | null
  isOpen: boolean
}

export interface TaskRunner {
  run(task: AgentTask): void
  abort(key: string, cause: AbortCause, reason: string): void
  /** An error outside of any promise that was awaited; `origin` is its code. */
  uncaught(error: unknown, origin: string): void
  /** `process.exit(code)` was called: the error to throw instead. */
  exitCalled(code: string): Error
  /** The task in whose context the caller is, or null. */
  currentKey(): string | null
}

export function createTaskRunner(
  agents: () => ReadonlyMap<string, LoadedAgent>,
  outbox: Outbox,
  heartbeats: Heartbeats,
  settings: HostSettings,
): TaskRunner {
  const contexts = new AsyncLocalStorage<RunningTask>()
  const running = new Map<string, RunningTask>()
  const quick = new Set<string>()
  let waiting: AgentTask[] = []
  let isStarting = false

  function startWaiting(): void {
    isStarting = false
    let count = 1
    while (count < waiting.length && count < startsPerTurn && quick.has(waiting[count - 1]!.agent)) count++
    const batch = waiting.slice(0, count)
    waiting = waiting.slice(count)
    // Leaves before the first line of user code: what the engine's side has not heard of has not begun (rule 5).
    outbox.send({ kind: "started", keys: batch.map((task) => task.key) })
    outbox.flush()
    for (const task of batch) start(task)
    scheduleStart()
  }

  function scheduleStart(): void {
    if (isStarting || waiting.length === 0) return
    isStarting = true
    setImmediate(startWaiting)
  }

  function start(task: AgentTask): void {
    const controller = new AbortController()
    const state: RunningTask = { task, controller, doomed: null, isOpen: true }
    running.set(task.key, state)
    heartbeats.add(task)
    const agent = agents().get(task.agent)
    if (agent === undefined) {
      fail(state, failure("bug", "agent_missing", `This host has no agent ${task.agent}.`))
      return
    }
    const startedAt = performance.now()
    contexts.run(state, () => call(state, agent))
    if (performance.now() - startedAt > slowStartMs) quick.delete(task.agent)
    else quick.add(task.agent)
  }

  function call(state: RunningTask, agent: LoadedAgent): void {
    const { task, controller } = state
    try {
      const returned = agent.run(
        task.input,
        createContext(task, controller.signal, outbox, () => state.isOpen, settings),
      )
      if (!isThenable(returned)) {
        succeed(state, agent, returned)
        return
      }
      Promise.resolve(returned).then(
        (value) => succeed(state, agent, value),
        (error) => fail(state, toFailure(error, Date.now())),
      )
    } catch (error) {
      fail(state, toFailure(error, Date.now()))
    }
  }

  function succeed(state: RunningTask, agent: LoadedAgent, returned: unknown): void {
    if (!state.isOpen) return
    if (state.doomed !== null) {
      fail(state, state.doomed)
      return
    }
    const limits = { bytesMax: settings.outputBytesMax, depthMax: settings.depthMax }
    const output = toOutput(returned, agent.outputSchema !== null, limits)
    if (!output.ok) {
      fail(state, output.failure)
      return
    }
    end(state)
    outbox.succeed(state.task.key, output.text, output.bytes)
  }

  function fail(state: RunningTask, error: AgentFailure): void {
    if (!state.isOpen) return
    end(state)
    outbox.send({ kind: "failed", key: state.task.key, error: state.doomed ?? error })
  }

  function end(state: RunningTask): void {
    state.isOpen = false
    running.delete(state.task.key)
    heartbeats.remove(state.task)
  }

  /** The task has gone wrong behind its own back. It may still settle; after the grace it is ended over its head. */
  function doom(state: RunningTask, error: AgentFailure): void {
    if (state.doomed !== null) return
    state.doomed = error
    state.controller.abort(new DOMException(error.detail, "AbortError"))
    setTimeout(() => {
      if (!state.isOpen) return
      fail(state, error)
      outbox.send({
        kind: "tainted",
        detail: `a task of the agent ${state.task.agent} may still be running after: ${error.detail}`,
      })
    }, settings.uncaughtGraceMs)
  }

  /** Microtasks of `queueMicrotask` have no context; with a single task there is no doubt either. */
  function suspect(): RunningTask | null {
    const known = contexts.getStore()
    if (known !== undefined) return known.isOpen ? known : null
    return running.size === 1 ? ([...running.values()][0] ?? null) : null
  }

  return {
    run(task) {
      waiting.push(task)
      scheduleStart()
    },

    abort(key, cause, reason) {
      outbox.send({ kind: "aborting", key })
      const unstarted = waiting.length
      waiting = waiting.filter((task) => task.key !== key)
      if (waiting.length < unstarted) {
        return outbox.send({ kind: "failed", key, error: failure("transient", "aborted", reason) })
      }
      running.get(key)?.controller.abort(new DOMException(reason, cause === "deadline" ? "TimeoutError" : "AbortError"))
    },

    uncaught(error, origin) {
      const state = suspect()
      const found = toFailure(error, Date.now())
      if (state !== null) return doom(state, found.class === "bug" ? { ...found, code: origin } : found)
      const message = clean(`${origin}: ${found.stack ?? found.detail}`, 16 << 10)
      outbox.log({ kind: "log", key: null, level: "error", message })
    },

    exitCalled(code) {
      const detail = `The agent called process.exit(${clean(code, 50)}). An agent ends by returning or throwing.`
      const state = suspect()
      if (state !== null) doom(state, failure("bug", "process_exit", detail, { stack: new Error(detail).stack }))
      return new Error(detail)
    },

    currentKey: () => contexts.getStore()?.task.key ?? null,
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function"
}
