import { ApartToggle } from "./bar/ApartToggle.tsx"
import { FacetBar } from "./bar/FacetBar.tsx"
import { StatusTabs } from "./bar/StatusTabs.tsx"
import { TimeRangePicker } from "./bar/TimeRangePicker.tsx"
import { Histogram } from "./histogram/Histogram.tsx"
import { QueryBox } from "./query/QueryBox.tsx"
import type { RunsModel } from "./use-runs-page.ts"

/** Everything here edits the query or the time range of the address, and nothing else. */
export function RunsFilters({ model }: { model: RunsModel }) {
  const { search, asked, q, setSearch, setQuery, setOpen } = model
  return (
    <>
      <div className="flex flex-wrap items-start gap-2">
        <div className="flex min-w-0 flex-1 basis-72">
          <QueryBox ref={model.query} query={q} onQuery={setQuery} asked={asked} />
        </div>
        <TimeRangePicker
          range={search}
          onRange={(range) => setSearch({ ...range, open: undefined })}
          isOpen={search.open === "time"}
          onOpen={(isOpen) => setOpen(isOpen ? "time" : undefined)}
        />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1.5">
        <div className="flex min-w-0 flex-wrap gap-x-2 gap-y-1.5">
          <StatusTabs asked={asked} query={q} onQuery={setQuery} />
          <ApartToggle
            asked={asked}
            query={q}
            isIn={search.origin === "all"}
            onIn={(isIn) => setSearch({ origin: isIn ? "all" : undefined })}
          />
        </div>
        <FacetBar asked={asked} query={q} onQuery={setQuery} open={search.open} onOpen={setOpen} />
      </div>
      <Histogram asked={asked} onZoom={({ from, to }) => setSearch({ from, to })} />
    </>
  )
}
