/**
 * Wakes runs when something stored is due (rule 15). The truth is the timer rows; here are only the nearest of them, in
 * a heap, so that waiting costs neither polling nor memory. A timer only wakes: whether a deadline has passed is decided
 * in the run. Overdue ones at boot go out in order of due time and id, a bounded number at a time.
 */
import type { TimerRow } from "../core/views/rows.ts"
import type { Clock } from "../ports/clock.ts"
import type { Log } from "../ports/log.ts"
import { Heap } from "./heap.ts"

/**
 * What became of a fired timer: over (taken by its run, or long gone), or `stuck`: its row stays, because its run cannot
 * be decided, and it is not fired again in this process.
 */
export type FireOutcome = "over" | "stuck"

export interface TimerPorts {
  readonly clock: Clock
  readonly log: Log
  dueTimers(before: number, limit: number): Promise<readonly TimerRow[]>
  fire(runId: string, timerId: string, done: (outcome: FireOutcome) => void): void
  /** A read of the store failed: the process cannot know what is due. */
  fault(error: unknown): void
}

export interface TimerLimits {
  /** How far ahead timers are kept in memory. */
  readonly horizonMs: number
  /** How many of them at most. */
  readonly nearMax: number
  /** How many may be fired and not yet decided. */
  readonly firingMax: number
  /** How often wall and monotonic time are compared. */
  readonly tickMs: number
  readonly jumpMs: number
}

export const defaultTimerLimits: TimerLimits = {
  horizonMs: 3_600_000,
  nearMax: 8_192,
  firingMax: 256,
  tickMs: 30_000,
  jumpMs: 60_000,
}

/** Cancelled timers that the heap may hold besides the live ones. */
const deadMax = 1_024

interface Entry {
  readonly runId: string
  readonly timerId: string
  readonly dueAt: number
  live: boolean
}

export class Timers {
  readonly #ports: TimerPorts
  readonly #limits: TimerLimits
  readonly #heap = new Heap<Entry>((a, b) => a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.timerId < b.timerId))
  /** By run, then timer: all in the heap, being fired, or stuck. */
  readonly #known = new Map<string, Map<string, Entry>>()
  /** Every stored timer that is due at or before this is known here. */
  #loadedUntil = Number.NEGATIVE_INFINITY
  #loading: number | null = null
  #firing = 0
  #near = 0
  #cancelWake: (() => void) | null = null
  /** On the clock that never jumps: behind a jump of the other one a near timer must not wait for the next tick. */
  #wakeAt = Number.POSITIVE_INFINITY
  #lastWall = 0
  #lastMonotonic = 0
  #stopped = true
  #jumps = 0

  constructor(ports: TimerPorts, limits: TimerLimits = defaultTimerLimits) {
    this.#ports = ports
    this.#limits = limits
  }

  /** How often the wall clock was seen to jump (rule 15). */
  get jumps(): number {
    return this.#jumps
  }

  /** Timers held in memory. */
  get near(): number {
    return this.#near
  }

  /** Entries in the heap, cancelled ones included: bounded by those that live. */
  get held(): number {
    return this.#heap.size
  }

  start(): void {
    this.#stopped = false
    this.#lastWall = this.#ports.clock.now()
    this.#lastMonotonic = this.#ports.clock.monotonic()
    this.#refill()
    this.#arm()
  }

  stop(): void {
    this.#stopped = true
    this.#cancelWake?.()
    this.#cancelWake = null
    this.#wakeAt = Number.POSITIVE_INFINITY
  }

