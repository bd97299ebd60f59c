/**
 * One agent host as the engine's side sees it: its deliveries, their deadlines and graces, and what became of them when
 * it ended. It promises one ending for every delivery it took; a task that never started goes back instead, and runs
 * elsewhere under the same key. It does not choose which host a task gets, and it never reads an agent's file.
 */
import type { AgentCancel, AgentLogLevel, AgentMessage, AgentTask } from "@waybill/engine/ports/agent-host"
import { type AbortCause, decodeFrame, encodeFrame, type FromHost, type ToHost } from "../protocol.ts"
import { failure } from "../worker/failure.ts"
import type { HostEnd, HostLine } from "./host-line.ts"
import { startTimer, type Timer } from "./timer.ts"

export interface WorkerEvents {
  emit(message: AgentMessage): void
  loading(file: string): void
  loaded(set: Extract<FromHost, { kind: "loaded" }>): void
  /** A delivery ended or started: there may be room now. */
  moved(): void
  /** After all endings were emitted; `returned` never started. */
  ended(end: HostEnd | null, returned: readonly AgentTask[]): void
}

export interface WorkerTimes {
  /** Between a deadline's signal and the end of the host. */
  readonly deadlineGraceMs: number
  /** How long a host may take to die; native code that blocks cannot be interrupted. */
  readonly terminateMs: number
}

interface Delivery {
  readonly task: AgentTask
  isStarted: boolean
  deadline: Timer | null
  /** `isShared`: others had begun on the thread by then. */
  abort: { readonly cause: AbortCause; readonly isShared: boolean; isSeen: boolean; grace: Timer } | null
}

/** Why we ended the host ourselves. `isTurning`: its thread still answered, so only the culprit is to blame. */
type Termination =
  | { readonly reason: "host_terminated"; readonly culprit: string; readonly isTurning: boolean }
  | { readonly reason: "drained" }

/**
 * Unstarted tasks that a host may hold: they are stuck when another blocks the thread, so there are few after a pause.
 * The window doubles while they start at once (three turns to full batches) and halves when they wait.
 */
const windowMin = 2
const windowStart = 4
const windowMax = 256
const pauseMs = 100
const promptStartMs = 20
const blockedMs = 50

export class AgentWorker {
  readonly deliveries = new Map<string, Delivery>()
  /** Resolves when nothing of it runs any more, or when it was given up. */
  readonly whenOver: Promise<void>
  private readonly line: HostLine
  private readonly environment: string
  private readonly events: WorkerEvents
  private readonly times: WorkerTimes
  private readonly contracts = new Map<string, { contractHash: string; sourceHash: string }>()
  private outgoing: ToHost[] = []
  private unstarted = 0
  /** Since when something waits to be started, or when the last one did. */
  private unstartedSince = 0
  private window = windowStart
  private isReady = false
  private isRetiring = false
  private isOver = false
  private termination: Termination | null = null
  private lastWait: Timer | null = null
  private tellOver: () => void = () => {}

  constructor(line: HostLine, environment: string, events: WorkerEvents, times: WorkerTimes) {
    this.line = line
    this.environment = environment
    this.events = events
    this.times = times
    this.whenOver = new Promise((resolve) => {
      this.tellOver = resolve
    })
    line.onFrame((frame) => this.receive(frame))
    line.onPrint((level, text) => this.log(null, level, text))
    line.onEnd((end) => this.finish(end))
  }

  /** How many more tasks it takes now. */
  get room(): number {
    return this.isReady && !this.isRetiring && !this.isOver && this.termination === null
      ? this.window - this.unstarted
      : 0
  }

  get isAlive(): boolean {
    return !this.isOver && this.termination === null && !this.isRetiring
  }

  /** Something on its thread does not let the next task start. */
  isBlocked(): boolean {
    return this.unstarted > 0 && performance.now() - this.unstartedSince > blockedMs
  }

  load(message: Extract<ToHost, { kind: "load" }>): void {
    this.post(message)
  }

  run(task: AgentTask): void {
    this.deliveries.set(task.key, { task, isStarted: false, deadline: null, abort: null })
    if (this.unstarted === 0) {
      const now = performance.now()
      if (now - this.unstartedSince > pauseMs) this.window = windowStart
      this.unstartedSince = now
    }
    this.unstarted++
    this.post({ kind: "run", task })
  }

