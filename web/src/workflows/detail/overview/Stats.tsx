import { keepPreviousData, useQuery } from "@tanstack/react-query"
import type { Workflow, WorkflowStats } from "@waybill/contract"
import type { ReactNode } from "react"
import { Link } from "../../../page/Link.tsx"
import { Loaded } from "../../../page/Loaded.tsx"
import { useSetSearch } from "../../../page/navigation.ts"
import { paths, type WorkflowSearch } from "../../../paths.ts"
import { linkLook } from "../../../ui/button-look.ts"
import { StackedBar } from "../../../ui/Meter.tsx"
import { lookOfRun, runStatusOrder } from "../../../ui/run-look.ts"
import { Segments } from "../../../ui/Segments.tsx"
import { Skeleton } from "../../../ui/Skeleton.tsx"
import { Duration } from "../../../ui/time/Duration.tsx"
import { SuccessMeter } from "../../SuccessMeter.tsx"
import { daysOf, periods } from "./period.ts"
import { statsQuery } from "./stats-query.ts"

/** How its runs did in a while that the reader chooses. */
export function Stats({ workflow, search }: { workflow: Workflow; search: WorkflowSearch }) {
  const setSearch = useSetSearch<WorkflowSearch>()
  const days = daysOf(search.days)
  const stats = useQuery({
    ...statsQuery(workflow.workflowId, workflow.environment, days),
    placeholderData: keepPreviousData,
  })
  return (
    <section aria-label="How it does" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="font-semibold">How it does</h2>
        <Segments
          label="Period"
          options={periods}
          value={String(days)}
          onChange={(next) => setSearch({ days: next === "30" ? undefined : Number(next) })}
        />
      </div>
      <Loaded query={stats} what="The figures" skeleton={<Skeleton className="h-20 w-full" />}>
        {(data) => <Figures stats={data} />}
      </Loaded>
    </section>
  )
}

function Figures({ stats }: { stats: WorkflowStats }) {
  const { runs, successRate, durationMs, workflowId, from } = stats
  const parts = runStatusOrder.map((status) => {
    const { word, tone } = lookOfRun(status)
    return { label: word.toLowerCase(), value: runs.byStatus[status] ?? 0, tone }
  })
  return (
    <div className="rounded-md border bg-surface p-3">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-5">
        <Figure name="Runs">
          <Link to={paths.runs({ workflowId: [workflowId], from })} className={linkLook}>
            {runs.total.value.toLocaleString("en")}
            {!runs.total.exact && "+"}
          </Link>
        </Figure>
        <Figure name="Success">
          <SuccessMeter rate={successRate} label="Success in this period" />
        </Figure>
        <Figure name="Average">
          <Duration ms={durationMs.mean} />
        </Figure>
        <Figure name="Half within">
          <Duration ms={durationMs.p50} />
        </Figure>
        <Figure name="95 % within">
          <Duration ms={durationMs.p95} />
        </Figure>
      </dl>
      <StackedBar label="Runs by status" parts={parts} className="mt-3" />
      <p className="mt-1.5 flex flex-wrap gap-x-3 text-xs text-muted">
        {parts
          .filter(({ value }) => value > 0)
          .map(({ label, value }) => (
            <span key={label}>
              {value.toLocaleString("en")} {label}
            </span>
          ))}
      </p>
    </div>
  )
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="mt-0.5 text-base">{children}</dd>
    </div>
  )
}
