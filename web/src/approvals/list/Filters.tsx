import { useQuery } from "@tanstack/react-query"
import { workflowsQuery } from "../../data/queries.ts"
import { useSetSearch } from "../../page/navigation.ts"
import type { ApprovalsSearch, approvalViews } from "../../paths.ts"
import { Select } from "../../ui/form/Select.tsx"
import { Segments } from "../../ui/Segments.tsx"

const WORKFLOWS_MAX = 200

const views = [
  { value: "pending", label: "Waiting" },
  { value: "decided", label: "Decided" },
  { value: "all", label: "All" },
] as const satisfies readonly { value: (typeof approvalViews)[number]; label: string }[]

const whose = [
  { value: "anyone", label: "Everybody's" },
  { value: "me", label: "Asks me by name" },
] as const

/** Which are listed. It all stands in the address. */
export function Filters({ search, env }: { readonly search: ApprovalsSearch; readonly env: string }) {
  const setSearch = useSetSearch<ApprovalsSearch>()
  const workflows = useQuery(workflowsQuery({ env, limit: WORKFLOWS_MAX }))
  const ids = new Set(workflows.data?.items.map(({ workflowId }) => workflowId))
  if (search.workflowId !== undefined) ids.add(search.workflowId)
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
        options={[{ value: "", label: "All workflows" }, ...[...ids].sort().map((id) => ({ value: id, label: id }))]}
        value={search.workflowId ?? ""}
        onChange={(id) => setSearch({ workflowId: id === "" ? undefined : id, open: undefined })}
      />
    </search>
  )
}
