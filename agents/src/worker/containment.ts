/**
 * What user code must not do to its host: end the process, print past the log, or fail outside of its own promise.
 * Each is traced to the task whose asynchronous context it happened in; what has no context is told to the host.
 * This contains accidents. It is no sandbox: code that means harm belongs in `isolation: "process"` under another user.
 */
import { syncBuiltinESMExports } from "node:module"
import { StringDecoder } from "node:string_decoder"
import { cutShort } from "@waybill/engine/core/policy/redaction/cut-short"
import type { AgentLogLevel } from "@waybill/engine/ports/agent-host"

export interface Containment {
  /** `code` as given to `process.exit`. The call that asked is thrown out of by the returned error. */
  onExit(code: string): Error
  onUncaught(error: unknown, origin: "uncaught_exception" | "unhandled_rejection"): void
  onPrint(level: AgentLogLevel, line: string): void
}

const lineCharsMax = 16 << 10

/** Installed once for the life of the host; before any user code is loaded. */
export function contain(handlers: Containment): void {
  const refuse = (what: string) => (): never => {
    throw new Error(`${what} is not available to an agent`)
  }
  const exit = (code?: number | string | null): never => {
    throw handlers.onExit(String(code ?? process.exitCode ?? 0))
  }
  const kill = process.kill.bind(process)
  Object.assign(process, {
    exit,
    reallyExit: exit,
    abort: refuse("process.abort"),
    chdir: refuse("process.chdir"),
    kill: (pid: number, signal?: string | number) => {
      // 0 and negative ids name process groups, this one among them.
      if (pid === process.pid || pid <= 0) refuse("process.kill of the host")()
      return kill(pid, signal)
    },
  })
  // Named imports (`import { exit } from "node:process"`) are copies.
  syncBuiltinESMExports()
  process.on("uncaughtException", (error) => handlers.onUncaught(error, "uncaught_exception"))
  process.on("unhandledRejection", (error) => handlers.onUncaught(error, "unhandled_rejection"))
  process.stdout.write = printer("info", handlers.onPrint)
  process.stderr.write = printer("warn", handlers.onPrint)
}

/**
 * A stand-in for `stream.write` that hands on whole lines; the rest of a line waits for its end, up to a bound. Behind one
 * that did not end in time what follows is the other half of a piece of which the first half went: it goes, too.
 */
export function printer(level: AgentLogLevel, onPrint: Containment["onPrint"]): NodeJS.WriteStream["write"] {
  const decoder = new StringDecoder("utf8")
  let rest = ""
  let isInside = false
  return (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
    rest += typeof chunk === "string" ? chunk : decoder.write(Buffer.from(chunk))
    if (isInside) {
      const gap = rest.search(/[\s"'`<>{}[\]]/)
      isInside = gap === -1
      rest = isInside ? "" : rest.slice(gap)
    }
    const lines = rest.split("\n")
    rest = lines.pop() ?? ""
    if (rest.length > lineCharsMax) {
      lines.push(rest)
      rest = ""
      isInside = true
    }
    for (const line of lines) if (line !== "") onPrint(level, cutShort(line, lineCharsMax))
    const callback = typeof encoding === "function" ? encoding : done
    if (typeof callback === "function") queueMicrotask(() => callback())
    return true
  }
}
