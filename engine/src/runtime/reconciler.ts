/**
 * Always runs (rule 14): compares what every leaf of the runs in memory is owed with what is there for it — delivery,
 * queue place, timer, slot — and repairs by command what is missing twice in a row. Runs that are not in memory wait for
 * stored timers and messages only, which are looked at on their own.
 */
import type { Command } from "../core/run/commands.ts"
import { type Owed, owed } from "../core/run/owed.ts"
import type { RunState } from "../core/run/state.ts"
import type { Clock } from "../ports/clock.ts"
import type { Log } from "../ports/log.ts"
import type { Concurrency } from "./concurrency.ts"
import type { Dispatcher } from "./dispatcher.ts"
import type { Messages } from "./messages.ts"
import { pinOf, placeOf } from "./resume-run.ts"
import type { RunActor } from "./run-actor.ts"
import type { Timers } from "./timers.ts"

export interface ReconcilerPorts {
  readonly clock: Clock
  readonly log: Log
  readonly dispatcher: Dispatcher
  readonly timers: Timers
  readonly concurrency: Concurrency
  readonly messages: Pick<Messages, "resend">
  actors(): Iterable<RunActor>
  submit(runId: string, command: Command, done: (taken: boolean) => void): void
}

export interface ReconcilerLimits {
  readonly everyMs: number
  /** Runs looked at in one go, so that a sweep holds up nobody. */
  readonly runsPerSweep: number
}

export const defaultReconcilerLimits: ReconcilerLimits = { everyMs: 30_000, runsPerSweep: 2_000 }

export class Reconciler {
  readonly #ports: ReconcilerPorts
  readonly #limits: ReconcilerLimits
  /** Leaves that had nothing in the last sweep. */
  #suspects = new Set<string>()
  #repairs = 0
  #cancelWake: (() => void) | null = null
  #stopped = true

  constructor(ports: ReconcilerPorts, limits: ReconcilerLimits) {
    this.#ports = ports
    this.#limits = limits
  }

  get repairs(): number {
    return this.#repairs
  }

  start(): void {
    this.#stopped = false
    this.#arm()
  }

  stop(): void {
    this.#stopped = true
    this.#cancelWake?.()
  }

  #arm(): void {
    if (this.#stopped) return
    this.#cancelWake = this.#ports.clock.setTimer(this.#limits.everyMs, () => {
      this.sweep()
      this.#ports.messages.resend().catch((error: unknown) => {
        this.#ports.log.write("warn", "messages could not be read", {
          error: error instanceof Error ? error.message : String(error),
        })
      })
      this.#arm()
    })
  }

  /** One comparison of everything in memory. */
  sweep(): void {
    const suspects = new Set<string>()
    let looked = 0
    for (const actor of this.#ports.actors()) {
      // What is on its way is not missing.
      if (actor.state === null || actor.phase !== "warm" || actor.undurable > 0 || actor.hasMail) continue
      if (++looked > this.#limits.runsPerSweep) break
      this.#compare(actor.state, suspects)
    }
    this.#suspects = suspects
    this.#ports.dispatcher.flush()
  }

  #compare(state: RunState, suspects: Set<string>): void {
    for (const leaf of owed(state)) {
      const missing = this.#missing(state, leaf)
      if (missing === null) continue
      const key = JSON.stringify([state.runId, leaf])
      if (this.#suspects.has(key)) this.#repair(state, leaf, missing)
      else suspects.add(key)
    }
  }

  /** What is not there for it, or null. */
  #missing(state: RunState, leaf: Owed): string | null {
    const { dispatcher, timers, concurrency } = this.#ports
    switch (leaf.kind) {
      case "attempt":
        return dispatcher.isOut(leaf.stepId, leaf.attempt, leaf.fence) ? null : "its delivery is not out"
      case "queue":
        return dispatcher.waits(leaf.stepId) ? null : "it stands in no queue"
      case "agent":
        return dispatcher.waits(leaf.stepId) ? null : "nobody looks for its agent"
      case "timer": {
        const timer = state.timers.get(leaf.timer)
        return timer === undefined || timers.covers(state.runId, timer.id, timer.dueAt)
          ? null
          : "its timer is not armed"
      }
      case "slot":
        return concurrency.knows(state.runId) ? null : "it does not wait for its concurrency key"
      case "ready":
        return state.paused ? null : "nobody goes on with it"
      case "approval":
      case "signal":
      case "child":
      case "gate":
      case "operator":
        return null
    }
  }

  #repair(state: RunState, leaf: Owed, why: string): void {
    this.#repairs++
    const name = leafName(leaf)
    this.#ports.log.write("warn", "a run is repaired", { runId: state.runId, leaf: name, why })
    this.#ports.submit(state.runId, { kind: "repair", leaf: name, why }, noop)
    const { dispatcher, timers, concurrency, submit } = this.#ports
    switch (leaf.kind) {
      case "attempt": {
        const { stepId, attempt, fence } = leaf
        return submit(
          state.runId,
          { kind: "lose-attempt", stepId, attempt, fence, reason: "repaired", counted: false },
          noop,
        )
      }
      case "queue":
        return dispatcher.enqueue(placeOf(state), leaf.stepId, leaf.attempt, leaf.agent, pinOf(state, leaf.agent))
      case "agent":
        return dispatcher.awaitAgent(placeOf(state), leaf.stepId, leaf.agent, pinOf(state, leaf.agent))
      case "timer":
        return timers.set(state.runId, leaf.timer, state.timers.get(leaf.timer)!.dueAt)
      case "slot":
        return concurrency.restoreWaiter(state.runId, state.created, state.createdAt)
      default:
        // The repair itself is a decision, and goes on with what is ready.
        return
    }
  }
}

function leafName(leaf: Owed): string {
  if (leaf.kind === "ready") return leaf.leaf
  if (leaf.kind === "slot") return "run"
  return leaf.stepId ?? "run"
}

function noop(): void {}
