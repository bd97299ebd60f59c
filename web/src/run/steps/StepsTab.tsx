/** All steps in one table, to be sorted: which took longest, which was tried most often, what failed. */
import type { RunSummary, Step, Timeline } from "@waybill/contract"
import { useMemo } from "react"
import { Loaded } from "../../page/Loaded.tsx"
import { useSetSearch } from "../../page/navigation.ts"
import type { RunSearch } from "../../paths.ts"
import { SkeletonRows } from "../../ui/Skeleton.tsx"
import { VirtualTable } from "../../ui/table/VirtualTable.tsx"
import { StepAside } from "../step/StepAside.tsx"
import { readTimeline } from "../timeline/timeline.ts"
import { useFits } from "../use-fits.ts"
import { narrowStepColumns, stepColumns } from "./step-columns.tsx"
import { inOrder, readSort, writeSort } from "./step-order.ts"
import { useSteps } from "./use-steps.ts"

type StepsTabProps = { readonly data: Timeline; readonly run: RunSummary; readonly search: RunSearch }

const ROW_PX = 28

export function StepsTab({ data, run, search }: StepsTabProps) {
  const setSearch = useSetSearch<RunSearch>()
  const { query, steps, isWhole, isCut } = useSteps(run)
  const timeline = useMemo(() => readTimeline(data, run), [data, run])
  const footer = isCut ? "There are more steps than are listed." : isWhole ? undefined : "More steps are loading…"
  return (
    <StepAside run={run} timeline={timeline} search={search} onClose={() => setSearch({ step: undefined })}>
      <div className="pt-3">
        <Loaded query={query} what="The steps" skeleton={<SkeletonRows rows={6} label="The steps are loading" />}>
          {() => <StepsTable steps={steps} footer={footer} zero={timeline.from} search={search} onSearch={setSearch} />}
        </Loaded>
      </div>
    </StepAside>
  )
}

type StepsTableProps = {
  readonly steps: readonly Step[]
  readonly footer: string | undefined
  readonly zero: number
  readonly search: RunSearch
  readonly onSearch: (patch: RunSearch, step?: { readonly replace?: boolean }) => void
}

function StepsTable({ steps, footer, zero, search, onSearch }: StepsTableProps) {
  const sort = readSort(search.sort)
  const rows = useMemo(() => inOrder(steps, readSort(search.sort)), [steps, search.sort])
  const isWide = useFits("48rem")
  const columns = useMemo(() => {
    const all = stepColumns(steps, zero)
    return isWide ? all : narrowStepColumns(all)
  }, [steps, zero, isWide])
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
        footer={footer && <p className="px-3 py-2 text-muted">{footer}</p>}
        empty={<p className="px-3 py-6 text-center text-muted">No step has begun yet.</p>}
      />
    </div>
  )
}

const idOf = ({ stepId }: Step) => stepId
const labelOf = ({ name, status }: Step) => `${name}, ${status}`
