/**
 * For this package's tests: agents in a folder of their own, a real agent host over it, and a way to wait for what it
 * says. Nothing here sleeps: a wait ends with the message it is for, or with the test's own time limit.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import type { Json } from "@waybill/engine/core/json"
import {
  type AgentEndingKind,
  type AgentHost,
  type AgentMessage,
  type AgentTask,
  agentTaskKey,
  isAgentEnding,
} from "@waybill/engine/ports/agent-host"
import { createAgentHost } from "../agent-host.ts"
import { type AgentHostOptions, agentEnvironment } from "../host/options.ts"

export type Ending = Extract<AgentMessage, { kind: AgentEndingKind }>

export interface Harness {
  readonly host: AgentHost
  readonly directory: string
  readonly messages: readonly AgentMessage[]
  write(files: Readonly<Record<string, string>>): void
  remove(file: string): void
  /** Loads the folder as environment `default`. */
  load(): ReturnType<AgentHost["load"]>
  /** Dispatches one task and returns its key. */
  dispatch(agent: string, input?: Json, more?: Partial<AgentTask>): string
  ending(key: string): Promise<Ending>
  call(agent: string, input?: Json, more?: Partial<AgentTask>): Promise<Ending>
  /** The first message, past or future, that fits. */
  until<M extends AgentMessage>(fits: (message: AgentMessage) => message is M): Promise<M>
  until(fits: (message: AgentMessage) => boolean): Promise<AgentMessage>
  /** What was printed or logged for a key. */
  logs(key: string | null): string[]
  close(): Promise<void>
}

export function createHarness(
  files: Readonly<Record<string, string>>,
  options: Partial<AgentHostOptions> = {},
): Harness {
  const directory = mkdtempSync(path.join(tmpdir(), "waybill-agents-"))
  const host = createAgentHost({
    env: agentEnvironment(process.env),
    hostsMax: 1,
    heapMb: 128,
    deadlineGraceMs: 50,
    uncaughtGraceMs: 20,
    ...options,
  })
  const messages: AgentMessage[] = []
  let waiters: { fits: (message: AgentMessage) => boolean; resolve: (message: AgentMessage) => void }[] = []
  let steps = 0

  host.onMessages((batch) => {
    messages.push(...batch)
    for (const message of batch) {
      for (const waiter of waiters) if (waiter.fits(message)) waiter.resolve(message)
      waiters = waiters.filter((waiter) => !waiter.fits(message))
    }
  })

  function write(more: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(more)) {
      const file = path.join(directory, name)
      mkdirSync(path.dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
  }

  function until(fits: (message: AgentMessage) => boolean): Promise<AgentMessage> {
    const past = messages.find(fits)
    if (past !== undefined) return Promise.resolve(past)
    return new Promise((resolve) => waiters.push({ fits, resolve }))
  }

  const ending = (key: string) => until((message) => message.key === key && isAgentEnding(message)) as Promise<Ending>

  function dispatch(agent: string, input: Json = {}, more: Partial<AgentTask> = {}): string {
    const task = makeTask(agent, input, `step_${++steps}`, more)
    host.dispatch([task])
    return task.key
  }

  write(files)
  return {
    host,
    directory,
    messages,
    write,
    remove: (file) => rmSync(path.join(directory, file)),
    load: () => host.load("default", directory),
    dispatch,
    ending,
    call: (agent, input, more) => ending(dispatch(agent, input, more)),
    until: until as Harness["until"],
    logs: (key) =>
      messages.flatMap((message) => (message.kind === "log" && message.key === key ? [message.message] : [])),
    async close() {
      await host.close(0)
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

export function makeTask(agent: string, input: Json, stepId: string, more: Partial<AgentTask> = {}): AgentTask {
  const attempt = more.attempt ?? 1
  const fence = more.fence ?? 1
  return {
    key: agentTaskKey(stepId, attempt, fence),
    runId: "run_1",
    workspaceId: "default",
    workflowId: "work",
    stepId,
    attempt,
    fence,
    agent,
    environment: "default",
    contractHash: null,
    agentRunId: `agr_${stepId}`,
    task: null,
    input,
    idempotencyKey: `run_1:${stepId}:${attempt}`,
    effectKey: stepId,
    timeoutMs: null,
    heartbeatMs: null,
    ...more,
  }
}
