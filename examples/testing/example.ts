/** For the example's tests: a really started example in a folder of its own, and the context that an agent is given. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { AgentContext } from "../environments/default/agents/lib/agent.ts"
import { type Example, type ExampleOptions, startExample } from "../start.mjs"

export interface TestExample extends Example {
  readonly lines: readonly string[]
}

/** Starts the example and points agents at it; `stop` also removes its folder. */
export async function startTestExample(options: ExampleOptions = {}): Promise<TestExample> {
  const directory = await mkdtemp(join(tmpdir(), "waybill-example-"))
  const lines: string[] = []
  const example = await startExample({ directory, log: (line) => lines.push(line), ...options })
  process.env.EXAMPLE_STATE_FILE = example.stateFile
  return {
    ...example,
    lines,
    async stop() {
      await example.stop()
      delete process.env.EXAMPLE_STATE_FILE
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** The context of a first attempt; two calls with the same step have the same keys, as two deliveries have. */
export function contextOf(stepId: string, own: Partial<AgentContext> = {}): AgentContext {
  return {
    task: "a test",
    runId: "run_test",
    stepId,
    attempt: 1,
    idempotencyKey: `run_test/${stepId}/1`,
    effectKey: stepId,
    signal: new AbortController().signal,
    heartbeat: () => {},
    log: { info: () => {}, warn: () => {} },
    usage: () => {},
    ...own,
  }
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