  /** False when the key is not here. */
  cancel({ key, graceMs, reason }: AgentCancel): boolean {
    const delivery = this.deliveries.get(key)
    if (delivery === undefined) return false
    if (delivery.abort === null) this.abort(delivery, "cancel", reason, graceMs)
    else this.shorten(delivery, graceMs)
    return true
  }

  /** Takes no more and ends as soon as it is empty (rule 6). */
  retire(): void {
    this.isRetiring = true
    this.endWhenEmpty()
  }

  /** Ends now; what it still runs is handed back. */
  drain(): void {
    this.terminate({ reason: "drained" })
  }

  private post(message: ToHost): void {
    if (this.outgoing.length === 0) queueMicrotask(() => this.flush())
    this.outgoing.push(message)
  }

  private flush(): void {
    const messages = this.outgoing
    this.outgoing = []
    if (!this.isOver) this.line.post(encodeFrame(messages))
  }

  private receive(frame: string): void {
    if (this.isOver) return
    for (const message of decodeFrame<FromHost>(frame)) this.handle(message)
    this.endWhenEmpty()
  }

  private handle(message: FromHost): void {
    switch (message.kind) {
      case "loading":
        this.events.loading(message.file)
        return
      case "loaded":
        this.ready(message)
        return
      case "started":
        this.started(message.keys)
        return
      case "beats":
        for (const key of message.keys) if (this.deliveries.has(key)) this.events.emit({ kind: "heartbeat", key })
        return
      case "aborting":
        this.abortSeen(message.key)
        return
      case "tainted":
        this.log(null, "warn", `The host takes no more tasks: ${message.detail}`)
        this.isRetiring = true
        return
      case "log":
        if (message.key === null || this.deliveries.has(message.key)) {
          this.events.emit({ ...message, environment: this.environment })
        } else this.log(null, message.level, message.message)
        return
      case "heartbeat":
      case "usage":
      case "attachment":
        if (this.deliveries.has(message.key)) this.events.emit(message)
        return
      case "succeeded":
      case "failed":
        this.ended(message)
        return
    }
  }

  private ready(set: Extract<FromHost, { kind: "loaded" }>): void {
    for (const { name, contractHash, sourceHash } of set.agents) this.contracts.set(name, { contractHash, sourceHash })
    this.isReady = true
    this.events.loaded(set)
  }

  private started(keys: readonly string[]): void {
    for (const key of keys) {
      const delivery = this.deliveries.get(key)
      if (delivery === undefined || delivery.isStarted) continue
      delivery.isStarted = true
      this.unstarted--
      if (delivery.abort?.grace.leftMs() === 0) this.graceOver(delivery)
      const { timeoutMs, agent } = delivery.task
      if (timeoutMs !== null) delivery.deadline = startTimer(timeoutMs, () => this.deadlinePassed(delivery))
      this.events.emit({ kind: "started", key, ...(this.contracts.get(agent) ?? { contractHash: "", sourceHash: "" }) })
    }
    const now = performance.now()
    if (this.unstarted === 0) {
      const isPrompt = now - this.unstartedSince < promptStartMs
      this.window = isPrompt ? Math.min(windowMax, this.window * 2) : Math.max(windowMin, this.window >> 1)
    }
    this.unstartedSince = now
    this.events.moved()
  }

  private deadlinePassed(delivery: Delivery): void {
    if (delivery.abort !== null) return
    const reason = `The task's time of ${delivery.task.timeoutMs} ms is over.`
    this.abort(delivery, "deadline", reason, this.times.deadlineGraceMs)
  }

  private abort(delivery: Delivery, cause: AbortCause, reason: string, graceMs: number): void {
    const { key } = delivery.task
    const isShared = [...this.deliveries.values()].some((other) => other !== delivery && other.isStarted)
    delivery.abort = { cause, isShared, isSeen: false, grace: startTimer(graceMs, () => this.graceOver(delivery)) }
    this.post({ kind: "abort", key, cause, reason })
  }

  /** Asked again with less patience; the first cause stays. */
  private shorten(delivery: Delivery, graceMs: number): void {
    const { abort } = delivery
    if (abort === null || abort.grace.leftMs() <= graceMs) return
    abort.grace.cancel()
    abort.grace = startTimer(graceMs, () => this.graceOver(delivery))
  }

  private abortSeen(key: string): void {
    const delivery = this.deliveries.get(key)
    if (delivery?.abort) delivery.abort.isSeen = true
  }

