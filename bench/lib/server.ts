/** The built server as a process of its own: for what is asked over HTTP, killed, or started cold. */
import { type ChildProcess, spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { Agent, request as httpRequest } from "node:http"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { SERVER_FLAGS } from "../../scripts/setup/server-flags.mjs"

/** Beside the benches' own bundles, and from the same sources; the pages lie beside the product's own. */
const ownProgram = fileURLToPath(new URL("./waybill.js", import.meta.url))
const readyWithinMs = 60_000

export interface ServerProcess {
  readonly url: string
  readonly pid: number
  /** From the start of the process to the first `GET /readyz` that says yes. */
  readonly readyMs: number
  /** SIGKILL, and gone when it returns. */
  kill(): Promise<void>
  /** SIGTERM: drains. */
  stop(): Promise<void>
}

export async function startProcess(
  folder: string,
  port: number,
  env: NodeJS.ProcessEnv = {},
  program = ownProgram,
): Promise<ServerProcess> {
  const at = performance.now()
  const child = spawn(process.execPath, [...SERVER_FLAGS, program, "serve"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      WAYBILL_PORT: String(port),
      WAYBILL_DATA_DIR: join(folder, "data"),
      WAYBILL_ENVIRONMENTS_DIR: join(folder, "environments"),
      WAYBILL_LOG_LEVEL: "error",
      ...env,
    },
  })
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()))
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await ended
  }
  const url = `http://127.0.0.1:${port}`
  try {
    await untilReady(url, child, at)
  } catch (error) {
    await end("SIGKILL")
    throw error
  }
  const readyMs = performance.now() - at
  return { url, pid: child.pid!, readyMs, kill: () => end("SIGKILL"), stop: () => end("SIGTERM") }
}

/** Asked every 2 ms at most: what is not listening answers at once. */
async function untilReady(url: string, child: ChildProcess, from: number): Promise<void> {
  while (performance.now() - from < readyWithinMs) {
    if (child.exitCode !== null) throw new Error(`the server ended with code ${child.exitCode}`)
    const answer = await fetch(`${url}/readyz`).catch(() => null)
    await answer?.arrayBuffer()
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  throw new Error(`the server was not ready within ${readyWithinMs} ms`)
}

/** User and system time of a process since it began, its threads included (Linux: 100 ticks a second). */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  return (Number(fields[11]) + Number(fields[12])) * 10
}

export interface Answer {
  readonly status: number
  readonly text: string
}

/** A client that costs little itself: kept connections, and bodies that are parsed only when somebody looks. */
export class HttpClient {
  readonly #agent: Agent
  readonly #url: URL

  constructor(url: string, connections: number) {
    this.#url = new URL(url)
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: "lifo" })
  }

  /** Starts a run and answers with its status when it has ended (`?wait`). */
  async complete(workflowId: string, input: object): Promise<void> {
    const body = JSON.stringify({ workflowId, input })
    const { status, text } = await this.post("/api/v1/workflow-runs?wait=30", body)
    if (status >= 300 || !text.includes('"COMPLETED"'))
      throw new Error(`${workflowId}: ${status} ${text.slice(0, 500)}`)
  }

  /** How many runs have one of these statuses. */
  async count(status: string): Promise<number> {
    const { status: code, text } = await this.#send("GET", `/api/v1/workflow-runs?limit=1&status=${status}`, "")
    const page = JSON.parse(text) as { readonly total?: { readonly value: number } }
    if (code !== 200 || page.total === undefined) throw new Error(`counting ${status}: ${code} ${text.slice(0, 500)}`)
    return page.total.value
  }

  /** @param path from `/`; an answer that is no success is the asker's to judge */
  get(path: string): Promise<Answer> {
    return this.#send("GET", path, "")
  }

  /** The same with a body. */
  post(path: string, body: string): Promise<Answer> {
    return this.#send("POST", path, body)
  }

  /** @throws when the answer is no success */
  async ask<T>(path: string, method = "GET", body: object | null = null): Promise<T> {
    const { status, text } = await this.#send(method, path, body === null ? "" : JSON.stringify(body))
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text.slice(0, 500)}`)
    return JSON.parse(text) as T
  }

  close(): void {
    this.#agent.destroy()
  }

  #send(method: string, path: string, body: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers =
        body === "" ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }
      const { hostname, port } = this.#url
      const sent = httpRequest({ agent: this.#agent, method, hostname, port, path, headers }, (answer) => {
        const chunks: Buffer[] = []
        answer.on("data", (chunk: Buffer) => chunks.push(chunk))
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
        answer.on("error", reject)
      })
      sent.on("error", reject)
      sent.end(body)
    })
  }
}

/** A port of this machine that nobody listens on now. */
export async function freePort(): Promise<number> {
  const { createServer } = await import("node:net")
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on("error", reject)
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address()
      probe.close(() =>
        typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no port")),
      )
    })
  })
}