  /** After the commit that stored it. Far ones are left to the store. */
  set(runId: string, timerId: string, dueAt: number): void {
    if (dueAt > this.#loadedUntil && (this.#loading === null || dueAt > this.#loading)) {
      // Far, and yet due before the next look: the wall clock jumped over what was loaded.
      if (this.#isSooner(dueAt)) this.#refill()
      return
    }
    if (this.#add(runId, timerId, dueAt) && this.#isSooner(dueAt)) this.#arm()
  }

  /** After the commit that removed it. */
  cancel(runId: string, timerId: string): void {
    const entry = this.#known.get(runId)?.get(timerId)
    if (entry === undefined) return
    if (entry.live) this.#near--
    entry.live = false
    this.#forget(entry)
    // Runs that end long before their timeouts must not fill the heap with what will never fire.
    if (this.#heap.size > 2 * this.#near + deadMax) this.#heap.retain(({ live }) => live)
  }

  /** Its run can be decided again: a timer that was stuck is fired once more. */
  again(runId: string, timerId: string, dueAt: number): void {
    const entry = this.#known.get(runId)?.get(timerId)
    if (entry !== undefined && !entry.live) this.#forget(entry)
    this.set(runId, timerId, dueAt)
  }

  /** True when it will fire: from here, or from the store when it is nearer. For the reconciler. */
  covers(runId: string, timerId: string, dueAt: number): boolean {
    return dueAt > this.#loadedUntil || this.#known.get(runId)?.has(timerId) === true
  }

  #add(runId: string, timerId: string, dueAt: number): boolean {
    let ofRun = this.#known.get(runId)
    if (ofRun === undefined) {
      ofRun = new Map()
      this.#known.set(runId, ofRun)
    }
    if (ofRun.has(timerId)) return false
    const entry: Entry = { runId, timerId, dueAt, live: true }
    ofRun.set(timerId, entry)
    this.#heap.push(entry)
    this.#near++
    return true
  }

  #forget(entry: Entry): void {
    const ofRun = this.#known.get(entry.runId)
    if (ofRun?.get(entry.timerId) !== entry) return
    ofRun.delete(entry.timerId)
    if (ofRun.size === 0) this.#known.delete(entry.runId)
  }

  #arm(): void {
    if (this.#stopped) return
    this.#cancelWake?.()
    let next = this.#heap.peek()
    while (next !== undefined && !next.live) {
      this.#heap.pop()
      next = this.#heap.peek()
    }
    const delay = next === undefined ? this.#limits.tickMs : Math.min(this.#delayTo(next.dueAt), this.#limits.tickMs)
    this.#wakeAt = this.#ports.clock.monotonic() + delay
    this.#cancelWake = this.#ports.clock.setTimer(delay, () => this.#wake())
  }

  #wake(): void {
    if (this.#stopped) return
    this.#cancelWake = null
    this.#watchTheWall()
    this.#fireDue()
    this.#refill()
    this.#arm()
  }

  #fireDue(): void {
    const now = this.#ports.clock.now()
    while (this.#firing < this.#limits.firingMax && !this.#stopped) {
      const entry = this.#heap.peek()
      if (entry === undefined || (entry.live && entry.dueAt > now)) return
      this.#heap.pop()
      if (!entry.live) continue
      entry.live = false
      this.#near--
      this.#firing++
      this.#ports.fire(entry.runId, entry.timerId, (outcome) => this.#fired(entry, outcome))
    }
  }

  #fired(entry: Entry, outcome: FireOutcome): void {
    this.#firing--
    // A stuck one stays known, or it would be fired again with every refill.
    if (outcome === "over") this.#forget(entry)
    if (this.#firing === this.#limits.firingMax - 1) this.#fireDue()
    if (this.#near < this.#limits.nearMax / 4) this.#refill()
    const next = this.#heap.peek()
    if (this.#cancelWake !== null && next !== undefined && this.#isSooner(next.dueAt)) this.#arm()
  }

  #delayTo(dueAt: number): number {
    return Math.max(0, dueAt - this.#ports.clock.now())
  }

  /** Than what wakes next, by more than the two clocks differ in rounding. */
  #isSooner(dueAt: number): boolean {
    return this.#delayTo(dueAt) < this.#wakeAt - this.#ports.clock.monotonic() - 1
  }

  /** Brings more rows in when not all that are due within the horizon are known and there is room. */
  #refill(): void {
    if (this.#stopped || this.#loading !== null || this.#near >= this.#limits.nearMax / 2) return
    const now = this.#ports.clock.now()
    // Half a horizon of slack: otherwise every wake would move the horizon and read again.
    if (this.#loadedUntil >= now + this.#limits.horizonMs / 2) return
    const until = now + this.#limits.horizonMs
    this.#loading = until
    this.#ports.dueTimers(until, this.#limits.nearMax).then(
      (rows) => this.#loaded(until, rows),
      (error: unknown) => this.#ports.fault(error),
    )
  }

  #loaded(until: number, rows: readonly TimerRow[]): void {
    this.#loading = null
    for (const row of rows) this.#add(row.runId, row.timerId, row.dueAt)
    const last = rows[rows.length - 1]
    this.#loadedUntil = rows.length < this.#limits.nearMax || last === undefined ? until : last.dueAt - 1
    this.#fireDue()
    this.#arm()
  }

  #watchTheWall(): void {
    const wall = this.#ports.clock.now()
    const monotonic = this.#ports.clock.monotonic()
    const jumpedMs = wall - this.#lastWall - (monotonic - this.#lastMonotonic)
    this.#lastWall = wall
    this.#lastMonotonic = monotonic
    if (Math.abs(jumpedMs) < this.#limits.jumpMs) return
    this.#jumps++
    this.#ports.log.write("warn", "the wall clock jumped", { jumpedMs: Math.round(jumpedMs) })
    // Back in time: what was loaded up to the old horizon still holds, so nothing is read twice.
  }
}
