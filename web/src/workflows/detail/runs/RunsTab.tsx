import { keepPreviousData, useQuery } from "@tanstack/react-query"
import type { RunPage, RunStatus, RunSummary, Workflow } from "@waybill/contract"
import { useState } from "react"
import { runsQuery } from "../../../data/queries.ts"
import { Link } from "../../../page/Link.tsx"
import { Loaded } from "../../../page/Loaded.tsx"
import { useSetSearch } from "../../../page/navigation.ts"
import { paths, type WorkflowSearch } from "../../../paths.ts"
import { Button } from "../../../ui/Button.tsx"
import { buttonLook } from "../../../ui/button-look.ts"
import { EmptyState } from "../../../ui/EmptyState.tsx"
import { Segments } from "../../../ui/Segments.tsx"
import { SkeletonRows } from "../../../ui/Skeleton.tsx"
import { heldRuns } from "./held-runs.ts"
import { RunTable } from "./RunTable.tsx"

const SHOWN = 50

const groups = {
  all: { label: "All", statuses: [] },
  open: { label: "Running", statuses: ["PENDING", "RUNNING"] },
  waiting: { label: "Waiting", statuses: ["WAITING_APPROVAL", "WAITING_SIGNAL", "PAUSED"] },
  failed: { label: "Failed", statuses: ["FAILED", "TIMED_OUT"] },
  completed: { label: "Completed", statuses: ["COMPLETED"] },
  cancelled: { label: "Cancelled", statuses: ["CANCELLED"] },
} as const satisfies Record<string, { label: string; statuses: readonly RunStatus[] }>

type Group = keyof typeof groups

const groupOf = (status: readonly string[] | undefined): Group =>
  (Object.keys(groups) as Group[]).find((group) => groups[group].statuses.join() === (status ?? []).join()) ?? "all"

/** Its runs as they move. For everything else there is the list of all runs, with this workflow in its query. */
export function RunsTab({ workflow, search }: { workflow: Workflow; search: WorkflowSearch }) {
  const { workflowId, environment } = workflow
  const setSearch = useSetSearch<WorkflowSearch>()
  const group = groupOf(search.status)
  const statuses = groups[group].statuses
  const runs = useQuery({
    ...runsQuery({ env: environment, workflowId, limit: SHOWN, ...(statuses.length > 0 && { status: statuses }) }),
    placeholderData: keepPreviousData,
  })
  const inList = paths.runs({ workflowId: [workflowId], ...(statuses.length > 0 && { status: statuses }) })
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <Segments
          label="Status"
          className="flex-wrap"
          options={(Object.keys(groups) as Group[]).map((value) => ({ value, label: groups[value].label }))}
          value={group}
          onChange={(next) => setSearch({ status: next === "all" ? undefined : groups[next].statuses })}
        />
        <Link to={inList} className={buttonLook()}>
          Open in Runs
        </Link>
      </div>
      <Loaded query={runs} what="The runs" skeleton={<SkeletonRows label="The runs are on their way" />}>
        {(page) => <Rows page={page} isAll={group === "all"} inList={inList} />}
      </Loaded>
    </div>
  )
}

function Rows({ page, isAll, inList }: { page: RunPage; isAll: boolean; inList: string }) {
  // While somebody points at a row, it stays under the pointer; what came meanwhile is counted.
  const [held, setHeld] = useState<readonly RunSummary[] | null>(null)
  const { rows, news } = heldRuns(held, page.items)
  if (page.items.length === 0) {
    return (
      <EmptyState title={isAll ? "It has not run yet" : "No run of this status"} icon="list">
        {isAll ? "Its runs will stand here as they begin." : "Those of other statuses are one press away."}
      </EmptyState>
    )
  }
  return (
    <div className="relative" onPointerEnter={() => setHeld(page.items)} onPointerLeave={() => setHeld(null)}>
      {news > 0 && (
        <div role="status" className="absolute inset-x-0 top-9 z-10 flex justify-center">
          <Button look="primary" size="sm" icon="arrow-up" onClick={() => setHeld(page.items)}>
            {news} new
          </Button>
        </div>
      )}
      <RunTable runs={rows} label="Runs" />
      {page.nextCursor !== null && (
        <p className="pt-2 text-muted">
          The newest {SHOWN}.{" "}
          <Link to={inList} className="text-accent hover:underline">
            All of them, with search and time
          </Link>
        </p>
      )}
    </div>
  )
}
