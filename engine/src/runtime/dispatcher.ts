/**
 * Hands scheduled attempts to executors and brings back how they ended (rules 5, 6, 19). It owns the slots, the queue
 * of those that wait for one, and the deliveries that are out, with their deadlines on the monotonic clock.
 * It never moves a run: all it learns becomes a command. It forgets everything at a crash; recovery tells it again.
 */
import type { Command } from "../core/run/commands.ts"
import type { ExecuteEffect } from "../core/run/effects.ts"
import type { Usage } from "../core/run/events.ts"
import {
  type AgentCancel,
  type AgentHost,
  type AgentMessage,
  type AgentTask,
  type AgentTaskKey,
  agentTaskKey,
} from "../ports/agent-host.ts"
import type { Clock } from "../ports/clock.ts"
import type { StepLogs } from "../ports/step-logs.ts"
import { agentAt } from "./agent-name.ts"
import { failedOutcome, overdueOutcome } from "./delivery-failure.ts"
import { FairQueue, type Gate, type QueuedStep } from "./fair-queue.ts"
import { type SlotLimits, type SlotOwner, Slots, slotOwner } from "./slots.ts"

/** What the dispatcher needs to know of the run that a step belongs to. */
export interface RunPlace {
  readonly runId: string
  readonly workspaceId: string
  readonly workflowId: string
  readonly environment: string
  readonly traceId: string
}

export interface DispatcherPorts {
  readonly clock: Clock
  readonly host: AgentHost
  readonly logs: StepLogs
  /** How a delivery ended, or that a waiting attempt has its slot. `done` once it is durable or was not wanted. */
  submit(place: RunPlace, command: Command, done: (taken: boolean) => void): void
  /** Its delivery ended: the run may leave memory if nothing else holds it. */
  ended(runId: string): void
}

export interface DispatcherLimits extends SlotLimits {
  /**
   * How often a host says that it is alive, in milliseconds, where the author says nothing (settled 13): without it an
   * agent that loops for ever, and has no timeout either, would hold its host from everybody for ever.
   */
  readonly heartbeatMs: number
  /** How many missed heartbeats make a delivery dead (settled 13: 30 s of 10 s). */
  readonly heartbeatsMissed: number
  /** Given to an executor over its own deadline before the engine stops waiting for it. */
  readonly graceMs: number
}

interface Waiting extends QueuedStep {
  readonly owner: SlotOwner
  readonly place: RunPlace
  readonly environment: string
  readonly agent: string
  readonly contractHash: string | null
}

interface Delivery {
  readonly owner: SlotOwner
  readonly key: AgentTaskKey
  readonly place: RunPlace
  readonly stepId: string
  readonly attempt: number
  readonly fence: number
  readonly timeoutMs: number | null
  readonly heartbeatMs: number | null
  readonly usage: { tokens: number; computeMs: number; costUsd: number }
  used: boolean
  /** Before that it may wait inside its host, silently. */
  started: boolean
  /** Monotonic times: of the last sign of life, of the attempt's end, of the engine's patience after an abort. */
  lastSign: number
  endsAt: number
  patienceUntil: number
  /** Why the engine gave it up, while the host still has to say that it is gone. */
  overdue: "attempt" | "heartbeat" | null
  /** The run has been told; a later ending only frees the slot. */
  told: boolean
  aborted: boolean
}

interface AgentQueue {
  readonly environment: string
  readonly agent: string
  readonly steps: FairQueue
  /** Until the environment's agents are loaded for the first time nobody can say that one is missing. */
  readonly early: Map<string, Waiting>
}

/** A step whose agent is not there (rule 21). */
interface Awaited {
  readonly place: RunPlace
  readonly stepId: string
  readonly environment: string
  readonly agent: string
  readonly contractHash: string | null
}

/** How often deadlines of deliveries are looked at. */
const lookEveryMs = 1_000

/** How long a step waits for the first load of its environment before its agent is called missing. */
const firstLoadMs = 30_000

/** Steps that are remembered as dangerous; one that is never delivered again is forgotten in time. */
const aloneMax = 10_000

