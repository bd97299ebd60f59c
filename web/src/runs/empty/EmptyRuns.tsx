/** Why there is nothing, and what to do: each state in its own words, and none of them is another one's. */
import { isCode } from "../../data/problem-words.ts"
import { ProblemNote } from "../../page/ProblemNote.tsx"
import type { RunsPageSearch } from "../search.ts"
import { isAllTime } from "../time/time-range.ts"
import { NoMatch } from "./NoMatch.tsx"
import { NothingYet } from "./NothingYet.tsx"
import { NotUnderstood } from "./NotUnderstood.tsx"

interface EmptyRunsProps {
  readonly search: RunsPageSearch
  readonly env: string
  readonly error: unknown
  readonly onSearch: (patch: Partial<RunsPageSearch>) => void
  readonly onRetry: () => void
}

export function EmptyRuns({ search, env, error, onSearch, onRetry }: EmptyRunsProps) {
  if (isCode(error, "invalid_query")) return <NotUnderstood error={error} onClear={() => onSearch({ q: undefined })} />
  if (error !== null) {
    return (
      <div className="mx-auto max-w-2xl p-4">
        <ProblemNote error={error} about="The runs could not be loaded" onRetry={onRetry} />
      </div>
    )
  }
  if (search.q === undefined && isAllTime(search)) return <NothingYet search={search} env={env} />
  return <NoMatch search={search} env={env} onSearch={onSearch} />
}
