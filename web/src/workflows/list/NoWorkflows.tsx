import { useSetSearch } from "../../page/navigation.ts"
import type { WorkflowsSearch } from "../../paths.ts"
import { Button } from "../../ui/Button.tsx"
import { EmptyState } from "../../ui/EmptyState.tsx"
import { HowToMake } from "../acts/HowToMake.tsx"

export const isFiltered = ({ q, status, sync }: WorkflowsSearch): boolean =>
  q !== undefined || status !== undefined || sync !== undefined

/** Nothing is there, or nothing that matches: each with its way on. */
export function NoWorkflows({ search, env }: { search: WorkflowsSearch; env: string }) {
  const setSearch = useSetSearch<WorkflowsSearch>()
  const { q, status, sync } = search
  if (!isFiltered(search)) {
    return (
      <EmptyState title={`There are no workflows in ${env} yet`} icon="graph" className="max-w-2xl">
        <div className="text-left">
          <HowToMake env={env} />
        </div>
      </EmptyState>
    )
  }
  return (
    <EmptyState
      title="No workflow matches"
      icon="search"
      action={
        <>
          {q !== undefined && <Button onClick={() => setSearch({ q: undefined })}>Any name</Button>}
          {status !== undefined && <Button onClick={() => setSearch({ status: undefined })}>Any status</Button>}
          {sync !== undefined && <Button onClick={() => setSearch({ sync: undefined })}>Any source</Button>}
        </>
      }
    >
      {q === undefined ? "The filters leave nothing over." : `None has “${q}” in its name or id with these filters.`}
    </EmptyState>
  )
}
