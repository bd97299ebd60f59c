import type { Approval } from "@waybill/contract"
import { Time } from "../../ui/time/Time.tsx"
import { courseOf, nextOf } from "./approval-course.ts"

/** Whom it went to since it was asked, who was reminded, and what happens next by itself. */
export function Course({ approval }: { readonly approval: Approval }) {
  const points = courseOf(approval)
  const next = approval.state === "pending" ? nextOf(approval) : []
  if (points.length === 0 && next.length === 0) return null
  return (
    <section aria-label="Since it was asked">
      <h3 className="mb-1 text-xs font-medium text-muted">Since it was asked</h3>
      <ul className="flex flex-col gap-1">
        {points.map(({ at, words, comment }) => (
          <li key={`${at} ${words}`} className="flex flex-wrap gap-x-2 wrap-anywhere">
            <span className="text-muted">
              <Time at={at} />
            </span>
            <span className="min-w-0">
              {words}
              {comment && <span className="text-muted">: {comment}</span>}
            </span>
          </li>
        ))}
        {next.map(({ at, words }) => (
          <li key={`${at} ${words}`} className="flex flex-wrap gap-x-2 text-muted">
            <Time at={at} />
            <span>{words}, if nobody has decided</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
