import type { Approval } from "@waybill/contract"
import { Glyph } from "../../ui/Glyph.tsx"
import { saidWords, toneOfOutcome } from "./choices.ts"

/** Who has said what so far, where more than one has to agree. */
export function Votes({ votes }: Pick<Approval, "votes">) {
  if (votes.length === 0) return null
  return (
    <section aria-label="Votes so far">
      <h3 className="mb-1 text-xs font-medium text-muted">Votes so far</h3>
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
