/**
 * What happens to a run when one of its steps fails or runs out of time and nobody does anything, in words: its own
 * `onTimeout`, the catch clauses around it, what its branch or item means to the state that holds it.
 */
import type { ForeachState, ParallelState } from "../../definition/model.ts"
import { type Failure, matchesError } from "../../retry/retry.ts"
import type { Link } from "./definition-place.ts"

/** Verb and object, to be put behind "then" or "it": `goes on at escalate`, `the run fails`. */
export function afterFailure(chain: readonly Link[], failure: Failure): string {
  const link = chain[chain.length - 1]
  if (link === undefined) return "the run fails"
  const ways: string[] = []
  for (const clause of link.state.catch) {
    if (clause.errors !== null && !matchesError(clause.errors, failure)) continue
    const words = `the run goes on at ${clause.next}`
    if (clause.if === null) return [...ways, words].join("; otherwise ")
    ways.push(`${words} if ${clause.if.source}`)
  }
  return [...ways, afterPassing(chain, failure)].join("; otherwise ")
}

/** Nobody caught it at the state itself: what its scope makes of it. */
function afterPassing(chain: readonly Link[], failure: Failure): string {
  const { inside } = chain[chain.length - 1]!
  const outer = chain.slice(0, -1)
  const owner = outer[outer.length - 1]?.state
  switch (inside) {
    case null:
      return endsRunAsTimedOut(failure) ? "the run ends as timed out" : "the run fails"
    case "try":
    case "do":
      return afterFailure(outer, failure)
    case "branch":
      return afterBranch(owner as ParallelState, outer, failure)
    case "item":
      return afterItem(owner as ForeachState, outer, failure)
    case "finally":
    case "cancel":
      return `the clean-up of ${owner!.name} ends there`
  }
}

function afterBranch(owner: ParallelState, outer: readonly Link[], failure: Failure): string {
  const { mode, onBranchFailure } = owner.join
  switch (mode) {
    case "settled":
      return `this branch fails, and ${owner.name} goes on with the others`
    case "any":
    case "quorum":
      return `this branch fails, and ${owner.name} goes on as long as enough others succeed`
    case "all":
      return onBranchFailure === "failFast"
        ? `${owner.name} fails with it: ${afterFailure(outer, failure)}`
        : `${owner.name} fails when its other branches have ended: ${afterFailure(outer, failure)}`
  }
}

function afterItem(owner: ForeachState, outer: readonly Link[], failure: Failure): string {
  const tolerated = owner.toleratedFailureCount ?? (owner.onItemFailure === "fail" ? 0 : Number.POSITIVE_INFINITY)
  if (tolerated === 0) return `${owner.name} fails with it: ${afterFailure(outer, failure)}`
  if (tolerated === Number.POSITIVE_INFINITY) return `this item fails, and ${owner.name} goes on with the others`
  return `this item fails, and ${owner.name} goes on while at most ${tolerated} have failed`
}

/** settled 9: nobody came. */
function endsRunAsTimedOut({ kind, code }: Failure): boolean {
  return kind === "timeout" && (code === "approval_timeout" || code === "signal_timeout")
}

export const approvalTimeout: Failure = { class: "transient", kind: "timeout", code: "approval_timeout" }
export const signalTimeout: Failure = { class: "transient", kind: "timeout", code: "signal_timeout" }
export const stateTimeout: Failure = { class: "transient", kind: "timeout", code: "state_timeout" }

/** When nobody decides, or no signal comes, before the state's own time is up. */
export function afterTimeout(chain: readonly Link[], failure: Failure): string {
  const state = chain[chain.length - 1]?.state
  const onTimeout = state !== undefined && "onTimeout" in state ? state.onTimeout : null
  return onTimeout === null ? afterFailure(chain, failure) : `the run goes on at ${onTimeout.next}`
}
