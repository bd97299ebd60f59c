import { useQuery } from "@tanstack/react-query"
import { cx } from "../../ui/cx.ts"
import { toneFill } from "../../ui/tone.ts"
import type { AskedRuns } from "../list/asked.ts"
import { countsQuery } from "../questions.ts"
import { countOf, groupOf, statusGroups, withGroup } from "../status-groups.ts"

interface StatusTabsProps {
  readonly asked: AskedRuns
  readonly query: string
  readonly onQuery: (query: string) => void
}

/** How many runs there are of each kind; pressed, only these. They are the legend of the histogram below. */
export function StatusTabs({ asked, query, onQuery }: StatusTabsProps) {
  const { data } = useQuery(countsQuery(asked))
  const chosen = groupOf(query)
  const exactly = data?.total.exact ?? true
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">Status</legend>
      <div className="flex gap-1 overflow-x-auto [scrollbar-width:none]">
        <StatusTab
          label="All"
          count={data?.total.value}
          exactly={exactly}
          chosen={chosen.id === "all"}
          onPress={() => onQuery(withGroup(query, "all"))}
        />
        {statusGroups.map((group) => (
          <StatusTab
            key={group.id}
            label={group.label}
            fill={toneFill[group.tone]}
            count={data && countOf(group, data.byStatus)}
            exactly={exactly}
            chosen={chosen.id === group.id && (chosen.isPart ? "mixed" : true)}
            onPress={() => onQuery(withGroup(query, group.id))}
          />
        ))}
      </div>
    </fieldset>
  )
}

interface StatusTabProps {
  readonly label: string
  readonly fill?: string
  readonly count: number | undefined
  readonly exactly: boolean
  /** `mixed`: only some of its statuses are asked for. */
  readonly chosen: boolean | "mixed"
  readonly onPress: () => void
}

function StatusTab({ label, fill, count, exactly, chosen, onPress }: StatusTabProps) {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={onPress}
      className={cx(
        "inline-flex h-7 shrink-0 items-center gap-1.5 rounded-sm border px-2 font-medium focus-visible:-outline-offset-2",
        looks[String(chosen) as keyof typeof looks],
      )}
    >
      {fill && <span aria-hidden="true" className={cx("size-2 rounded-xs", fill)} />}
      {label}
      <span className={cx("font-normal", count === 0 ? "text-faint" : "text-muted")}>
        {count === undefined ? "" : `${count.toLocaleString("en")}${exactly || count === 0 ? "" : "+"}`}
      </span>
    </button>
  )
}

const looks = {
  true: "border-line-strong bg-selected text-fg",
  mixed: "border-dashed border-line-control bg-surface text-fg",
  false: "border-transparent text-muted hover:bg-hover hover:text-fg",
} as const
