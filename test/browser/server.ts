/**
 * The built server as a process of its own, on a free port and a folder of its own, with the workflows of
 * `environment/`. Ended with whoever started it, however that one ends.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Run, StartRun } from "@waybill/contract"
import { type Client, createClient } from "@waybill/sdk"
import { startServer as startProcess } from "../../scripts/demo/server.mjs"

export interface TestServer {
  readonly url: string
  readonly api: Client
  /** Starts a run of the real engine and waits until it has ended, or stands where it waits for somebody. */
  run(workflowId: string, input?: StartRun["input"], more?: Partial<StartRun>): Promise<Run>
  /** Starts a run and waits for nothing. */
  start(workflowId: string, input?: StartRun["input"], more?: Partial<StartRun>): Promise<Run>
  stop(): Promise<void>
}

export interface ServerSetup {
  /** Variables of the server, as WAYBILL_AUTH. */
  readonly env?: NodeJS.ProcessEnv
  /** For the SDK, where the server wants a key. */
  readonly apiKey?: string
}

const environments = fileURLToPath(new URL("./environment", import.meta.url))
const WAIT_SECONDS = 20

export async function startServer({ env = {}, apiKey }: ServerSetup = {}): Promise<TestServer> {
  const data = mkdtempSync(join(tmpdir(), "waybill-browser-"))
  const server = await startProcess({
    port: "0",
    data,
    env: { ...process.env, WAYBILL_ENVIRONMENTS_DIR: environments, ...env },
  })
  const end = () => {
    if (server.pid !== undefined) endNow(server.pid)
  }
  process.once("exit", end)
  const api = createClient({ url: server.url, ...(apiKey !== undefined && { apiKey }) })
  const start: TestServer["start"] = (workflowId, input = {}, more = {}) =>
    api.runs.start({ workflowId, input, ...more })
  return {
    url: server.url,
    api,
    start,
    run: async (...asked) => untilItRests(api, (await start(...asked)).runId),
    async stop() {
      await server.stop()
      process.off("exit", end)
      rmSync(data, { recursive: true, force: true })
    },
  }
}

const resting = new Set([
  "COMPLETED",
  "FAILED",
  "CANCELLED",
  "TIMED_OUT",
  "WAITING_APPROVAL",
  "WAITING_SIGNAL",
  "PAUSED",
])

async function untilItRests(api: Client, runId: string): Promise<Run> {
  for await (const _event of api.runs.stream(runId, { signal: AbortSignal.timeout(WAIT_SECONDS * 1000) })) {
    const run = await api.runs.get(runId)
    if (resting.has(run.status)) return run
  }
  return api.runs.get(runId)
}

function endNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL")
  } catch {
    // It has ended by itself.
  }
}
