/**
 * Starts the thread or the child process of an agent host and carries frames to and fro. It knows nothing of tasks; it
 * tells how the host ended, once, after the last frame.
 */
import { fork } from "node:child_process"
import type { Readable } from "node:stream"
import { fileURLToPath } from "node:url"
import { Worker } from "node:worker_threads"
import { cutShort } from "@waybill/engine/core/policy/redaction/cut-short"
import type { AgentLossReason } from "@waybill/engine/ports/agent-host"
import type { FrameChannel, HostSettings } from "../protocol.ts"

export interface HostEnd {
  readonly reason: Extract<AgentLossReason, "out_of_memory" | "host_crashed">
  readonly detail: string
}

export interface HostLine extends FrameChannel {
  onEnd(listener: (end: HostEnd) => void): void
  /** What was written past the host's own capture: by native code, or by a process as it dies. */
  onPrint(listener: (level: "info" | "warn", text: string) => void): void
  terminate(): void
}

export interface HostLineOptions {
  readonly isolation: "thread" | "process"
  readonly entry: URL
  /** The environment variables that agents see; nothing is added. */
  readonly env: Readonly<Record<string, string>>
  /** Old-generation heap, in MiB. Buffers lie outside of it. */
  readonly heapMb: number
  readonly settings: HostSettings
}

export function startHostLine(options: HostLineOptions): HostLine {
  return options.isolation === "thread" ? startThread(options) : startProcess(options)
}

function startThread({ entry, env, heapMb, settings }: HostLineOptions): HostLine {
  const worker = new Worker(entry, {
    workerData: settings,
    env: { ...env },
    argv: [],
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  })
  let cause: Error | null = null
  worker.on("error", (error: Error) => {
    cause = error
  })
  return {
    post: (frame) => worker.postMessage(frame),
    onFrame: (listener) => worker.on("message", listener),
    onPrint: (listener) => capture(worker.stdout, worker.stderr, listener),
    onEnd: (listener) => worker.once("exit", (code) => listener(endOfThread(cause, code))),
    terminate: () => void worker.terminate(),
  }
}

function endOfThread(cause: Error | null, code: number): HostEnd {
  if (cause === null) return { reason: "host_crashed", detail: `the thread ended with code ${code}` }
  const isMemory = "code" in cause && cause.code === "ERR_WORKER_OUT_OF_MEMORY"
  return { reason: isMemory ? "out_of_memory" : "host_crashed", detail: cause.message }
}

function startProcess({ entry, env, heapMb, settings }: HostLineOptions): HostLine {
  const child = fork(fileURLToPath(entry), [`--waybill-agent-host=${JSON.stringify(settings)}`], {
    env: { ...env },
    execArgv: [`--max-old-space-size=${heapMb}`],
    // One text a frame: v8's own format writes it as it is, JSON would escape it all again.
    serialization: "advanced",
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // Ctrl-C at a terminal goes to the whole group; the server drains, its hosts must live until then.
    detached: true,
  })
  let lastWords = ""
  child.stderr?.on("data", (chunk) => {
    lastWords = (lastWords + String(chunk)).slice(-4_000)
  })
  let failure: Error | null = null
  child.on("error", (error) => {
    failure = error
  })
  return {
    post: (frame) => void (child.connected && child.send(frame)),
    onFrame: (listener) => child.on("message", (frame) => listener(String(frame))),
    onPrint: (listener) => capture(child.stdout, child.stderr, listener),
    onEnd(listener) {
      let isTold = false
      const tell = (end: HostEnd) => {
        if (!isTold) listener(end)
        isTold = true
      }
      // `close` comes after the pipes are read to their end, `error` alone when no process was ever made.
      child.once("close", (code, signal) => tell(endOfProcess(failure, code, signal, lastWords)))
      child.once("error", (error) => child.pid === undefined && tell({ reason: "host_crashed", detail: error.message }))
    },
    terminate: () => void child.kill("SIGKILL"),
  }
}

function endOfProcess(failure: Error | null, code: number | null, signal: string | null, lastWords: string): HostEnd {
  if (/heap out of memory|Allocation failed/.test(lastWords)) {
    return { reason: "out_of_memory", detail: "the process reached its memory limit" }
  }
  const how = signal === null ? `with code ${code}` : `by ${signal}`
  return { reason: "host_crashed", detail: failure?.message ?? `the process ended ${how}` }
}

function capture(
  stdout: Readable | null,
  stderr: Readable | null,
  listener: (level: "info" | "warn", text: string) => void,
): void {
  stdout?.on("data", (chunk) => listener("info", cutShort(String(chunk), 16 << 10)))
  stderr?.on("data", (chunk) => listener("warn", cutShort(String(chunk), 16 << 10)))
}
