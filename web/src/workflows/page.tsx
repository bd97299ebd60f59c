/** The list of workflows: what there is, whether it does well, and a run of it. */
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { type Asked, definePage, type NoParams } from "../page/define-page.ts"
import { Loaded } from "../page/Loaded.tsx"
import { useSetSearch } from "../page/navigation.ts"
import { PageHead } from "../page/PageHead.tsx"
import type { WorkflowsSearch } from "../paths.ts"
import { Button } from "../ui/Button.tsx"
import { SkeletonRows } from "../ui/Skeleton.tsx"
import { ActDialogs } from "./acts/ActDialogs.tsx"
import { isFiltered, NoWorkflows } from "./list/NoWorkflows.tsx"
import { useListKeys } from "./list/use-list-keys.ts"
import { WorkflowFilters } from "./list/WorkflowFilters.tsx"
import { WorkflowTable } from "./list/WorkflowTable.tsx"
import { LISTED_MAX, listedQuery } from "./queries.ts"
import { StartSheet } from "./start/StartSheet.tsx"

export const page = definePage<NoParams, WorkflowsSearch>({
  load: ({ queries, env, search }) => void queries.prefetchQuery(listedQuery(env, search)),
  View: WorkflowsPage,
})

function WorkflowsPage({ env, search }: Asked<NoParams, WorkflowsSearch>) {
  const setSearch = useSetSearch<WorkflowsSearch>()
  const workflows = useQuery({ ...listedQuery(env, search), placeholderData: keepPreviousData })
  const items = workflows.data?.items ?? []
  useListKeys(items, setSearch)
  const close = () => setSearch({ start: undefined, act: undefined, of: undefined }, { replace: true })
  return (
    <div className="flex flex-col gap-3">
      <PageHead
        title="Workflows"
        actions={
          <Button icon="plus" onClick={() => setSearch({ act: "new" })}>
            New workflow
          </Button>
        }
      />
      {(items.length > 0 || isFiltered(search) || workflows.data === undefined) && (
        <WorkflowFilters search={search} count={workflows.data && (workflows.data.total?.value ?? items.length)} />
      )}
      <Loaded query={workflows} what="The workflows" skeleton={<SkeletonRows label="The workflows are on their way" />}>
        {({ nextCursor }) =>
          items.length === 0 ? (
            <NoWorkflows search={search} env={env} />
          ) : (
            <>
              <WorkflowTable workflows={items} />
              {nextCursor !== null && (
                <p className="text-muted">
                  These are the first {LISTED_MAX} by name. Search for the others by a part of their name or id.
                </p>
              )}
            </>
          )
        }
      </Loaded>
      {search.start !== undefined && <StartSheet workflowId={search.start} env={env} onClose={close} />}
      <ActDialogs act={search.act} workflowId={search.of} env={env} onClose={close} />
    </div>
  )
}
