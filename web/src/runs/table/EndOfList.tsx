import { Button } from "../../ui/Button.tsx"
import { Spinner } from "../../ui/Spinner.tsx"
import { foldedUnder } from "../fold.ts"
import type { RunListData } from "../list/run-list.ts"
import type { ShownRuns } from "../list/use-run-list.ts"

/** What stands under the last row: more is coming, or did not come, or that was all. */
export function EndOfList({ runs }: { runs: ShownRuns }) {
  const { data, isLoading, failed, loader } = runs
  if (data === null || data.ids.length === 0) return null
  if (data.next === null) return <p className="px-3 py-3 text-center text-xs text-faint">{endWords(data)}</p>
  return (
    <p className="flex items-center justify-center gap-2 px-3 py-3 text-xs text-muted">
      {isLoading && (
        <>
          <Spinner size={12} /> More runs are coming
        </>
      )}
      {failed === "page" && !isLoading && (
        <>
          The next runs did not come.
          <Button size="sm" onClick={loader.retry}>
            Try again
          </Button>
        </>
      )}
    </p>
  )
}

function endWords({ ids, rows }: RunListData): string {
  const count = ids.length
  const isFolded = [...rows.values()].some((run) => foldedUnder(run).length > 0)
  const under = isFolded ? `, with others under ${count === 1 ? "it" : "them"}` : ""
  return `${count.toLocaleString("en")} ${count === 1 ? "run is" : "runs are"} shown${under}, and there are no more.`
}
