/** The built program as processes: servers that are stopped again, and command lines with their output. */
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

export const program = fileURLToPath(new URL("../../../dist/waybill.js", import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Running {
  readonly pid: number
  readonly out: () => string
  readonly err: () => string
  /** Resolves when either stream holds it; rejects when the process ends before. */
  said(pattern: RegExp): Promise<RegExpExecArray>
  signal(name: NodeJS.Signals): void
  readonly ended: Promise<Ended>
}

export interface Launch {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

const SAID_WITHIN_MS = 30_000

const children = new Set<ChildProcess>()

/** Ends what a test that failed has left behind. */
export function endAll(): void {
  for (const child of children) child.kill("SIGKILL")
}

export function start(args: readonly string[], { cwd, env = {} }: Launch = {}): Running {
  if (!existsSync(program)) throw new Error("dist/waybill.js is missing: npm run build")
  const { NO_COLOR: _color, WAYBILL_URL: _url, WAYBILL_API_KEY: _key, ...inherited } = process.env
  const child: ChildProcess = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })
  children.add(child)
  let out = ""
  let err = ""
  const looking = new Set<() => void>()
  const look = () => {
    for (const one of looking) one()
  }
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    out += text
    look()
  })
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    err += text
    look()
  })
  const ended = new Promise<Ended>((resolve) =>
    child.on("close", (code) => {
      children.delete(child)
      resolve({ code, out, err })
    }),
  )
  return {
    pid: child.pid!,
    out: () => out,
    err: () => err,
    signal: (name) => void child.kill(name),
    ended,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const done = () => {
          looking.delete(check)
          clearTimeout(late)
        }
        const check = () => {
          const found = pattern.exec(out) ?? pattern.exec(err)
          if (found === null) return
          done()
          resolve(found)
        }
        const never = (why: string) => {
          done()
          reject(new Error(`${why} without saying ${pattern}:\n${out}${err}`))
        }
        const late = setTimeout(() => never(`waited ${SAID_WITHIN_MS / 1000} s`), SAID_WITHIN_MS)
        looking.add(check)
        check()
        void ended.then(({ code }) => never(`it ended with ${code}`))
      }),
  }
}

export function waybill(args: readonly string[], launch: Launch = {}): Promise<Ended> {
  return start(args, launch).ended
}

/** A server on a port of its own that says where it is. */
export async function serve(args: readonly string[], launch: Launch): Promise<Running & { readonly url: string }> {
  const running = start(args, { ...launch, env: { WAYBILL_PORT: "0", ...launch.env } })
  const [, url = ""] = await running.said(/^Waybill is at (http:\S+)$/m)
  return { ...running, url }
}

/** A new folder with these files in it. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "waybill-cli-"))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}
