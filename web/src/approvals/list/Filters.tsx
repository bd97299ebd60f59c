import { useSetSearch } from "../../page/navigation.ts"
import type { WorkflowNames } from "../../parts/use-workflow-names.ts"
import type { ApprovalsSearch, approvalViews } from "../../paths.ts"
import { Select } from "../../ui/form/Select.tsx"
import { Segments } from "../../ui/Segments.tsx"

const views = [
  { value: "pending", label: "Waiting" },
  { value: "decided", label: "Decided" },
  { value: "all", label: "All" },
] as const satisfies readonly { value: (typeof approvalViews)[number]; label: string }[]

const whose = [
  { value: "anyone", label: "Everybody's" },
  { value: "me", label: "Asks me by name" },
] as const

type FiltersProps = { readonly search: ApprovalsSearch; readonly workflows: WorkflowNames }

/** Which are listed. It all stands in the address. */
export function Filters({ search, workflows }: FiltersProps) {
  const setSearch = useSetSearch<ApprovalsSearch>()
  const ids = new Set([...workflows.ids, ...(search.workflowId === undefined ? [] : [search.workflowId])])
  const choices = [...ids].map((value) => ({ value, label: workflows.nameOf(value) }))
  return (
    <search aria-label="Which approvals" className="flex flex-wrap items-center gap-2">
      <Segments
        label="State"
        options={views}
        value={search.state ?? "pending"}
        onChange={(state) => setSearch({ state: state === "pending" ? undefined : state, open: undefined })}
      />
      <Segments
        label="Whose"
        options={whose}
        value={search.assignee ?? "anyone"}
        onChange={(one) => setSearch({ assignee: one === "me" ? "me" : undefined, open: undefined })}
      />
      <Select
        aria-label="Workflow"
        size="md"
        className="max-w-56"
        options={[{ value: "", label: "All workflows" }, ...choices.sort((a, b) => a.label.localeCompare(b.label))]}
        value={search.workflowId ?? ""}
        onChange={(id) => setSearch({ workflowId: id === "" ? undefined : id, open: undefined })}
      />
    </search>
  )
}
