/**
 * Starts a host and loads a folder of agents in it. A file whose top-level code hangs, or takes the host with it, is
 * found by the last `loading` that was heard, put aside with a problem, and a new host loads the rest.
 */
import path from "node:path"
import type { AgentMessage, AgentProblem, AgentTask } from "@waybill/engine/ports/agent-host"
import type { LoadedSet } from "../protocol.ts"
import { AgentWorker } from "./agent-worker.ts"
import { type HostEnd, startHostLine } from "./host-line.ts"
import type { HostConfig } from "./options.ts"
import { startTimer, type Timer } from "./timer.ts"

export interface LoadedWorker {
  readonly worker: AgentWorker
  readonly set: LoadedSet
  /** The files put aside, for the next host of the same set. */
  readonly skipped: readonly AgentProblem[]
}

/** What happens to a worker after it was loaded; its owner sets it before the next turn of the loop. */
export interface WorkerOwner {
  moved(): void
  ended(worker: AgentWorker, end: HostEnd | null, returned: readonly AgentTask[]): void
}

export interface StartRequest {
  readonly config: HostConfig
  readonly environment: string
  readonly directory: string
  readonly skipped: readonly AgentProblem[]
  readonly emit: (message: AgentMessage) => void
  readonly owner: () => WorkerOwner | null
  /** Lets a caller that is closing end a host that still loads. */
  readonly onStart: (worker: AgentWorker) => void
}

const startsMax = 3
const skippedMax = 100

type Trial =
  | { readonly kind: "loaded"; readonly worker: AgentWorker; readonly set: LoadedSet }
  | { readonly kind: "stuck"; readonly problem: AgentProblem }
  | { readonly kind: "dead"; readonly detail: string }

/** Rejects when no host can be started at all, or when it was closed meanwhile. */
export async function startWorker(request: StartRequest): Promise<LoadedWorker> {
  const skipped = [...request.skipped]
  for (let starts = 1; ; ) {
    const trial = await tryToLoad(request, skipped)
    switch (trial.kind) {
      case "loaded":
        return { worker: trial.worker, set: trial.set, skipped }
      case "stuck":
        skipped.push(trial.problem)
        if (skipped.length > skippedMax) throw new Error(`More than ${skippedMax} agent files cannot be loaded.`)
        break
      case "dead":
        if (starts++ >= startsMax) throw new Error(`No agent host can be started: ${trial.detail}`)
    }
  }
}

function tryToLoad(request: StartRequest, skip: readonly AgentProblem[]): Promise<Trial> {
  const { config, environment, directory } = request
  return new Promise((resolve) => {
    let file: string | null = null
    let isLoaded = false
    let problem: AgentProblem | null = null
    const startTimeout = () => startTimer(config.loadMs, tooLong)
    let timer: Timer = startTimeout()
    const line = startHostLine({
      isolation: config.isolation,
      entry: config.entry,
      env: config.env,
      heapMb: config.heapMb,
      settings: {
        outputBytesMax: config.outputBytesMax,
        depthMax: config.depthMax,
        attachmentBytesMax: config.attachmentBytesMax,
        attachmentsMax: config.attachmentsMax,
        uncaughtGraceMs: config.uncaughtGraceMs,
      },
    })
    const worker = new AgentWorker(
      line,
      environment,
      {
        emit: request.emit,
        loading(next) {
          file = next
          timer.cancel()
          timer = startTimeout()
        },
        loaded(set) {
          isLoaded = true
          timer.cancel()
          resolve({ kind: "loaded", worker, set })
        },
        moved: () => request.owner()?.moved(),
        ended(end, returned) {
          timer.cancel()
          if (isLoaded) return request.owner()?.ended(worker, end, returned)
          const detail = end?.detail ?? "it was closed"
          if (problem === null && file !== null && end !== null) {
            problem = problemOf(environment, file, "agent_load_failed", `Its top-level code ended the host: ${detail}.`)
          }
          resolve(problem === null ? { kind: "dead", detail } : { kind: "stuck", problem })
        },
      },
      { deadlineGraceMs: config.deadlineGraceMs, terminateMs: config.terminateMs },
    )
    request.onStart(worker)
    worker.load({ kind: "load", environment, directory, skip })

    function tooLong(): void {
      const message = `Its top-level code did not end within ${config.loadMs} ms.`
      if (file !== null) problem = problemOf(environment, file, "agent_load_timeout", message)
      worker.drain()
    }
  })
}

function problemOf(environment: string, file: string, code: string, message: string): AgentProblem {
  return { environment, file, line: null, column: null, code, message: `${path.basename(file)}: ${message}` }
}
