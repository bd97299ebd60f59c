/**
 * What one evaluation may still spend, and where it is. Everything that loops, grows or nests asks here first; nothing
 * else bounds an expression. Never refills.
 */
import { Failure, fail } from "./error.ts"
import { CALL_DEPTH_MAX, CHARS_PER_STEP, EVALUATION_DEPTH_MAX, STEPS_MAX, VALUE_BYTES_MAX } from "./limits.ts"

export class Meter {
  stepsLeft: number
  bytesLeft = VALUE_BYTES_MAX
  evaluationDepth = 0
  callDepth = 0
  /** Source range of the operation under way: where a failure is reported. */
  from = 0
  to = 0
  private readonly stepsGranted: number

  constructor(stepsOfCommand: number) {
    this.stepsGranted = Math.max(0, Math.min(STEPS_MAX, stepsOfCommand))
    this.stepsLeft = this.stepsGranted
  }

  get stepsUsed(): number {
    return this.stepsGranted - Math.max(0, this.stepsLeft)
  }

  step(count = 1): void {
    this.stepsLeft -= count
    if (this.stepsLeft < 0) this.failOutOfSteps()
  }

  /** Reading `characters` characters once. */
  read(characters: number): void {
    if (characters >= CHARS_PER_STEP) this.step(Math.floor(characters / CHARS_PER_STEP))
  }

  /** Values of about `bytes` bytes come into being. Ask before making them. */
  grow(bytes: number): void {
    this.bytesLeft -= bytes
    if (this.bytesLeft < 0) {
      fail(`the expression creates more than ${VALUE_BYTES_MAX / 1024} KiB of values`, { code: "expression_budget" })
    }
  }

  enterEvaluation(): void {
    if (++this.evaluationDepth > EVALUATION_DEPTH_MAX) failTooDeep()
  }

  leaveEvaluation(): void {
    this.evaluationDepth--
  }

  enterCall(): void {
    if (++this.callDepth > CALL_DEPTH_MAX) {
      fail(`calls are nested deeper than ${CALL_DEPTH_MAX}`, { code: "expression_budget" })
    }
  }

  leaveCall(): void {
    this.callDepth--
  }

  private failOutOfSteps(): never {
    const ofCommand = this.stepsGranted < STEPS_MAX
    throw new Failure(
      ofCommand
        ? `the steps left to this command (${this.stepsGranted}) are used up`
        : `the expression takes more than ${STEPS_MAX} steps`,
      { code: "expression_budget" },
    )
  }
}

/** For what happens once, after the evaluation: error messages and the caller's own look at the result. */
class Unmetered extends Meter {
  override step(): void {}
  override grow(): void {}
}

export const UNMETERED: Meter = new Unmetered(0)

export function failTooDeep(): never {
  return fail("the evaluation is nested too deeply", { code: "expression_budget" })
}
