/**
 * The deliveries that are out (rule 5), with their deadlines on the monotonic clock: what hosts say of them becomes a
 * command to their run, and so does the silence of those that say nothing. One that is given up keeps its slot until
 * nothing of it runs any more.
 */
import type { Command } from "../core/run/commands.ts"
import type { ExecuteEffect } from "../core/run/effects.ts"
import type { Usage } from "../core/run/events.ts"
import {
  type AgentCancel,
  type AgentHost,
  type AgentMessage,
  type AgentTaskKey,
  agentTaskKey,
} from "../ports/agent-host.ts"
import type { Clock } from "../ports/clock.ts"
import type { StepAttachments } from "../ports/step-attachments.ts"
import type { StepLogs } from "../ports/step-logs.ts"
import { failedOutcome, overdueOutcome } from "./delivery-failure.ts"
import type { RunPlace } from "./run-place.ts"
import type { SlotOwner } from "./slots.ts"
import { Used } from "./used.ts"

export interface DeliveryLimits {
  /** How many missed heartbeats make a delivery dead (settled 13: 30 s of 10 s). */
  readonly heartbeatsMissed: number
  /** Given to an executor over its own deadline before the engine stops waiting for it. */
  readonly graceMs: number
}

export interface DeliveryPorts {
  readonly clock: Clock
  readonly host: AgentHost
  readonly logs: StepLogs
  /** Absent: what agents attach is kept nowhere. */
  readonly attachments?: StepAttachments | undefined
  /** How a delivery ended. */
  submit(place: RunPlace, command: Command): void
  /** Nothing of it runs any more. */
  free(owner: SlotOwner): void
  /** After `submit`: the run may leave memory if nothing else holds it. */
  ended(runId: string): void
  /** Deadlines were looked at: somebody may have to be asked to stop. */
  looked(): void
}

interface Delivery {
  readonly owner: SlotOwner
  readonly key: AgentTaskKey
  readonly place: RunPlace
  readonly agent: string
  readonly stepId: string
  readonly attempt: number
  readonly fence: number
  readonly timeoutMs: number | null
  readonly heartbeatMs: number | null
  readonly used: Used
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

/** So many heartbeats long nothing was heard: it may be hung. One more, and it is given up. */
const silentHeartbeats = 2

/** How often deadlines are looked at. */
const lookEveryMs = 1_000

/** Steps that are remembered as dangerous; one that is never delivered again is forgotten in time. */
const aloneMax = 10_000

export class Deliveries {
  readonly #ports: DeliveryPorts
  readonly #limits: DeliveryLimits
  readonly #out = new Map<AgentTaskKey, Delivery>()
  readonly #byRun = new Map<string, number>()
  /** Steps whose last delivery took its host or process along: they run in a host of their own (rule 5). */
  readonly #alone = new Set<string>()
  /** Set while something is out: when the deadlines are looked at next. */
  #lookAt: number | null = null
  #cancels: AgentCancel[] = []

  constructor(ports: DeliveryPorts, limits: DeliveryLimits) {
    this.#ports = ports
    this.#limits = limits
  }

  get size(): number {
    return this.#out.size
  }

  outOf(runId: string): number {
    return this.#byRun.get(runId) ?? 0
  }

  has(key: AgentTaskKey): boolean {
    return this.#out.has(key)
  }

  /** Monotonic time at which its executor was last heard; null = it has not begun, or is not out. */
  lastSign(key: AgentTaskKey): number | null {
    const delivery = this.#out.get(key)
    return delivery?.started ? delivery.lastSign : null
  }

