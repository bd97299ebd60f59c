/** What somebody may say to an approval, in the order in which it is offered, and what is still missing to say it. */
import type { Approval } from "@waybill/contract"
import type { Tone } from "../../ui/tone.ts"

export interface Choice {
  readonly outcome: string
  /** `Approve`, `Send back`, or the author's own word. */
  readonly label: string
  readonly done: string
  readonly look: "primary" | "plain" | "danger"
  readonly keys: string | undefined
  readonly needsComment: boolean
  /** The server's reason why this person may not say it now. */
  readonly refused: string | undefined
  /** The state that a "no, once more" goes back to. */
  readonly rewindTo: string | null
}

const known = {
  approve: { label: "Approve", done: "Approved", look: "primary", keys: "Shift+A" },
  revise: { label: "Send back", done: "Sent back", look: "plain", keys: "Shift+E" },
  reject: { label: "Reject", done: "Rejected", look: "danger", keys: "Shift+R" },
} as const

const order = ["approve", "revise"]

export function choicesOf({ outcomes, actions }: Pick<Approval, "outcomes" | "actions">): readonly Choice[] {
  const choices = outcomes.map(({ name, requireComment, rewindTo }): Choice => {
    const action = actions.find((one) => one.name === name)
    const look = known[name as keyof typeof known] ?? { label: name, done: name, look: "plain", keys: undefined }
    return {
      ...look,
      outcome: name,
      // Whoever stops somebody's work says why, also where the author did not ask for it.
      needsComment: requireComment || name === "reject",
      refused: action?.allowed === false ? (action.reason ?? "not allowed") : undefined,
      rewindTo,
    }
  })
  const rank = ({ outcome }: Choice) => {
    if (outcome === "reject") return order.length + 1
    const at = order.indexOf(outcome)
    return at === -1 ? order.length : at
  }
  return choices.sort((a, b) => rank(a) - rank(b))
}

export function missingFor(choice: Choice, comment: string): string | null {
  return choice.needsComment && comment.trim() === "" ? `Say why: a comment is needed to ${verb(choice)}.` : null
}

function verb({ label }: Choice): string {
  return label.toLowerCase()
}

/** The reason where this person may say nothing of it all. */
export function refusedWholly(choices: readonly Choice[]): string | null {
  const [first] = choices
  return choices.every(({ refused }) => refused !== undefined) ? (first?.refused ?? "nothing can be said to it") : null
}

/** What somebody did by saying it: `approved`; an outcome of the author's own stands as it is. */
export function saidWords(outcome: string): string {
  const own = known[outcome as keyof typeof known]
  return own === undefined ? `said ${outcome}` : own.done.toLowerCase()
}

export function toneOfOutcome(outcome: string): Tone {
  if (outcome === "reject") return "failed"
  return outcome === "revise" ? "running" : "completed"
}
