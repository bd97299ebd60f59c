import { useQueries } from "@tanstack/react-query"
import { Button } from "../../ui/Button.tsx"
import { EmptyState } from "../../ui/EmptyState.tsx"
import { clockNow } from "../../ui/time/clock.ts"
import { useTimeSettings } from "../../ui/time/time-settings.ts"
import { askedRuns } from "../list/asked.ts"
import { matchingQuery } from "../questions.ts"
import type { RunsPageSearch } from "../search.ts"
import { countWords } from "./count-words.ts"
import { Elsewhere } from "./Elsewhere.tsx"
import { waysOut } from "./ways-out.ts"

interface NoMatchProps {
  readonly search: RunsPageSearch
  readonly env: string
  readonly onSearch: (patch: Partial<RunsPageSearch>) => void
}

/** Runs are there, and none is like this: which part to leave out, with how many there would be then. */
export function NoMatch({ search, env, onSearch }: NoMatchProps) {
  const { zone } = useTimeSettings()
  const ways = waysOut(search, clockNow(), zone)
  const counted = useQueries({
    queries: ways.map(({ patch }) => matchingQuery(askedRuns({ ...search, ...patch }, env))),
  })
  return (
    <EmptyState
      icon="filter"
      title="No run matches"
      action={
        <Button look="quiet" onClick={() => onSearch({ q: undefined, from: undefined, to: undefined })}>
          Show all runs
        </Button>
      }
    >
      <p>All parts must hold at once. Leave one out:</p>
      <ul className="mt-3 flex flex-col items-center gap-1.5">
        {ways.map(({ label, patch }, at) => {
          const total = counted[at]?.data?.total
          return (
            <li key={label}>
              <Button icon="cross" onClick={() => onSearch(patch)}>
                <code className="max-w-64 truncate">{label}</code>
                <span className="font-normal text-muted">{total && countWords(total.value, total.exact)}</span>
              </Button>
            </li>
          )
        })}
      </ul>
      <Elsewhere search={search} env={env} />
    </EmptyState>
  )
}
