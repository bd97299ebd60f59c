/** The built server as a real process on a data directory of its own, to be killed, starved and started again. */
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { createClient } from "@waybill/sdk"
import { onTestFinished } from "vitest"

const program = fileURLToPath(new URL("../../dist/waybill.js", import.meta.url))
const environments = fileURLToPath(new URL("./environment", import.meta.url))
const readyWithinMs = 30_000

export interface ServerProcess {
  readonly url: string
  readonly pid: number
  readonly client: ReturnType<typeof createClient>
  readonly output: () => string
  /** SIGKILL, and gone when it returns. */
  kill(): Promise<void>
  /** SIGTERM: drains. Resolves with the exit code. */
  stop(): Promise<number | null>
  /** Resolves with the exit code when it ends by itself. */
  readonly ended: Promise<number | null>
  signal(name: NodeJS.Signals): void
}

/** It stays: what a failed test leaves is looked at. */
export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), "waybill-chaos-"))
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

export interface Launch {
  readonly folder: string
  readonly env?: NodeJS.ProcessEnv
}

export class DidNotStart extends Error {
  readonly code: number | null
  readonly output: string
  constructor(code: number | null, output: string) {
    super(`the server ended with code ${code}:\n${output}`)
    this.code = code
    this.output = output
  }
}

/** Ends with the test at the latest. @throws DidNotStart when it ends before it is ready */
export async function startServer({ folder, env = {} }: Launch): Promise<ServerProcess> {
  if (!existsSync(program)) throw new Error("dist/waybill.js is missing: npm run build")
  const child = spawn(process.execPath, [program, "serve"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      WAYBILL_PORT: "0",
      WAYBILL_DATA_DIR: folder,
      WAYBILL_ENVIRONMENTS_DIR: environments,
      ...env,
    },
  })
  onTestFinished(() => void child.kill("SIGKILL"))
  let output = ""
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text))
  const ended = new Promise<number | null>((resolve) => child.on("close", (code) => resolve(code)))
  const url = await addressOf(child, () => output, ended)
  const client = createClient({ url, timeoutMs: 10_000 })
  return {
    url,
    pid: child.pid!,
    client,
    output: () => output,
    ended,
    async kill() {
      child.kill("SIGKILL")
      await ended
    },
    async stop() {
      child.kill("SIGTERM")
      return ended
    },
    signal: (name) => void child.kill(name),
  }
}

async function addressOf(child: ChildProcess, output: () => string, ended: Promise<number | null>): Promise<string> {
  let over: { code: number | null } | null = null
  void ended.then((code) => (over = { code }))
  const until = Date.now() + readyWithinMs
  for (;;) {
    const address = /Waybill is at (https?:\/\/127\.0\.0\.1:\d+)/.exec(output())?.[1]
    if (address !== undefined && (await answers(address))) return address
    if (over !== null) throw new DidNotStart((over as { code: number | null }).code, output())
    if (Date.now() > until) {
      child.kill("SIGKILL")
      throw new Error(`the server was not ready within ${readyWithinMs} ms:\n${output()}`)
    }
    await delay(10)
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`).then(
    (response) => response.ok,
    () => false,
  )
}
