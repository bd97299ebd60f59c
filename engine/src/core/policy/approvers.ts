/** Who may decide an approval (dsl.md §6): against the authenticated identity, at the request and at the decision. */
import type { Actor } from "../run/commands.ts"

export function isApprover(actor: Actor, approvers: readonly string[]): boolean {
  if (actor.id.startsWith("agent:")) return false
  // An approval that lists nobody is any operator's (settled 24).
  if (approvers.length === 0) return actor.role === "operator" || actor.role === "admin"
  return approvers.some(
    (who) => who === actor.id || (who.startsWith("team:") && actor.teams.includes(who.slice("team:".length))),
  )
}
