import { isAway } from "../data/problem-words.ts"
import { CalmNote } from "../page/CalmNote.tsx"
import { ProblemNote } from "../page/ProblemNote.tsx"
import { useServerAway } from "../page/use-server-away.ts"
import { BulkStrip } from "../parts/bulk/BulkStrip.tsx"
import { EmptyRuns } from "./empty/EmptyRuns.tsx"
import { valuesOf, withValues } from "./query/edit.ts"
import { runFields } from "./query/fields.ts"
import { isAnyChosen, ticks } from "./selection/chosen.ts"
import { SelectionBar } from "./selection/SelectionBar.tsx"
import { NewRuns } from "./table/NewRuns.tsx"
import { RunsTable } from "./table/RunsTable.tsx"
import type { RunColumn } from "./table/run-columns.tsx"
import { sortShown, sortText } from "./table/sort.ts"
import type { RunsModel } from "./use-runs-page.ts"

interface RunsBodyProps {
  readonly model: RunsModel
  readonly columns: readonly RunColumn[]
  readonly isCards: boolean
}

/** The rows, or why there are none. What floats over them moves none of them. */
export function RunsBody({ model, columns, isCards }: RunsBodyProps) {
  const { runs, search, chosen, q } = model
  const isEmpty = runs.data === null ? runs.error !== null : runs.data.ids.length === 0
  const withTag = (tag: string) => withValues(q, runFields.tag, [...new Set([...valuesOf(q, runFields.tag), tag])])
  return (
    <>
      {!isEmpty && <NotRenewed runs={runs} />}
      <div className="relative min-h-96 flex-1 overflow-hidden rounded-md border bg-surface">
        {isEmpty ? (
          <div className="absolute inset-0 overflow-auto">
            <EmptyRuns
              search={search}
              env={model.env}
              error={runs.error}
              onSearch={(patch) => model.setSearch(patch)}
              onRetry={runs.loader.retry}
            />
          </div>
        ) : (
          <RunsTable
            ref={model.table}
            runs={runs}
            columns={columns}
            height={isCards ? "tall" : model.height}
            sort={sortShown(search.sort)}
            onSort={(sort) => model.setSearch({ sort: sortText(sort) })}
            selection={ticks(chosen, model.ids)}
            onSelection={model.choose}
            focused={model.focused}
            onFocused={model.focus}
            onPeek={(runId) => model.peek(search.peek === runId ? undefined : runId)}
            onOpen={model.open}
            onTag={(tag) => model.setQuery(withTag(tag))}
          />
        )}
        {runs.data !== null && !runs.isBefore && <NewRuns data={runs.data} onShow={model.show} />}
      </div>
      {/* At the foot of the rows, or of the window where that ends before. */}
      <div className="pointer-events-none sticky bottom-2 z-20 -mt-2 h-0">
        <div className="absolute inset-x-2 bottom-2 flex flex-col items-center gap-2 *:pointer-events-auto">
          {search.bulk !== undefined && (
            <BulkStrip bulkId={search.bulk} onClose={() => model.setSearch({ bulk: undefined })} />
          )}
          {isAnyChosen(chosen) && (
            <SelectionBar
              chosen={chosen}
              matching={search.fold === undefined && runs.data?.total?.exact ? runs.data.total.value : null}
              onAll={model.chooseAll}
              onNone={model.chooseNone}
              onLayer={model.setOpen}
            />
          )}
        </div>
      </div>
    </>
  )
}

/** Not said again where the whole server is away. */
function NotRenewed({ runs: { error, failed, loader } }: Pick<RunsModel, "runs">) {
  const away = useServerAway()
  if (error === null) return null
  const about = failed === "page" ? "These runs could not be loaded" : "The list could not be renewed"
  if (!isAway(error)) return <ProblemNote error={error} about={about} onRetry={loader.retry} />
  if (away !== null) return null
  return (
    <CalmNote action={{ label: "Try again", run: loader.retry }}>
      {about}: the server does not answer. It is asked again by itself.
    </CalmNote>
  )
}
