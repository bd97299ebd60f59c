/** `npm start` as a process of its own, with what it says. Ended with everything it started, whatever the test does. */
import { spawn } from "node:child_process"
import { ROOT } from "../../scripts/setup/root.mjs"

export interface Started {
  readonly pid: number
  readonly output: () => string
  /** The first match in what was said until now or later; rejects when the process ends without it. */
  readonly said: (pattern: RegExp) => Promise<RegExpExecArray>
  readonly ended: Promise<number | null>
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>
}

export function npmStart(args: readonly string[], env: NodeJS.ProcessEnv = {}): Started {
  const child = spawn(process.execPath, ["scripts/start.mjs", ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  })
  let output = ""
  let isOver = false
  const waiting = new Set<() => void>()
  const news = () => {
    for (const look of waiting) look()
  }
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text
      news()
    })
  }
  const ended = new Promise<number | null>((resolve) => {
    child.on("close", (code) => {
      isOver = true
      resolve(code)
      news()
    })
  })
  const said = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output)
        if (match === null && !isOver) return
        waiting.delete(look)
        if (match !== null) resolve(match)
        else reject(new Error(`it ended without ${pattern}:\n${output}`))
      }
      waiting.add(look)
      look()
    })
  const stop = (signal: NodeJS.Signals = "SIGTERM") => {
    if (!isOver) child.kill(signal)
    return ended
  }
  return { pid: child.pid ?? 0, output: () => output, said, ended, stop }
}
