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
    <fieldset className="flex min-w-0 gap-1 overflow-x-auto [scrollbar-width:none]">
      <legend className="sr-only">Status</legend>
      <StatusTab
        label="All"
        count={data?.total.value}
        exactly={exactly}
        isChosen={chosen === "all"}
        onPress={() => onQuery(withGroup(query, "all"))}
      />
      {statusGroups.map((group) => (
        <StatusTab
          key={group.id}
          label={group.label}
          fill={toneFill[group.tone]}
          count={data && countOf(group, data.byStatus)}
          exactly={exactly}
          isChosen={chosen === group.id}
          onPress={() => onQuery(withGroup(query, group.id))}
        />
      ))}
    </fieldset>
  )
}

interface StatusTabProps {
  readonly label: string
  readonly fill?: string
  readonly count: number | undefined
  readonly exactly: boolean
  readonly isChosen: boolean
  readonly onPress: () => void
}

function StatusTab({ label, fill, count, exactly, isChosen, onPress }: StatusTabProps) {
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={onPress}
      className={cx(
        "inline-flex h-7 shrink-0 items-center gap-1.5 rounded-sm border px-2 font-medium focus-visible:-outline-offset-2",
        isChosen
          ? "border-line-strong bg-selected text-fg"
          : "border-transparent text-muted hover:bg-hover hover:text-fg",
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
