/** What happens around an approval, as news. */
import { type Payload, text } from "./story-words.ts"
import type { Style } from "./style.ts"

export function approvalNews(style: Style, type: string, payload: Payload): readonly [string, string] | null {
  switch (type) {
    case "approval.requested":
      return [style.yellow("?"), text(payload.message)]
    case "approval.voted":
      return [style.cyan("!"), `${text(payload.by)} votes ${text(payload.outcome)}`]
    case "approval.delegated":
      return [style.cyan("!"), `${text(payload.from)} hands over to ${text(payload.to)}`]
    case "approval.escalated":
      return [style.yellow("!"), `escalated to ${people(payload.to)}`]
    case "approval.reminded":
      return [style.dim("!"), "reminded"]
    case "approval.warned":
      return [style.yellow("!"), payload.kind === "due" ? "is due" : "is due soon"]
    case "approval.approved":
      return [style.green("!"), `approved by ${people(payload.decidedBy)}${comment(payload)}`]
    case "approval.rejected":
      return [style.red("!"), `rejected by ${people(payload.decidedBy)}${comment(payload)}`]
    case "approval.revised":
      return [style.yellow("!"), `${text(payload.outcome)} by ${people(payload.decidedBy)}${comment(payload)}`]
    case "approval.timed_out":
      return [style.red("!"), "nobody decided in time"]
    case "approval.cancelled":
      return [style.dim("!"), `no longer needed: ${text(payload.reason)}`]
    default:
      return null
  }
}

function people(value: unknown): string {
  return Array.isArray(value) && value.length > 0 ? value.map(text).join(", ") : "somebody"
}

function comment(payload: Payload): string {
  const words = text(payload.comment)
  return words === "" ? "" : `: “${words}”`
}
