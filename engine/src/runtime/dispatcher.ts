/**
 * Hands scheduled attempts to executors and brings back how they ended (rules 5, 6, 19). It owns the slots and the queue
 * of those that wait for one. It never moves a run: all it learns becomes a command. It forgets everything at a crash;
 * recovery tells it again.
 */
import type { Command } from "../core/run/commands.ts"
import type { ExecuteEffect } from "../core/run/effects.ts"
import { type AgentHost, type AgentTask, agentTaskKey } from "../ports/agent-host.ts"
import type { Clock } from "../ports/clock.ts"
import type { StepAttachments } from "../ports/step-attachments.ts"
import type { StepLogs } from "../ports/step-logs.ts"
import { AgentLine } from "./agent-line.ts"
import { agentAt } from "./agent-name.ts"
import { Deliveries, type DeliveryLimits } from "./deliveries.ts"
import type { Gate, QueuedStep } from "./fair-queue.ts"
import { MissingAgents } from "./missing-agents.ts"
import type { RunPlace } from "./run-place.ts"
import { type SlotLimits, type SlotOwner, Slots, slotOwner } from "./slots.ts"

export interface DispatcherPorts {
  readonly clock: Clock
  readonly host: AgentHost
  readonly logs: StepLogs
  readonly attachments?: StepAttachments | undefined
  /** How a delivery ended, or that a waiting attempt has its slot. `done` once it is durable or was not wanted. */
  submit(place: RunPlace, command: Command, done: (taken: boolean) => void): void
  /** Its delivery ended: the run may leave memory if nothing else holds it. */
  ended(runId: string): void
}

export interface DispatcherLimits extends SlotLimits, DeliveryLimits {
  /**
   * How often a host says that it is alive, in milliseconds, where the author says nothing (settled 13): without it an
   * agent that loops for ever, and has no timeout either, would hold its host from everybody for ever.
   */
  readonly heartbeatMs: number
}