  /** Runs with a delivery whose executor should have been heard of twice since it was, and was not. */
  silentRuns(): readonly string[] {
    const now = this.#ports.clock.monotonic()
    const silent = new Set<string>()
    for (const delivery of this.#out.values()) if (wasSilent(delivery, now)) silent.add(delivery.place.runId)
    return [...silent]
  }

  isSilent(key: AgentTaskKey): boolean {
    const delivery = this.#out.get(key)
    return delivery !== undefined && wasSilent(delivery, this.#ports.clock.monotonic())
  }

  add(key: AgentTaskKey, owner: SlotOwner, place: RunPlace, effect: ExecuteEffect, heartbeatMs: number | null): void {
    this.#out.set(key, {
      owner,
      key,
      place,
      agent: effect.agent,
      stepId: effect.stepId,
      attempt: effect.attempt,
      fence: effect.fence,
      timeoutMs: effect.timeoutMs,
      heartbeatMs,
      used: new Used(),
      started: false,
      lastSign: this.#ports.clock.monotonic(),
      endsAt: Number.POSITIVE_INFINITY,
      patienceUntil: Number.POSITIVE_INFINITY,
      overdue: null,
      told: false,
      aborted: false,
    })
    this.#byRun.set(place.runId, this.outOf(place.runId) + 1)
    if (this.#lookAt === null) this.#lookLater()
  }

  /** Whether this delivery of the step has to run in a host of its own. */
  runsAlone(stepId: string): boolean {
    return this.#alone.delete(stepId)
  }

  /** Nothing to do when the delivery is not out: it has ended, and its ending is on its way to the run. */
  abort(stepId: string, attempt: number, fence: number, graceMs: number, reason: string): void {
    const delivery = this.#out.get(agentTaskKey(stepId, attempt, fence))
    if (delivery === undefined || delivery.aborted) return
    delivery.aborted = true
    this.#cancels.push({ key: delivery.key, graceMs, reason })
    delivery.patienceUntil = this.#ports.clock.monotonic() + graceMs + this.#limits.graceMs
  }

  /** Hands over what `abort` has gathered. */
  sendCancels(): void {
    if (this.#cancels.length === 0) return
    const cancels = this.#cancels
    this.#cancels = []
    this.#ports.host.cancel(cancels)
  }

  received(messages: readonly AgentMessage[]): void {
    const now = this.#ports.clock.monotonic()
    for (const message of messages) this.#receive(message, now)
  }

  #receive(message: AgentMessage, now: number): void {
    const delivery = message.key === null ? undefined : this.#out.get(message.key)
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
        delivery.used.add(message)
        return
      case "attachment":
        return this.#attach(message, delivery)
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

  #attach(message: Extract<AgentMessage, { kind: "attachment" }>, delivery: Delivery): void {
    const { name, contentType, content } = message
    const { place, agent, stepId, attempt } = delivery
    this.#ports.attachments?.keep({ place, agent, stepId, attempt, name, contentType, content })
  }

  #ending(
    delivery: Delivery,
    message: Extract<AgentMessage, { kind: "succeeded" | "failed" | "stopped" | "lost" | "missing" }>,
  ): Command {
    const { stepId, attempt, fence } = delivery
    const { usage } = delivery.used
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
    this.#out.delete(delivery.key)
    this.#ports.free(delivery.owner)
    const { runId } = delivery.place
    const left = this.outOf(runId) - 1
    if (left > 0) this.#byRun.set(runId, left)
    else this.#byRun.delete(runId)
    // A result behind the grace is submitted all the same: the run refuses it, and it is kept beside history (rule 8).
    const late = command.kind === "finish-attempt" && command.outcome.kind === "succeeded"
    if (!delivery.told || late) this.#ports.submit(delivery.place, command)
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
    for (const delivery of this.#out.values()) {
      if (stoodStill) delivery.lastSign = now
      if (delivery.patienceUntil <= now) this.#giveUp(delivery)
      else if (!delivery.aborted) this.#giveNotice(delivery, now)
    }
    if (this.#out.size > 0) this.#lookLater()
    this.#ports.looked()
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
    const outcome = this.#stopped(delivery, delivery.used.usage)
    this.#ports.submit(delivery.place, { kind: "finish-attempt", stepId, attempt, fence, outcome })
  }
}

function wasSilent({ started, heartbeatMs, lastSign }: Delivery, now: number): boolean {
  return started && heartbeatMs !== null && now - lastSign > silentHeartbeats * heartbeatMs
}
