import { useSetSearch } from "../../page/navigation.ts"
import { type WorkflowsSearch, workflowSyncs } from "../../paths.ts"
import { SearchBox } from "../../ui/form/SearchBox.tsx"
import { Select } from "../../ui/form/Select.tsx"
import { Segments } from "../../ui/Segments.tsx"
import { syncChoices } from "../words.ts"
import { SEARCH_ID } from "./use-list-keys.ts"

type WorkflowFiltersProps = {
  readonly search: WorkflowsSearch
  /** Undefined as long as nobody knows. */
  readonly count: number | undefined
}

/** What of the list is seen; all of it is in the address. */
export function WorkflowFilters({ search, count }: WorkflowFiltersProps) {
  const setSearch = useSetSearch<WorkflowsSearch>()
  const syncs = Object.entries(syncChoices).map(([value, label]) => ({ value, label }))
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <SearchBox
        id={SEARCH_ID}
        label="Name or id"
        keys="/"
        className="w-72 max-sm:w-full"
        value={search.q ?? ""}
        onChange={(q) => setSearch({ q: q === "" ? undefined : q }, { replace: true })}
      />
      <Segments
        label="Status"
        options={[
          { value: "all", label: "All" },
          { value: "active", label: "Active" },
          { value: "disabled", label: "Disabled" },
        ]}
        value={search.status ?? "all"}
        onChange={(status) => setSearch({ status: status === "all" ? undefined : status })}
      />
      <div className="w-52">
        <Select
          aria-label="How it stands to its file"
          size="md"
          options={[{ value: "any", label: "Any source" }, ...syncs]}
          value={search.sync ?? "any"}
          onChange={(sync) => setSearch({ sync: workflowSyncs.find((one) => one === sync) })}
        />
      </div>
      <p role="status" className="text-xs text-muted">
        {count !== undefined && (count === 1 ? "1 workflow" : `${count} workflows`)}
      </p>
    </div>
  )
}
