/** All steps in one table, to be sorted: which took longest, which was tried most often, what failed. */
import { useQuery } from "@tanstack/react-query"
import type { Run, Step, Timeline } from "@waybill/contract"
import { useMemo } from "react"
import { hasEnded } from "../../data/run-ended.ts"
import { Loaded } from "../../page/Loaded.tsx"
import { useSetSearch } from "../../page/navigation.ts"
import type { RunSearch } from "../../paths.ts"
import { SkeletonRows } from "../../ui/Skeleton.tsx"
import { VirtualTable } from "../../ui/table/VirtualTable.tsx"
import { stepsQuery } from "../queries.ts"
import { StepAside } from "../step/StepAside.tsx"
import { readTimeline } from "../timeline/timeline.ts"
import { stepColumns } from "./step-columns.tsx"
import { inOrder, readSort, writeSort } from "./step-order.ts"

type StepsTabProps = { readonly data: Timeline; readonly run: Run; readonly search: RunSearch }

const ROW_PX = 28

export function StepsTab({ data, run, search }: StepsTabProps) {
  const setSearch = useSetSearch<RunSearch>()
  const steps = useQuery(stepsQuery(run.runId, run.counts.steps, !hasEnded(run.status)))
  const timeline = useMemo(() => readTimeline(data, run), [data, run])
  return (
    <StepAside run={run} timeline={timeline} search={search} onClose={() => setSearch({ step: undefined })}>
      <div className="pt-3">
        <Loaded query={steps} what="The steps" skeleton={<SkeletonRows rows={6} label="The steps are loading" />}>
          {({ items, nextCursor }) => (
            <StepsTable
              steps={items}
              isCut={nextCursor !== null}
              zero={timeline.from}
              search={search}
              onSearch={setSearch}
            />
          )}
        </Loaded>
      </div>
    </StepAside>
  )
}

type StepsTableProps = {
  readonly steps: readonly Step[]
  readonly isCut: boolean
  readonly zero: number
  readonly search: RunSearch
  readonly onSearch: (patch: RunSearch, step?: { readonly replace?: boolean }) => void
}

function StepsTable({ steps, isCut, zero, search, onSearch }: StepsTableProps) {
  const sort = readSort(search.sort)
  const rows = useMemo(() => inOrder(steps, readSort(search.sort)), [steps, search.sort])
  const columns = useMemo(() => stepColumns(steps, zero), [steps, zero])
  return (
    <div
      className="overflow-hidden rounded-md border bg-surface"
      style={{ height: `min(75vh, ${rows.length * ROW_PX + 36}px)` }}
    >
      <VirtualTable
        label="Steps"
        rows={rows}
        rowId={idOf}
        rowLabel={labelOf}
        columns={columns}
        height="dense"
        sort={sort}
        onSort={(next) => onSearch({ sort: writeSort(next) }, { replace: true })}
        focused={search.step}
        onOpen={({ stepId }) => onSearch({ step: stepId }, { replace: search.step !== undefined })}
        footer={isCut ? <p className="px-3 py-2 text-muted">There are more steps than are listed.</p> : undefined}
        empty={<p className="px-3 py-6 text-center text-muted">No step has begun yet.</p>}
      />
    </div>
  )
}

const idOf = ({ stepId }: Step) => stepId
const labelOf = ({ name, status }: Step) => `${name}, ${status}`
