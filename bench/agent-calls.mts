/**
 * What does a call of a code agent cost by itself? Trivial agents through the port, without engine and store: calls a
 * second, CPU of both ends, and the part that the engine's thread pays. `-- --scale 0.1` makes a tenth of the calls.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { cpus, tmpdir } from "node:os"
import { join } from "node:path"
import { agentEnvironment, createAgentHost } from "@waybill/agents"
import { type AgentTask, agentTaskKey, isAgentEnding } from "@waybill/engine/ports/agent-host"
import { benchOptions } from "./lib/options.ts"

interface Line {
  readonly isolation: "thread" | "process"
  readonly hosts: number
  readonly inFlight: number
  readonly "calls/s": number
  /** Of a child process only this end is counted. */
  readonly "CPU µs/call": number
  readonly "engine's thread µs/call": number
}

const calls = benchOptions().scaled(20_000)
const directory = mkdtempSync(join(tmpdir(), "waybill-bench-"))
writeFileSync(join(directory, "noop.agent.js"), "export default { run: async (input) => ({ ok: true, n: input.n }) }")

const lines: Line[] = []
for (const isolation of ["thread", "process"] as const) {
  for (const hosts of [1, 2]) {
    for (const inFlight of [1, 16, 64, 512]) lines.push(await measure(isolation, hosts, inFlight))
  }
}
rmSync(directory, { recursive: true })
console.log(`${cpus().length} cores, ${calls} calls a line`)
console.table(lines)

async function measure(isolation: "thread" | "process", hosts: number, inFlight: number): Promise<Line> {
  const host = createAgentHost({ env: agentEnvironment(process.env), isolation, hostsMax: hosts })
  await host.load("default", directory)
  let sent = 0
  let ended = 0
  const send = (count: number): void => {
    const tasks: AgentTask[] = []
    while (tasks.length < count && sent < calls) tasks.push(task(sent++))
    if (tasks.length > 0) host.dispatch(tasks)
  }
  const done = new Promise<void>((resolve, reject) =>
    host.onMessages((messages) => {
      const endings = messages.filter(isAgentEnding)
      const bad = endings.find((ending) => ending.kind !== "succeeded")
      if (bad !== undefined) reject(new Error(`${bad.key}: ${bad.kind}`))
      ended += endings.length
      if (ended === calls) resolve()
      else send(endings.length)
    }),
  )
  const [cpu, loop, startedAt] = [process.cpuUsage(), performance.eventLoopUtilization(), performance.now()]
  send(inFlight)
  await done
  const ms = performance.now() - startedAt
  const { user, system } = process.cpuUsage(cpu)
  const { active } = performance.eventLoopUtilization(loop)
  await host.close(1_000)
  return {
    isolation,
    hosts,
    inFlight,
    "calls/s": Math.round((calls / ms) * 1_000),
    "CPU µs/call": round((user + system) / calls),
    "engine's thread µs/call": round((active * 1_000) / calls),
  }
}

function task(n: number): AgentTask {
  const stepId = `step_${String(n).padStart(26, "0")}`
  return {
    key: agentTaskKey(stepId, 1, 1),
    runId: "run_00000000000000000000000000",
    workspaceId: "default",
    workflowId: "work",
    stepId,
    attempt: 1,
    fence: 1,
    agent: "noop",
    environment: "default",
    contractHash: null,
    agentRunId: `agr_${n}`,
    task: null,
    input: { n, namespace: "production", note: "a small input as steps have it" },
    idempotencyKey: `run_0/${stepId}/1`,
    effectKey: stepId,
    timeoutMs: 30_000,
    heartbeatMs: 10_000,
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
