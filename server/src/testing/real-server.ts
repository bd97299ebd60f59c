/** A whole server on a folder of its own: real store, real agents, real HTTP. For tests of what crosses all of it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { loadConfig, type Settings } from "../config.ts"
import { openLog } from "../log.ts"
import { type RunningServer, startServer } from "../main.ts"

export interface Place {
  readonly folder: string
  /** Writes `environments/default/<file>`. */
  write(file: string, text: string): void
  /** `lines`: what the server logs. */
  start(
    overrides?: Partial<Settings>,
    env?: Readonly<Record<string, string>>,
  ): Promise<RunningServer & { readonly lines: string[] }>
  remove(): void
}

export function place(): Place {
  const folder = mkdtempSync(join(tmpdir(), "waybill-server-"))
  const environment = join(folder, "environments", "default")
  for (const part of ["agents", "workflows"]) mkdirSync(join(environment, part), { recursive: true })
  return {
    folder,
    write: (file, text) => writeFileSync(join(environment, file), text),
    async start(overrides = {}, env = {}) {
      const lines: string[] = []
      const config = loadConfig({
        env: { WAYBILL_PORT: "0", ...env },
        directory: folder,
        overrides: { drainMs: 500, ...overrides },
      })
      const logger = openLog("info", { write: (line: string) => lines.push(line) })
      return { ...(await startServer(config, { env, logger })), lines }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: never
}

export async function ask(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const isText = typeof body === "string"
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      ...(body !== undefined && { "content-type": isText ? "application/yaml" : "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: (text === "" ? null : JSON.parse(text)) as never }
}
