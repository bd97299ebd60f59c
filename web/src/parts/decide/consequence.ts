/** What happens to the run when this is said, or nothing, in words, before anybody says it. */
import type { Approval } from "@waybill/contract"
import type { AskingState } from "./asking-state.ts"
import type { Choice } from "./choices.ts"

/** `state`: undefined while it is on its way, null where it is not known. */
export function effectOf(choice: Choice, state: AskingState | null | undefined, votes: Approval["votes"] = []): string {
  if (state === undefined) return onItsWay
  const others = stillNeeded(choice, state, votes)
  const effect = finalEffect(choice, state)
  if (others === 0) return effect
  return `Counts as a vote: ${others} more ${others === 1 ? "is" : "are"} needed. After that: ${effect}`
}

/** Words that change under the eye of somebody who is about to press are worse than a moment without. */
const onItsWay = "…"

function finalEffect(choice: Choice, state: AskingState | null): string {
  if (choice.rewindTo !== null) return `The run goes back to ${choice.rewindTo} and asks again afterwards.`
  return choice.outcome === "reject" ? rejected(state) : onwards(choice, state)
}

function onwards(choice: Choice, state: AskingState | null): string {
  if (state === null)
    return choice.outcome === "approve"
      ? "The run goes on."
      : `The run goes on as the workflow says for ${choice.outcome}.`
  if (state.next !== null) return `The run goes on at ${state.next}.`
  return state.isTop ? "The run completes: this is its last step." : "This part of the run is done."
}

function rejected(state: AskingState | null): string {
  if (state === null)
    return "The run does not do what it asked for. Where the workflow says nothing else, it is cancelled."
  const { next, fails } = state.onReject
  if (next !== null) return `The run goes on at ${next}.`
  if (!fails) return "The run is cancelled."
  return state.catches
    ? "The step fails; the workflow may catch that."
    : "The step fails, with your comment as the reason."
}

/** After this vote, before it counts; 0: it decides. */
function stillNeeded({ outcome }: Choice, state: AskingState | null, votes: Approval["votes"]): number {
  const quorum = outcome === "approve" || outcome === "reject" ? (state?.quorum[outcome] ?? 1) : 1
  const cast = votes.filter((vote) => vote.outcome === outcome).length
  return Math.max(0, quorum - cast - 1)
}

/** When nobody decides, to stand behind the time of it: `in 59 min: the run ends as timed out.` */
export function otherwiseOf({ timeoutAt }: Pick<Approval, "timeoutAt">, state: AskingState | null | undefined): string {
  if (timeoutAt === null) return "It waits until somebody decides."
  if (state === undefined) return onItsWay
  if (state?.onTimeout != null) return `the run goes on at ${state.onTimeout}.`
  if (state === null || state.catches || !state.isTop) return "its time is up, and the workflow says what follows."
  return "the run ends as timed out."
}
