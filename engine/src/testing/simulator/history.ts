/**
 * A run's history by place, read from its events alone: what came from outside (decisions, signals, lost deliveries) and
 * in which order things ended. The reference interpreter asks it only for what it cannot know by itself (I13: the choice
 * of winners is free, what follows from it is not).
 */
import type { Json } from "../../core/json.ts"
import { broughtValue } from "../../core/run/event-value.ts"
import type { RunError, RunEvent, StepEnd, Stored } from "../../core/run/events.ts"

export interface ScopeEnd {
  readonly key: string | number
  readonly status: StepEnd
}

export interface PlaceHistory {
  attempts: number
  /** Attempts that ended for reasons of the world, by number. */
  readonly failures: Map<number, RunError>
  approval: { readonly type: string; readonly value: Json; readonly outcome: string } | null
  signal: { readonly data: Json } | null
  child: { readonly runId: string; status: string | null; output: Json; error: RunError | null } | null
  /** Those that ended while their end mattered. */
  readonly ends: ScopeEnd[]
  /** Items that were begun. */
  begun: number
  /** It is being left: how what it holds ends matters to nobody any more. */
  left: boolean
}

/** Ways out that cut a block short in the middle: what it had written by then depends on time alone. */
const cuts: ReadonlySet<string> = new Set([
  "cancel",
  "parent_cancel",
  "superseded",
  "rejected",
  "run_timeout",
  "state_timeout",
  "cleanup_timeout",
])

export class History {
  readonly places = new Map<string, PlaceHistory>()
  /** Why its final context cannot be known without a clock, or null. */
  cut: string | null = null
  output: Json = null
  readonly #stepKeys = new Map<string, string>()
  readonly #scopeKeys = new Map<string, string>([["", ""]])
  readonly #events: readonly RunEvent[]
  readonly #resolve: (stored: Stored) => Json

  constructor(events: readonly RunEvent[], resolve: (stored: Stored) => Json) {
    this.#events = events
    this.#resolve = resolve
    for (const event of events) this.#read(event)
  }

  place(key: string): PlaceHistory | undefined {
    return this.places.get(key)
  }

  #value(seq: number | null): Json {
    const event = seq === null ? undefined : this.#events[seq - 1]
    const stored = event === undefined ? null : broughtValue(event)
    return stored === null ? null : this.#resolve(stored)
  }

  #read(event: RunEvent): void {
    switch (event.type) {
      case "scope.unwinding":
      case "run.cancel_requested":
        if (cuts.has(event.payload.cause.kind) || event.payload.cause.force) this.cut ??= event.payload.cause.kind
        if (event.stepId !== null) this.places.get(this.#stepKeys.get(event.stepId)!)!.left = true
        return
      case "run.completed":
        this.output =
          event.payload.output === null ? this.#value(event.payload.outputSeq) : this.#resolve(event.payload.output)
        return
      case "state.entered": {
        const key = `${this.#scopeKeys.get(event.payload.scope)}/${event.payload.name}#${event.payload.visit}`
        if (this.places.has(key)) throw new Error(`the place ${key} is entered twice`)
        this.#stepKeys.set(event.stepId!, key)
        this.places.set(key, {
          attempts: 0,
          failures: new Map(),
          approval: null,
          signal: null,
          child: null,
          ends: [],
          begun: 0,
          left: false,
        })
        return
      }
      default:
        break
    }
    const key = event.stepId === null ? undefined : this.#stepKeys.get(event.stepId)
    if (key !== undefined) this.#ofPlace(key, this.places.get(key)!, event)
  }

  #ofPlace(key: string, place: PlaceHistory, event: RunEvent): void {
    switch (event.type) {
      case "branch.started":
        this.#scopeKeys.set(event.payload.scope, `${key}/${event.payload.name}`)
        return
      case "item.started":
        place.begun++
        this.#scopeKeys.set(event.payload.scope, `${key}/${event.payload.index}`)
        return
      case "block.started":
        this.#scopeKeys.set(event.payload.scope, `${key}/${event.payload.kind}${event.payload.index}`)
        return
      case "branch.completed":
        if (!place.left) place.ends.push({ key: event.payload.name, status: event.payload.status })
        return
      case "item.completed":
        if (!place.left) place.ends.push({ key: event.payload.index, status: event.payload.status })
        return
      case "step.scheduled":
        place.attempts = event.payload.attempt
        return
      case "step.timed_out":
        place.failures.set(event.payload.attempt, event.payload.error)
        return
      case "step.failed":
        if (event.payload.error.kind === "lost") place.failures.set(event.payload.attempt, event.payload.error)
        return
      case "approval.approved":
      case "approval.rejected":
      case "approval.revised":
        place.approval = { type: event.type, value: this.#value(event.seq), outcome: event.payload.outcome }
        return
      case "approval.timed_out":
        place.approval = { type: event.type, value: null, outcome: "" }
        return
      case "signal.consumed":
        place.signal = { data: this.#value(event.payload.fromSeq) }
        return
      case "child.started":
        place.child = { runId: event.payload.childRunId, status: null, output: null, error: null }
        return
      case "child.finished": {
        const { status, output, error } = event.payload
        if (place.child !== null)
          Object.assign(place.child, { status, output: output === null ? null : this.#resolve(output), error })
        return
      }
      default:
        return
    }
  }
}
