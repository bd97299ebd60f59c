/**
 * One validation of one value. It counts what is done and stops at a bound, so that no schema, however it refers to
 * itself, and no value can hold up the engine (rule 1, rule 30).
 */
import type { Json, JsonObject } from "../../json.ts"
import { type PointerStep, pointerOf } from "../../json-pointer.ts"
import type { Resource } from "./resource.ts"

/** A step is some 30 to 100 ns: bounded by what a value of the largest size needs for a plain schema. */
export const STEPS_MAX = 4_000_000
/** Schemas inside each other, a reference counting as one: far more than 64 levels of value and of schema need. */
export const DEPTH_MAX = 1_000
/** Found, not told: alternatives may make many that are dropped again. */
const BROKEN_MAX = 1_000

/** One keyword that a value breaks. */
export interface Broken {
  readonly keyword: string
  readonly pointer: string
  readonly params: Readonly<Record<string, Json>>
  readonly value: Json
  readonly schema: JsonObject | null
}

/** The validation would take longer than anybody may wait for it. */
export class TooMuchWork extends Error {}
/** The schema leads back to itself without going into the value. */
export class EndlessReference extends Error {}

export class Pass {
  /** Null: only whether the value is valid is asked, the first thing that is wrong ends it. */
  broken: Broken[] | null
  readonly #path: PointerStep[] = []
  readonly #scope: Resource[] = []
  #steps = 0
  #depth = 0

  constructor(collects: boolean) {
    this.broken = collects ? [] : null
  }

  get steps(): number {
    return this.#steps
  }

  /** Resources on the way to here, the outermost first. */
  get scope(): readonly Resource[] {
    return this.#scope
  }

  /** True when one more finding would change nothing. */
  get isDone(): boolean {
    return this.broken === null || this.broken.length >= BROKEN_MAX
  }

  spend(steps: number): void {
    this.#steps += steps
    if (this.#steps > STEPS_MAX) throw new TooMuchWork()
  }

  enter(resource: Resource): void {
    if (++this.#depth > DEPTH_MAX) throw new EndlessReference()
    this.#scope.push(resource)
  }

  leave(): void {
    this.#depth -= 1
    this.#scope.pop()
  }

  at<Result>(step: PointerStep, look: () => Result): Result {
    this.#path.push(step)
    const result = look()
    this.#path.pop()
    return result
  }

  /** @returns false, always: what a check returns that tells something */
  tell(keyword: string, params: Broken["params"], value: Json, schema: JsonObject | null): false {
    if (this.broken === null || this.broken.length >= BROKEN_MAX) return false
    this.broken.push({ keyword, pointer: pointerOf(this.#path), params, value, schema })
    return false
  }

  /** Asks without telling: `not`, `if`, `contains`. */
  quietly(ask: () => boolean): boolean {
    const kept = this.broken
    this.broken = null
    const answer = ask()
    this.broken = kept
    return answer
  }

  /** Findings since `mark` do not count: another alternative holds. */
  forgetSince(mark: number): void {
    if (this.broken !== null) this.broken.length = Math.min(this.broken.length, mark)
  }
}
