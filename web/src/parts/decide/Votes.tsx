import type { Approval } from "@waybill/contract"
import { Glyph } from "../../ui/Glyph.tsx"
import { saidWords, toneOfOutcome } from "./choices.ts"

/** Who has said what so far, where more than one has to agree. */
export function Votes({ votes, state }: Pick<Approval, "votes" | "state">) {
  if (votes.length === 0) return null
  const title = state === "pending" ? "Votes so far" : "Votes"
  return (
    <section aria-label={title}>
      <h3 className="mb-1 text-xs font-medium text-muted">{title}</h3>
      <ul className="flex flex-col gap-1">
        {votes.map((vote, at) => {
          const { by, outcome, comment } = vote as Readonly<Record<string, string | null>>
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: votes are only ever added behind
            <li key={at} className="flex items-start gap-2">
              <Glyph
                name={outcome === "reject" ? "cross" : "check"}
                tone={toneOfOutcome(outcome ?? "")}
                className="mt-0.5"
              />
              <span className="min-w-0 wrap-anywhere">
                <span className="font-medium">{by}</span> {saidWords(outcome ?? "")}
                {comment && <span className="text-muted">: {comment}</span>}
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