interface Waiting extends QueuedStep {
  readonly owner: SlotOwner
  readonly place: RunPlace
  readonly environment: string
  readonly agent: string
  readonly contractHash: string | null
}

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
  readonly #out: Deliveries
  readonly #waiting = new Map<string, Waiting>()
  /** By agent. */
  readonly #queues = new Map<string, AgentLine>()
  readonly #missing: MissingAgents<Waiting>
  #tasks: AgentTask[] = []
  #claiming = true
  #serving = false

  constructor(ports: DispatcherPorts, limits: DispatcherLimits) {
    this.#ports = ports
    this.#limits = limits
    this.#slots = new Slots(limits)
    const { clock, host, logs, attachments } = ports
    this.#out = new Deliveries(
      {
        clock,
        host,
        logs,
        attachments,
        submit: (place, command) => ports.submit(place, command, noop),
        free: (owner) => this.#slots.give(owner),
        ended: (runId) => ports.ended(runId),
        looked: () => this.flush(),
      },
      limits,
    )
    this.#missing = new MissingAgents({
      clock,
      host,
      found: (place, stepId) => ports.submit(place, { kind: "find-agent", stepId }, noop),
      overdue: (environment) => this.agentsLoaded(environment),
    })
    host.onMessages((messages) => {
      this.#out.received(messages)
      this.#serveAll()
    })
  }

  get running(): number {
    return this.#out.size
  }

  get queued(): number {
    return this.#waiting.size
  }

  /** Steps that wait for an agent that is not loaded, or not with the contract they pin. */
  missing(): number {
    return this.#missing.size
  }

  /** The same by agent, in one environment. */
  missingBy(environment: string): ReadonlyMap<string, number> {
    return this.#missing.by(environment)
  }

  /** Deliveries of a run that are out. */
  outOf(runId: string): number {
    return this.#out.outOf(runId)
  }

  isOut(stepId: string, attempt: number, fence: number): boolean {
    return this.#out.has(agentTaskKey(stepId, attempt, fence))
  }

  /** Monotonic time at which a delivery's executor was last heard; null = it has not begun, or is not out. */
  lastSign(stepId: string, attempt: number, fence: number): number | null {
    return this.#out.lastSign(agentTaskKey(stepId, attempt, fence))
  }

  isSilent(stepId: string, attempt: number, fence: number): boolean {
    return this.#out.isSilent(agentTaskKey(stepId, attempt, fence))
  }

  silentRuns(): readonly string[] {
    return this.#out.silentRuns()
  }

  waits(stepId: string): boolean {
    return this.#waiting.has(stepId) || this.#reserved.has(stepId) || this.#missing.has(stepId)
  }

  /** Inside a decision: takes a slot for a step that would start now. False: it must queue. */
  reserve(place: RunPlace, stepId: string, agent: string, contractHash: string | null): boolean {
    if (this.#reserved.has(stepId)) return true
    if (!this.#claiming) return false
    const { environment, name } = agentAt(agent, place.environment)
    const agentKey = keyOf(environment, name)
    const owner = slotOwner(agentKey, place.workspaceId, place.runId, place.isApart)
    if (!this.#slots.freeFor(agentKey) || !this.#slots.freeIn(owner.workspaceId) || !this.#slots.freeTo(owner))
      return false
    const queue = this.#queues.get(agentKey)
    // Those that wait go first, but for runs that have their share; and production lets nobody else by.
    const waits = queue?.hasLive(this.#gate) ?? false
    if (waits || (place.isApart && queue?.hasApart(this.#gate))) return false
    if (place.isApart && !this.#slots.freeApart(agentKey, false)) return false
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
    if (this.#out.has(key)) return
    const { environment, name } = agentAt(effect.agent, place.environment)
    const heartbeatMs = effect.heartbeatMs ?? this.#limits.heartbeatMs
    const reserved = this.#reserved.get(effect.stepId)
    const owner = reserved ?? slotOwner(keyOf(environment, name), place.workspaceId, place.runId, place.isApart)
    if (reserved === undefined) this.#slots.take(owner)
    else this.#reserved.delete(effect.stepId)
    this.#out.add(key, owner, place, effect, heartbeatMs)
    const task: AgentTask = {
      key,
      runId: place.runId,
      workspaceId: place.workspaceId,
      workflowId: place.workflowId,
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
    this.#tasks.push(alone || this.#out.runsAlone(effect.stepId) ? { ...task, alone: true } : task)
  }

  enqueue(place: RunPlace, stepId: string, attempt: number, agent: string, contractHash: string | null): void {
    if (this.#waiting.has(stepId)) return
    const { environment, name } = agentAt(agent, place.environment)
    const { runId, workspaceId, workflowId } = place
    const step: Waiting = {
      owner: slotOwner(keyOf(environment, name), workspaceId, runId, place.isApart),
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
    this.#queueOf(step).push(step, place.isApart)
  }

  /** Told when the agent is there, which it may be by now. */
  awaitAgent(place: RunPlace, stepId: string, agentName: string, contractHash: string | null): void {
    const { environment, name: agent } = agentAt(agentName, place.environment)
    this.#missing.await({ place, stepId, environment, agent, contractHash })
  }

  dequeue(stepId: string): void {
    this.#missing.forget(stepId)
    const step = this.#waiting.get(stepId)
    if (step === undefined) return
    this.#waiting.delete(stepId)
    const queue = this.#queueOf(step)
    queue.remove(step, step.place.isApart)
    this.#forgetWhenEmpty(step.owner.agentKey, queue)
  }

  /** Nothing to do when the delivery is not out: it has ended, and its ending is on its way to the run. */
  abort(stepId: string, attempt: number, fence: number, graceMs: number, reason: string): void {
    this.#out.abort(stepId, attempt, fence, graceMs, reason)
  }

  /** Hands over what the effects of a commit have gathered, and gives free slots to those that wait. */
  flush(): void {
    if (this.#tasks.length > 0) {
      const tasks = this.#tasks
      this.#tasks = []
      this.#ports.host.dispatch(tasks)
    }
    this.#out.sendCancels()
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

  #queueOf({ owner: { agentKey } }: Waiting): AgentLine {
    let queue = this.#queues.get(agentKey)
    if (queue === undefined) {
      queue = new AgentLine()
      this.#queues.set(agentKey, queue)
    }
    return queue
  }

  #forgetWhenEmpty(agentKey: string, queue: AgentLine): void {
    if (queue.size === 0) this.#queues.delete(agentKey)
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

  #serveOne(agentKey: string, queue: AgentLine): boolean {
    if (!this.#slots.freeFor(agentKey)) return false
    const apartMay = (beside: boolean) => this.#slots.freeApart(agentKey, beside)
    const step = queue.shift(this.#gate, apartMay) as Waiting | undefined
    if (step === undefined) return false
    this.#forgetWhenEmpty(agentKey, queue)
    if (this.#ports.host.find(step.environment, step.agent, step.contractHash) === null) {
      this.#miss(step)
      return true
    }
    this.#waiting.delete(step.stepId)
    this.#take(step.stepId, step.owner)
    this.#ports.submit(step.place, { kind: "start-attempt", stepId: step.stepId, attempt: step.attempt }, () => {
      // Still reserved: the run did not want it any more.
      this.unreserve(step.stepId)
    })
    return true
  }

  #miss(step: Waiting): void {
    if (this.#missing.keepsEarly(step)) return
    this.#waiting.delete(step.stepId)
    const { stepId, attempt } = step
    this.#ports.submit(step.place, { kind: "miss-agent", stepId, attempt }, noop)
  }

  /** The agents of an environment have changed: those that waited for one are looked at again. */
  agentsLoaded(environment: string): void {
    for (const step of this.#missing.loaded(environment)) this.#queueOf(step).push(step, step.place.isApart)
    this.#serveAll()
  }
}

function keyOf(environment: string, agent: string): string {
  return `${environment}\n${agent}`
}

function noop(): void {}