export class Dispatcher {
  readonly #ports: DispatcherPorts
  readonly #limits: DispatcherLimits
  readonly #slots: Slots
  /** Who of those that wait may have a slot now. */
  readonly #gate: Gate = {
    workspace: (workspaceId) => this.#slots.freeIn(workspaceId),
    run: (step) => this.#slots.freeTo((step as Waiting).owner),
  }
  readonly #reserved = new Map<string, SlotOwner>()
  readonly #deliveries = new Map<AgentTaskKey, Delivery>()
  readonly #outOf = new Map<string, number>()
  readonly #waiting = new Map<string, Waiting>()
  readonly #queues = new Map<string, AgentQueue>()
  readonly #awaited = new Map<string, Awaited>()
  /** Environments whose agents were loaded, or taken as loaded because nobody has done it by now. */
  readonly #loaded = new Set<string>()
  readonly #expected = new Map<string, () => void>()
  /** Steps whose last delivery took its host or process along: they run in a host of their own (rule 5). */
  readonly #alone = new Set<string>()
  /** Set while something is out: when the deadlines are looked at next. */
  #lookAt: number | null = null
  #tasks: AgentTask[] = []
  #cancels: AgentCancel[] = []
  #claiming = true
  #serving = false

  constructor(ports: DispatcherPorts, limits: DispatcherLimits) {
    this.#ports = ports
    this.#limits = limits
    this.#slots = new Slots(limits)
    ports.host.onMessages((messages) => this.#received(messages))
  }

  get running(): number {
    return this.#deliveries.size
  }

  get queued(): number {
    return this.#waiting.size
  }

  /** Steps that wait for an agent that is not loaded, or not with the contract they pin. */
  missing(): number {
    return this.#awaited.size
  }

  /** The same by agent, in one environment. */
  missingBy(environment: string): ReadonlyMap<string, number> {
    const counts = new Map<string, number>()
    for (const step of this.#awaited.values())
      if (step.environment === environment) counts.set(step.agent, (counts.get(step.agent) ?? 0) + 1)
    return counts
  }

  /** Deliveries of a run that are out. */
  outOf(runId: string): number {
    return this.#outOf.get(runId) ?? 0
  }

  isOut(stepId: string, attempt: number, fence: number): boolean {
    return this.#deliveries.has(agentTaskKey(stepId, attempt, fence))
  }

  /** Monotonic time at which a delivery's executor was last heard; null = it has not begun, or is not out. */
  lastSign(stepId: string, attempt: number, fence: number): number | null {
    const delivery = this.#deliveries.get(agentTaskKey(stepId, attempt, fence))
    return delivery?.started ? delivery.lastSign : null
  }

  waits(stepId: string): boolean {
    return this.#waiting.has(stepId) || this.#reserved.has(stepId) || this.#awaited.has(stepId)
  }

  /** Inside a decision: takes a slot for a step that would start now. False: it must queue. */
  reserve(place: RunPlace, stepId: string, agent: string, contractHash: string | null): boolean {
    if (this.#reserved.has(stepId)) return true
    if (!this.#claiming) return false
    const { environment, name } = agentAt(agent, place.environment)
    const agentKey = keyOf(environment, name)
    const owner = slotOwner(agentKey, place.workspaceId, place.runId)
    if (!this.#slots.freeFor(agentKey) || !this.#slots.freeIn(owner.workspaceId) || !this.#slots.freeTo(owner))
      return false
    const queue = this.#queues.get(agentKey)
    // Those that wait go first, but for runs that have their share.
    if (queue?.steps.has(this.#gate)) return false
    if (this.#ports.host.find(environment, name, contractHash) === null) return false
    this.#take(stepId, owner)
    return true
  }

  /** The decision that reserved it was thrown away, or did not use it. */
  unreserve(stepId: string): void {
    const owner = this.#reserved.get(stepId)
    if (owner === undefined) return
    this.#reserved.delete(stepId)
    this.#slots.give(owner)
    this.#serveAll()
  }

  /** After the commit of `step.started`. Handed to the host with `flush`. */
  execute(place: RunPlace, effect: ExecuteEffect, contractHash: string | null, alone: boolean): void {
    const key = agentTaskKey(effect.stepId, effect.attempt, effect.fence)
    if (this.#deliveries.has(key)) return
    const { environment, name } = agentAt(effect.agent, place.environment)
    const heartbeatMs = effect.heartbeatMs ?? this.#limits.heartbeatMs
    const reserved = this.#reserved.get(effect.stepId)
    const owner = reserved ?? slotOwner(keyOf(environment, name), place.workspaceId, place.runId)
    if (reserved === undefined) this.#slots.take(owner)
    else this.#reserved.delete(effect.stepId)
    this.#deliveries.set(key, {
      owner,
      key,
      place,
      stepId: effect.stepId,
      attempt: effect.attempt,
      fence: effect.fence,
      timeoutMs: effect.timeoutMs,
      heartbeatMs,
      usage: { tokens: 0, computeMs: 0, costUsd: 0 },
      used: false,
      started: false,
      lastSign: this.#ports.clock.monotonic(),
      endsAt: Number.POSITIVE_INFINITY,
      patienceUntil: Number.POSITIVE_INFINITY,
      overdue: null,
      told: false,
      aborted: false,
    })
    this.#outOf.set(place.runId, this.outOf(place.runId) + 1)
    if (this.#lookAt === null) this.#lookLater()
    const task: AgentTask = {
      key,
      runId: place.runId,
      stepId: effect.stepId,
      attempt: effect.attempt,
      fence: effect.fence,
      agent: name,
      environment,
      contractHash,
      agentRunId: effect.agentRunId,
      task: effect.task,
      input: effect.input,
      idempotencyKey: `${place.runId}/${effect.stepId}/${effect.attempt}`,
      effectKey: effect.stepId,
      traceparent: `00-${place.traceId}-${effect.spanId}-01`,
      timeoutMs: effect.timeoutMs,
      heartbeatMs,
    }
    this.#tasks.push(alone || this.#alone.delete(effect.stepId) ? { ...task, alone: true } : task)
  }

  enqueue(place: RunPlace, stepId: string, attempt: number, agent: string, contractHash: string | null): void {
    if (this.#waiting.has(stepId)) return
    const { environment, name } = agentAt(agent, place.environment)
    const { runId, workspaceId, workflowId } = place
    const step: Waiting = {
      owner: slotOwner(keyOf(environment, name), workspaceId, runId),
      place,
      runId,
      workspaceId,
      workflowId,
      stepId,
      attempt,
      environment,
      agent: name,
      contractHash,
    }
    this.#waiting.set(stepId, step)
    this.#queueOf(step).steps.push(step)
  }

  /** Told when the agent is there, which it may be by now. */
  awaitAgent(place: RunPlace, stepId: string, agentName: string, contractHash: string | null): void {
    const { environment, name: agent } = agentAt(agentName, place.environment)
    const step: Awaited = { place, stepId, environment, agent, contractHash }
    this.#awaited.set(stepId, step)
    this.#lookForAgent(step)
  }

  #lookForAgent(step: Awaited): void {
    if (this.#ports.host.find(step.environment, step.agent, step.contractHash) === null) return
    this.#awaited.delete(step.stepId)
    this.#ports.submit(step.place, { kind: "find-agent", stepId: step.stepId }, noop)
  }

  dequeue(stepId: string): void {
    this.#awaited.delete(stepId)
    const step = this.#waiting.get(stepId)
    if (step === undefined) return
    this.#waiting.delete(stepId)
    const queue = this.#queueOf(step)
    queue.steps.remove(step)
    queue.early.delete(stepId)
    this.#forgetQueue(queue)
  }

  /** Nothing to do when the delivery is not out: it has ended, and its ending is on its way to the run. */
  abort(stepId: string, attempt: number, fence: number, graceMs: number, reason: string): void {
    const delivery = this.#deliveries.get(agentTaskKey(stepId, attempt, fence))
    if (delivery === undefined || delivery.aborted) return
    delivery.aborted = true
    this.#cancels.push({ key: delivery.key, graceMs, reason })
    delivery.patienceUntil = this.#ports.clock.monotonic() + graceMs + this.#limits.graceMs
  }

  /** Hands over what the effects of a commit have gathered, and gives free slots to those that wait. */
  flush(): void {
    if (this.#tasks.length > 0) {
      const tasks = this.#tasks
      this.#tasks = []
      this.#ports.host.dispatch(tasks)
    }
    if (this.#cancels.length > 0) {
      const cancels = this.#cancels
      this.#cancels = []
      this.#ports.host.cancel(cancels)
    }
    this.#serveAll()
  }

  /** False: nothing new is claimed; scheduled attempts stay queued in their runs. */
  claim(claiming: boolean): void {
    this.#claiming = claiming
    this.#serveAll()
  }

  #take(stepId: string, owner: SlotOwner): void {
    this.#slots.take(owner)
    this.#reserved.set(stepId, owner)
  }

  #queueOf(step: Waiting): AgentQueue {
    const agentKey = keyOf(step.environment, step.agent)
    let queue = this.#queues.get(agentKey)
    if (queue === undefined) {
      const { environment, agent } = step
      queue = { environment, agent, steps: new FairQueue(), early: new Map() }
      this.#queues.set(agentKey, queue)
    }
    return queue
  }

  #forgetQueue(queue: AgentQueue): void {
    if (queue.steps.size === 0 && queue.early.size === 0) this.#queues.delete(keyOf(queue.environment, queue.agent))
  }

  /** One turn for every agent that has somebody waiting, until no slot can be given. */
  #serveAll(): void {
    if (!this.#claiming || this.#serving || this.#waiting.size === 0) return
    this.#serving = true
    try {
      for (let served = true; served; ) {
        served = false
        for (const [agentKey, queue] of [...this.#queues]) served = this.#serveOne(agentKey, queue) || served
      }
    } finally {
      this.#serving = false
    }
  }

  #serveOne(agentKey: string, queue: AgentQueue): boolean {
    if (queue.steps.size === 0 || !this.#slots.freeFor(agentKey)) return false
    const step = queue.steps.shift(this.#gate) as Waiting | undefined
    if (step === undefined) return false
    if (this.#ports.host.find(step.environment, step.agent, step.contractHash) === null) {
      this.#miss(queue, step)
      return true
    }
    this.#waiting.delete(step.stepId)
    this.#forgetQueue(queue)
    this.#take(step.stepId, step.owner)
    this.#ports.submit(step.place, { kind: "start-attempt", stepId: step.stepId, attempt: step.attempt }, () => {
      // Still reserved: the run did not want it any more.
      this.unreserve(step.stepId)
    })
    return true
  }

  #miss(queue: AgentQueue, step: Waiting): void {
    if (!this.#knows(step.environment)) {
      queue.early.set(step.stepId, step)
      return
    }
    this.#waiting.delete(step.stepId)
    this.#forgetQueue(queue)
    const { stepId, attempt } = step
    this.#ports.submit(step.place, { kind: "miss-agent", stepId, attempt }, noop)
  }

  /** Whether this environment's agents have been loaded. One that nobody loads is known in time, too. */
  #knows(environment: string): boolean {
    if (this.#loaded.has(environment)) return true
    if (this.#ports.host.agents().some((agent) => agent.environment === environment)) return true
    if (!this.#expected.has(environment)) {
      this.#expected.set(
        environment,
        this.#ports.clock.setTimer(firstLoadMs, () => this.agentsLoaded(environment)),
      )
    }
    return false
  }

  /** The agents of an environment have changed: those that waited for one are looked at again. */
  agentsLoaded(environment: string): void {
    this.#loaded.add(environment)
    // A timer that nobody needs would keep an ended process alive.
    this.#expected.get(environment)?.()
    for (const queue of this.#queues.values()) {
      if (queue.environment !== environment) continue
      for (const step of queue.early.values()) queue.steps.push(step)
      queue.early.clear()
    }
    for (const step of [...this.#awaited.values()]) if (step.environment === environment) this.#lookForAgent(step)
    this.#serveAll()
  }

  #received(messages: readonly AgentMessage[]): void {
    const now = this.#ports.clock.monotonic()
    for (const message of messages) this.#receive(message, now)
    this.#serveAll()
  }

  #receive(message: AgentMessage, now: number): void {
    const delivery = message.key === null ? undefined : this.#deliveries.get(message.key)
    if (message.kind === "log") return this.#log(message, delivery ?? null)
    if (delivery === undefined) return
    delivery.lastSign = now
    switch (message.kind) {
      case "started":
        delivery.started = true
        if (delivery.timeoutMs !== null) delivery.endsAt = now + delivery.timeoutMs + this.#limits.graceMs
        return
      case "heartbeat":
        return
      case "usage":
        delivery.used = true
        delivery.usage.tokens += message.tokens ?? 0
        delivery.usage.computeMs += message.computeMs ?? 0
        delivery.usage.costUsd += message.costUsd ?? 0
        return
      default:
        this.#end(delivery, this.#ending(delivery, message))
    }
  }

  #log(message: Extract<AgentMessage, { kind: "log" }>, delivery: Delivery | null): void {
    const { environment, level, message: text, fields } = message
    const of =
      delivery === null
        ? { place: null }
        : { place: delivery.place, stepId: delivery.stepId, attempt: delivery.attempt }
    this.#ports.logs.keep({ environment, level, message: text, ...(fields === undefined ? {} : { fields }), ...of })
  }

  #ending(
    delivery: Delivery,
    message: Extract<AgentMessage, { kind: "succeeded" | "failed" | "stopped" | "lost" | "missing" }>,
  ): Command {
    const { stepId, attempt, fence } = delivery
    const usage = usageOf(delivery)
    switch (message.kind) {
      case "succeeded":
        return {
          kind: "finish-attempt",
          stepId,
          attempt,
          fence,
          outcome: { kind: "succeeded", output: message.output, ...(usage === undefined ? {} : { usage }) },
        }
      case "failed":
        return { kind: "finish-attempt", stepId, attempt, fence, outcome: failedOutcome(message.error, attempt, usage) }
      case "stopped":
        // Heartbeats are a thread's. Who held it cannot be told among several: each loses its delivery, and is repeated
        // alone, where it can (rule 5).
        if (delivery.overdue === "heartbeat" && message.shared) {
          this.#remember(stepId)
          return { kind: "lose-attempt", stepId, attempt, fence, reason: "heartbeat_missed", counted: true }
        }
        return { kind: "finish-attempt", stepId, attempt, fence, outcome: this.#stopped(delivery, usage) }
      case "lost":
        if (message.suspect) this.#remember(stepId)
        return { kind: "lose-attempt", stepId, attempt, fence, reason: message.reason, counted: message.suspect }
      case "missing":
        return { kind: "lose-attempt", stepId, attempt, fence, reason: "agent_missing", counted: false }
    }
  }

  #remember(stepId: string): void {
    this.#alone.add(stepId)
    if (this.#alone.size > aloneMax) for (const oldest of this.#alone) return void this.#alone.delete(oldest)
  }

  #stopped(delivery: Delivery, usage: Usage | undefined): Extract<Command, { kind: "finish-attempt" }>["outcome"] {
    if (delivery.overdue === null) return { kind: "stopped" }
    const limitMs = delivery.overdue === "attempt" ? delivery.timeoutMs! : this.#silenceMax(delivery.heartbeatMs!)
    return overdueOutcome(delivery.overdue, limitMs, delivery.attempt, usage)
  }

  /** Nothing of it runs any more: the slot is free, and the run hears how it ended. */
  #end(delivery: Delivery, command: Command): void {
    this.#deliveries.delete(delivery.key)
    this.#slots.give(delivery.owner)
    const { runId } = delivery.place
    const left = this.outOf(runId) - 1
    if (left > 0) this.#outOf.set(runId, left)
    else this.#outOf.delete(runId)
    // A result behind the grace is submitted all the same: the run refuses it, and it is kept beside history (rule 8).
    const late = command.kind === "finish-attempt" && command.outcome.kind === "succeeded"
    if (!delivery.told || late) this.#ports.submit(delivery.place, command, noop)
    this.#ports.ended(runId)
  }

  #silenceMax(heartbeatMs: number): number {
    return heartbeatMs * this.#limits.heartbeatsMissed
  }

  #lookLater(): void {
    this.#lookAt = this.#ports.clock.monotonic() + lookEveryMs
    this.#ports.clock.setTimer(lookEveryMs, () => this.#look())
  }

  /** Deadlines are backstops, counted in seconds: all that is out is looked at, which is bounded by the slots. */
  #look(): void {
    const now = this.#ports.clock.monotonic()
    // When this look itself comes late, the engine stood still, and nobody could be heard.
    const stoodStill = now - (this.#lookAt ?? now) > lookEveryMs
    this.#lookAt = null
    for (const delivery of this.#deliveries.values()) {
      if (stoodStill) delivery.lastSign = now
      if (delivery.patienceUntil <= now) this.#giveUp(delivery)
      else if (!delivery.aborted) this.#giveNotice(delivery, now)
    }
    if (this.#deliveries.size > 0) this.#lookLater()
    this.flush()
  }

  #giveNotice(delivery: Delivery, now: number): void {
    const { started, heartbeatMs, lastSign } = delivery
    const silent = started && heartbeatMs !== null && now - lastSign > this.#silenceMax(heartbeatMs)
    if (!silent && delivery.endsAt > now) return
    delivery.overdue = silent ? "heartbeat" : "attempt"
    const { stepId, attempt, fence, overdue } = delivery
    this.abort(stepId, attempt, fence, this.#limits.graceMs, `${overdue} deadline passed`)
  }

  /** The host did not even say that it ended the delivery: the run goes on, the slot stays taken until it does. */
  #giveUp(delivery: Delivery): void {
    if (delivery.told) return
    delivery.told = true
    const { stepId, attempt, fence } = delivery
    const outcome = this.#stopped(delivery, usageOf(delivery))
    this.#ports.submit(delivery.place, { kind: "finish-attempt", stepId, attempt, fence, outcome }, noop)
  }
}

function keyOf(environment: string, agent: string): string {
  return `${environment}\n${agent}`
}

function usageOf(delivery: Delivery): Usage | undefined {
  return delivery.used ? { ...delivery.usage } : undefined
}

function noop(): void {}
