import { useRef, useState } from "react"
import type { Asked, NoParams } from "../page/define-page.ts"
import { useGo, useSetSearch } from "../page/navigation.ts"
import { PageHead } from "../page/PageHead.tsx"
import { ProblemNote } from "../page/ProblemNote.tsx"
import type { Act } from "../parts/run-actions/acts.ts"
import { paths } from "../paths.ts"
import { usePreference } from "../prefs/preference.ts"
import { IconButton } from "../ui/IconButton.tsx"
import type { Selection } from "../ui/table/selection.ts"
import { ColumnsPicker } from "./bar/ColumnsPicker.tsx"
import { FacetBar } from "./bar/FacetBar.tsx"
import { StatusTabs } from "./bar/StatusTabs.tsx"
import { TimeRangePicker } from "./bar/TimeRangePicker.tsx"
import { density, nextDensity } from "./density.ts"
import { EmptyRuns } from "./empty/EmptyRuns.tsx"
import { Histogram } from "./histogram/Histogram.tsx"
import { askedRuns } from "./list/asked.ts"
import { useRunList } from "./list/use-run-list.ts"
import { actOf } from "./peek/act-of.ts"
import { PeekSheet } from "./peek/PeekSheet.tsx"
import { RunAct } from "./peek/RunAct.tsx"
import { valuesOf, withValues } from "./query/edit.ts"
import { runFields } from "./query/fields.ts"
import { QueryBox } from "./query/QueryBox.tsx"
import type { RunsLayer, RunsPageSearch } from "./search.ts"
import { columnsShown } from "./table/columns.ts"
import { NewRuns } from "./table/NewRuns.tsx"
import { RunsTable } from "./table/RunsTable.tsx"
import { cardColumn, runColumns } from "./table/run-columns.tsx"
import { sortShown, sortText } from "./table/sort.ts"
import { useRunsKeys } from "./use-runs-keys.ts"
import { useWindowWidth } from "./window-width.ts"

const CARDS_BELOW_PX = 720
/** Of the window: the page's edges, the column of boxes, the scroll bar. */
const BESIDE_COLUMNS_PX = 32 + 36 + 16
const PAGE_MAX_PX = 1600

export function RunsPage({ search, env }: Asked<NoParams, RunsPageSearch>) {
  const setSearch = useSetSearch<RunsPageSearch>()
  const go = useGo()
  const asked = askedRuns(search, env)
  const runs = useRunList(asked)
  const [height, setHeight] = usePreference(density)
  const [selection, setSelection] = useState<Selection>(new Set())
  const [focused, setFocused] = useState<string>()
  const [act, setAct] = useState<{ readonly runId: string; readonly act: Act } | null>(null)
  const table = useRef<HTMLTableElement>(null)
  const query = useRef<HTMLInputElement>(null)
  const width = useWindowWidth()
  const isCards = width < CARDS_BELOW_PX
  const room = Math.min(width, PAGE_MAX_PX) - BESIDE_COLUMNS_PX
  const columns = isCards ? [cardColumn] : columnsShown(runColumns, search.cols, room)
  const q = search.q ?? ""

  const setQuery = (next: string, step?: { replace: boolean }) => setSearch({ q: next.trim() || undefined }, step)
  const setOpen = (open: RunsLayer | undefined) => setSearch({ open }, { replace: true })
  const peek = (runId: string | undefined) => setSearch({ peek: runId })

  function show() {
    runs.loader.show()
    table.current?.parentElement?.scrollTo({ top: 0 })
  }

  function focus(runId: string) {
    setFocused(runId)
    if (search.peek !== undefined && search.peek !== runId) setSearch({ peek: runId }, { replace: true })
  }

  useRunsKeys({
    ids: runs.data?.ids ?? [],
    focused,
    peeked: search.peek,
    table,
    query,
    focus,
    peek,
    open: (runId) => go(paths.run(runId)),
    show,
    tick: (runId) =>
      setSelection((before) =>
        before.has(runId) ? new Set([...before].filter((id) => id !== runId)) : new Set([...before, runId]),
      ),
    act: (runId, name) => setAct({ runId, act: { name } }),
    layer: setOpen,
    density: () => setHeight(nextDensity(height)),
  })

  const isEmpty = runs.data === null ? runs.error !== null : runs.data.ids.length === 0
  return (
    <div data-fill className="flex min-h-0 flex-1 flex-col gap-2">
      <PageHead
        title="Runs"
        actions={
          !isCards && (
            <>
              <IconButton
                icon="list"
                label={`Rows: ${height}`}
                keys="d"
                look="plain"
                onClick={() => setHeight(nextDensity(height))}
              />
              <ColumnsPicker
                shown={columns.map(({ id }) => id)}
                isChosen={search.cols !== undefined}
                onColumns={(cols) => setSearch({ cols }, { replace: true })}
                isOpen={search.open === "columns"}
                onOpen={(isOpen) => setOpen(isOpen ? "columns" : undefined)}
              />
            </>
          )
        }
      />
      <div className="flex flex-wrap items-start gap-2">
        <div className="flex min-w-0 flex-1 basis-72">
          <QueryBox ref={query} query={q} onQuery={setQuery} asked={asked} />
        </div>
        <TimeRangePicker
          range={search}
          onRange={(range) => setSearch({ ...range, open: undefined })}
          isOpen={search.open === "time"}
          onOpen={(isOpen) => setOpen(isOpen ? "time" : undefined)}
        />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1.5">
        <StatusTabs asked={asked} query={q} onQuery={setQuery} />
        <FacetBar asked={asked} query={q} onQuery={setQuery} open={search.open} onOpen={setOpen} />
      </div>
      <Histogram asked={asked} onZoom={(range) => setSearch({ from: range.from, to: range.to })} />
      {runs.error !== null && !isEmpty && (
        <ProblemNote error={runs.error} about="What is shown may be old" onRetry={runs.loader.retry} />
      )}
      <div className="relative min-h-96 flex-1 overflow-hidden rounded-md border bg-surface">
        {isEmpty ? (
          <div className="absolute inset-0 overflow-auto">
            <EmptyRuns
              search={search}
              env={env}
              error={runs.error}
              onSearch={(patch) => setSearch(patch)}
              onRetry={runs.loader.retry}
            />
          </div>
        ) : (
          <RunsTable
            ref={table}
            runs={runs}
            columns={columns}
            height={isCards ? "tall" : height}
            sort={sortShown(search.sort)}
            onSort={(sort) => setSearch({ sort: sortText(sort) })}
            selection={selection}
            onSelection={setSelection}
            focused={focused}
            onFocused={focus}
            onPeek={(runId) => peek(search.peek === runId ? undefined : runId)}
            onOpen={(runId) => go(paths.run(runId))}
            onTag={(tag) => setQuery(withValues(q, runFields.tag, [...new Set([...valuesOf(q, runFields.tag), tag])]))}
          />
        )}
        {runs.data !== null && !runs.isBefore && <NewRuns data={runs.data} onShow={show} />}
      </div>
      {search.peek !== undefined && (
        <PeekSheet
          runId={search.peek}
          onClose={() => peek(undefined)}
          onAct={(chosen) => setAct({ runId: search.peek!, act: chosen })}
          onNext={(next) => {
            const chosen = actOf(next)
            if (chosen !== null) setAct({ runId: search.peek!, act: chosen })
            else if (next.approvalId !== null) go(paths.approval(next.approvalId))
          }}
        />
      )}
      {act !== null && <RunAct runId={act.runId} act={act.act} onClose={() => setAct(null)} />}
    </div>
  )
}