  private graceOver(delivery: Delivery): void {
    // Nothing of it runs. Who holds the thread before it has its own deadline and heartbeat; ending him would be unjust.
    if (!delivery.isStarted) return
    const { agent, key } = delivery.task
    this.log(null, "warn", `The agent ${agent} did not stop when it was told to: its host is ended.`)
    this.terminate({ reason: "host_terminated", culprit: key, isTurning: delivery.abort?.isSeen ?? false })
  }

  private ended(message: Extract<FromHost, { kind: "succeeded" | "failed" }>): void {
    const delivery = this.deliveries.get(message.key)
    if (delivery === undefined) return
    if (!delivery.isStarted) this.unstarted--
    this.close(delivery)
    this.events.emit(endingOf(message, delivery))
    this.events.moved()
  }

  private close(delivery: Delivery): void {
    this.deliveries.delete(delivery.task.key)
    delivery.deadline?.cancel()
    delivery.abort?.grace.cancel()
  }

  private endWhenEmpty(): void {
    if (this.isRetiring && this.deliveries.size === 0) this.terminate({ reason: "drained" })
  }

  private terminate(termination: Termination): void {
    if (this.isOver || this.termination !== null) return
    this.termination = termination
    this.line.terminate()
    this.lastWait = startTimer(this.times.terminateMs, () => {
      this.log(null, "error", `An agent host did not end within ${this.times.terminateMs} ms; native code may hold it.`)
      this.finish(null)
    })
  }

  private finish(end: HostEnd | null): void {
    if (this.isOver) return
    this.isOver = true
    this.lastWait?.cancel()
    const returned: AgentTask[] = []
    for (const delivery of [...this.deliveries.values()]) {
      this.close(delivery)
      const ending = this.fateOf(delivery, end)
      if (ending === null) returned.push(delivery.task)
      else this.events.emit(ending)
    }
    this.events.ended(this.termination === null ? end : null, returned)
    this.tellOver()
  }

  /** Null: it never started, and nothing speaks against running it elsewhere. */
  private fateOf(delivery: Delivery, end: HostEnd | null): AgentMessage | null {
    const { key } = delivery.task
    if (delivery.abort?.cause === "deadline") return { kind: "failed", key, error: timedOut(delivery.task) }
    if (delivery.abort?.cause === "cancel") {
      return stopped(delivery, "terminated")
    }
    if (!delivery.isStarted) return null
    const termination = this.termination
    if (termination === null) {
      const { reason, detail } = end ?? { reason: "host_crashed" as const, detail: "the host is gone" }
      return { kind: "lost", key, reason, detail, suspect: true }
    }
    if (termination.reason === "drained") {
      return { kind: "lost", key, reason: "drained", detail: "the host was closed", suspect: false }
    }
    const detail = `the host was ended because ${termination.culprit} did not stop`
    return { kind: "lost", key, reason: "host_terminated", detail, suspect: !termination.isTurning }
  }

  private log(key: string | null, level: AgentLogLevel, message: string): void {
    this.events.emit({ kind: "log", key, environment: this.environment, level, message })
  }
}

/** After a deadline every ending is a timeout; after a cancel a success still counts (rule 7), the rest is `stopped`. */
function endingOf(message: Extract<FromHost, { kind: "succeeded" | "failed" }>, delivery: Delivery): AgentMessage {
  const { key } = message
  switch (delivery.abort?.cause) {
    case "deadline":
      return {
        kind: "failed",
        key,
        error: timedOut(delivery.task, message.kind === "failed" ? message.error.detail : null),
      }
    case "cancel":
      if (message.kind === "succeeded") return message
      return stopped(delivery, "signal")
    case undefined:
      return message
  }
}

function stopped({ task, isStarted, abort }: Delivery, how: "signal" | "terminated"): AgentMessage {
  if (!isStarted) return { kind: "stopped", key: task.key, how: "never_started" }
  return { kind: "stopped", key: task.key, how, ...(abort?.isShared && { shared: true }) }
}

function timedOut(task: AgentTask, cause: string | null = null) {
  const detail = `The agent ${task.agent} did not end within ${task.timeoutMs} ms.`
  const more = {
    title: "The agent took too long",
    kind: "timeout" as const,
    ...(cause !== null && { causes: [cause] }),
  }
  return failure("transient", "timeout", detail, more)
}
