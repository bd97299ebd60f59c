/**
 * One decision in progress: the state it owns, the events it has emitted so far and what they ask for. Every emitted
 * event is evolved at once (rule 12), so later parts of the decision see what earlier parts did.
 */
import type { Definition } from "../../definition/model.ts"
import { lookBefore, Projection } from "../../views/projection.ts"
import type { Actor } from "../commands.ts"
import type { Effect } from "../effects.ts"
import type { Env } from "../env.ts"
import { broughtValue } from "../event-value.ts"
import type { EventPayloads, EventType, RunEvent } from "../events.ts"
import { evolve } from "../evolve.ts"
import type { Reader } from "../names.ts"
import { react } from "../react.ts"
import type { RunState, Scope, Visit } from "../state.ts"
import { type BlobAccess, sizeUpTo } from "../stored.ts"
import { eventVersion } from "../upcast.ts"

export class Work implements Reader {
  readonly env: Env
  readonly actor: Actor
  readonly definition: Definition
  readonly blobs: BlobAccess
  readonly now: number
  readonly events: RunEvent[] = []
  readonly effects: Effect[] = []
  readonly projection = new Projection()
  /** Expression steps that the state in hand has left: a state fails for what it asks, not for who came before it. */
  readonly budget: { stepsLeft: number }
  transitions = 0
  #stepsSpent = 0
  #bytes = 0
  #runId: string
  #state: RunState | null

  constructor(runId: string, state: RunState | null, actor: Actor, env: Env) {
    this.#runId = runId
    this.#state = state
    this.actor = actor
    this.env = env
    this.definition = env.definition
    this.blobs = env.blobs
    this.now = state === null ? env.now : Math.max(env.now, state.at)
    this.budget = { stepsLeft: env.limits.expressionStepsPerDecision }
  }

  get state(): RunState {
    if (this.#state === null) throw new Error(`run ${this.#runId} has no state yet`)
    return this.#state
  }

  emit<T extends EventType>(type: T, stepId: string | null, payload: EventPayloads[T]): number {
    const seq = (this.#state?.seq ?? 0) + 1
    const v = eventVersion(type)
    const event = { v, seq, type, at: this.now, actor: this.actor.id, stepId, payload } as unknown as RunEvent
    const before = lookBefore(this.#state, event)
    this.#state = evolve(this.#state, event, this.#runId)
    this.events.push(event)
    this.#bytes += eventBytes(event, this.env.limits.inlineBytesMax)
    this.projection.note(this.#state, event, before)
    react(event, this.effects)
    return seq
  }

  scopeOf(visit: Visit): Scope {
    return this.state.scopes.get(visit.scope)!
  }

  /** True when this decision must stop and owe a `continue` (rule 1): transitions, events, bytes, or expressions. */
  exhausted(): boolean {
    const { limits } = this.env
    return (
      this.transitions >= limits.transitionsPerDecision ||
      this.events.length >= limits.eventsPerDecision ||
      this.#bytes >= limits.bytesPerDecision ||
      // Half, so that whoever goes on has at least what one expression may take.
      this.#stepsSpent + this.#stepsUsed() >= limits.expressionStepsPerDecision / 2
    )
  }

  /** Before the next state is looked at. */
  renewBudget(): void {
    this.#stepsSpent += this.#stepsUsed()
    this.budget.stepsLeft = this.env.limits.expressionStepsPerDecision
  }

  #stepsUsed(): number {
    return this.env.limits.expressionStepsPerDecision - this.budget.stepsLeft
  }
}

/** What an event weighs without its values. */
const headerBytes = 256

function eventBytes(event: RunEvent, inlineBytesMax: number): number {
  const brought = broughtValue(event)
  if (brought === null) return headerBytes
  return headerBytes + ("value" in brought ? sizeUpTo(brought.value, inlineBytesMax) : brought.bytes)
}
