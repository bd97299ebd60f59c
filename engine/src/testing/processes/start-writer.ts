/** Starts the process that writes to a data directory, and follows what it says. */
import { type ChildProcess, spawn } from "node:child_process"
import { createRequire } from "node:module"
import { createInterface } from "node:readline"
import { fileURLToPath, pathToFileURL } from "node:url"

export interface WriterProcess {
  readonly child: ChildProcess
  readonly lines: string[]
  /** Fulfilled with true when it has said so many lines, with false when it ended before. */
  said(lines: number): Promise<boolean>
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>
  kill(): void
}

export interface WriterOptions {
  readonly batches?: number
  readonly uid?: number
  /** A shell's prelude, such as a limit. */
  readonly prelude?: string
}

export function startWriter(folder: string, name: string, options: WriterOptions = {}): WriterProcess {
  const { uid, prelude } = options
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href
  const script = fileURLToPath(new URL("./store-writer.ts", import.meta.url))
  const args = [
    "--import",
    loader,
    script,
    folder,
    name,
    String(options.batches ?? 1_000_000),
    ...(uid === undefined ? [] : [String(uid)]),
  ]
  const settings = { stdio: ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"] }
  const child =
    prelude === undefined
      ? spawn(process.execPath, args, settings)
      : spawn("bash", ["-c", `${prelude}; exec "$0" "$@"`, process.execPath, ...args], settings)
  const lines: string[] = []
  let wake: () => void = () => {}
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line)
    wake()
  })
  let errors = ""
  child.stderr.on("data", (text) => {
    errors += String(text)
  })
  let over = false
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on("close", (code, signal) => {
      over = true
      if (errors !== "") lines.push(`stderr: ${errors.slice(0, 2_000)}`)
      wake()
      resolve({ code, signal })
    })
  })
  const said = async (wanted: number): Promise<boolean> => {
    while (lines.length < wanted && !over) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    return lines.length >= wanted
  }
  return { child, lines, said, ended, kill: () => child.kill("SIGKILL") }
}
