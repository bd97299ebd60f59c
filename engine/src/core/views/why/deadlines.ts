/** Which time runs out first for a step that waits, and what then happens: its own, that of a state around it, the run's. */
import type { Failure } from "../../retry/retry.ts"
import { afterFailure, afterTimeout, stateTimeout } from "./afterwards.ts"
import type { Link } from "./definition-place.ts"

export interface Deadline {
  readonly at: number
  /** Verb and object: `the run goes on at escalate`. */
  readonly words: string
}

export interface WaitingStep {
  readonly name: string
  /** When its own time is up. */
  readonly timeoutAt: number | null
  /** What it then fails with. */
  readonly failure: Failure
}

/** Times of states around a step, outermost first, by name; and the run's own. */
export interface OuterTimes {
  readonly states: readonly { readonly name: string; readonly at: number }[]
  readonly runAt: number | null
}

/** @param chain where the step stands in its definition; null = not known */
export function nearestDeadline(chain: readonly Link[] | null, step: WaitingStep, outer: OuterTimes): Deadline | null {
  const deadlines: Deadline[] = []
  if (step.timeoutAt !== null)
    deadlines.push({
      at: step.timeoutAt,
      words: chain === null ? `${step.name} is out of time` : afterTimeout(chain, step.failure),
    })
  for (const { name, at } of outer.states) deadlines.push({ at, words: afterHolder(chain, name) })
  if (outer.runAt !== null) deadlines.push({ at: outer.runAt, words: "the run ends as timed out" })
  return deadlines.reduce<Deadline | null>((first, one) => (first === null || one.at < first.at ? one : first), null)
}

function afterHolder(chain: readonly Link[] | null, name: string): string {
  const at = chain?.findIndex((link) => link.state.name === name) ?? -1
  const out = `${name} is out of time`
  return chain === null || at < 0 ? out : `${out}, and ${afterFailure(chain.slice(0, at + 1), stateTimeout)}`
}
