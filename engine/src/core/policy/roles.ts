/**
 * Who may do what (settled 24), and whether it can be done now, by the row alone (rule 34): no run is loaded to draw a
 * button. `decide` has the last word; these agree with it as far as a row can tell.
 */
import type { Json } from "../json.ts"
import type { Actor } from "../run/commands.ts"
import type { EventPayloads } from "../run/events.ts"
import type { ApprovalRow, RunRow } from "../views/rows.ts"
import { isApprover } from "./approvers.ts"

export type Permission = "read" | "operate" | "administer"

export type RunAction =
  | "pause"
  | "resume"
  | "cancel"
  | "signal"
  | "retry-now"
  | "rerun"
  /** Beside the history: nothing of the run changes. */
  | "annotate"
  | "tag"
  | "assign"
  | "resolve"

export const runActions: readonly RunAction[] = [
  "pause",
  "resume",
  "cancel",
  "signal",
  "retry-now",
  "rerun",
  "annotate",
  "tag",
  "assign",
  "resolve",
]

export type Allowed = { readonly allowed: true } | { readonly allowed: false; readonly reason: string }

const yes: Allowed = { allowed: true }

function no(reason: string): Allowed {
  return { allowed: false, reason }
}

export function mayEver(actor: Actor, permission: Permission): Allowed {
  if (actor.role === "system" || actor.role === "admin" || permission === "read") return yes
  if (permission === "operate" && actor.role === "operator") return yes
  return no(`this needs the role ${permission === "operate" ? "operator" : "admin"}, ${actor.id} has ${actor.role}`)
}

/** Whether this actor can do this to a run that stands as its row says. */
export function canRun(row: RunRow, action: RunAction, actor: Actor): Allowed {
  const ever = mayEver(actor, "operate")
  if (!ever.allowed) return ever
  const finished = row.completedAt !== null
  if (action === "annotate" || action === "tag" || action === "assign") return yes
  if (action === "resolve") {
    if (!finished) return no("the run has not ended")
    return row.status === "COMPLETED" ? no("the run completed: there is nothing to resolve") : yes
  }
  if (action === "rerun") return finished ? yes : no("the run has not ended")
  if (finished) return no(`the run has ended: ${row.status}`)
  const leaving = row.reason === "cancelling" || row.reason === "timing_out"
  switch (action) {
    case "pause":
      if (row.status === "PAUSED") return no("the run is paused already")
      return leaving ? no("the run is being ended") : yes
    case "resume":
      return row.status === "PAUSED" ? yes : no("the run is not paused")
    case "cancel":
      return leaving ? no("the run is being ended already") : yes
    case "signal":
      return leaving ? no("the run is being ended") : yes
    case "retry-now":
      return blockers(row).some(({ kind }) => kind === "retry" || kind === "operator")
        ? yes
        : no("no step of this run waits for a retry")
  }
}

/** What the event that asked says about who may decide, beside the row; unknown once it was erased. */
export type ApprovalTerms = Pick<EventPayloads["approval.requested"], "delegation" | "separationOfDuties">

/** Whether this actor can give this outcome, or delegate, on an approval that stands as its row and its terms say. */
export function canDecide(row: ApprovalRow, terms: ApprovalTerms | null, outcome: string, actor: Actor): Allowed {
  const ever = mayEver(actor, "operate")
  if (!ever.allowed) return ever
  if (row.state !== "pending") return no(`the approval is closed: ${row.outcome ?? row.state}`)
  const approvers = JSON.parse(row.approvers) as string[]
  if (!isApprover(actor, approvers)) return no(`it asks ${approvers.join(", ") || "an operator or admin"}`)
  if (outcome === "delegate") return (terms?.delegation ?? false) ? yes : no("this approval may not be delegated")
  const outcomes = JSON.parse(row.outcomes) as { name: string }[]
  if (!outcomes.some((offered) => offered.name === outcome))
    return no(`it offers ${outcomes.map((offered) => offered.name).join(", ")}`)
  const duties = terms?.separationOfDuties ?? { excludeInitiator: false, distinct: true }
  if (duties.excludeInitiator && actor.id === row.requestedBy) return no("whoever started the run may not decide it")
  if (!duties.distinct) return yes
  const votes = JSON.parse(row.votes) as { by: string }[]
  return votes.some((vote) => vote.by === actor.id) ? no(`${actor.id} has voted already`) : yes
}

function blockers(row: RunRow): readonly { readonly kind?: Json }[] {
  return JSON.parse(row.blockedOn) as { kind?: Json }[]
}
