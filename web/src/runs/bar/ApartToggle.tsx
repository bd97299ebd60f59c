import { useQuery } from "@tanstack/react-query"
import { cx } from "../../ui/cx.ts"
import type { AskedRuns } from "../list/asked.ts"
import { names } from "../query/edit.ts"
import { runFields } from "../query/fields.ts"
import { apartQuery } from "../questions.ts"

interface ApartToggleProps {
  readonly asked: AskedRuns
  readonly query: string
  readonly isIn: boolean
  readonly onIn: (isIn: boolean) => void
}

/** Backfills and replays stay out of the list until they are asked for; how many stay out is said. */
export function ApartToggle({ asked, query, isIn, onIn }: ApartToggleProps) {
  const isWritten = names(query, runFields.origin)
  const { data } = useQuery({ ...apartQuery(asked), enabled: !isWritten })
  const count = data?.total.value ?? 0
  if (isWritten || (count === 0 && !isIn)) return null
  const many = `${count.toLocaleString("en")}${data?.total.exact === false ? "+" : ""}`
  return (
    <button
      type="button"
      aria-pressed={isIn}
      onClick={() => onIn(!isIn)}
      className={cx(
        "inline-flex h-7 shrink-0 items-center gap-1.5 rounded-sm border px-2 focus-visible:-outline-offset-2",
        isIn ? "border-line-strong bg-selected text-fg" : "border-dashed border-line-control text-muted hover:bg-hover",
      )}
    >
      Backfills and replays
      <span className="text-muted">{isIn ? many : `${many} hidden`}</span>
    </button>
  )
}
