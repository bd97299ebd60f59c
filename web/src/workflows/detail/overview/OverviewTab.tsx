import { keepPreviousData, useQuery } from "@tanstack/react-query"
import type { Workflow } from "@waybill/contract"
import { type ReactNode, useMemo } from "react"
import { Diagram } from "../../../parts/diagram/Diagram.tsx"
import type { WorkflowSearch } from "../../../paths.ts"
import { InputTable } from "./InputTable.tsx"
import { LastRuns } from "./LastRuns.tsx"
import { daysOf } from "./period.ts"
import { Stats } from "./Stats.tsx"
import { stateMarks } from "./state-marks.ts"
import { statsQuery } from "./stats-query.ts"

export function OverviewTab({ workflow, search }: { workflow: Workflow; search: WorkflowSearch }) {
  return (
    <div className="grid min-w-0 items-start gap-x-6 gap-y-6 xl:grid-cols-2">
      <div className="flex min-w-0 flex-col gap-6">
        <Stats workflow={workflow} search={search} />
        <Block title="Last runs">
          <LastRuns workflow={workflow} />
        </Block>
        <Block title="Input">
          <InputTable workflow={workflow} />
        </Block>
      </div>
      <Block
        title="States"
        hint="How often each was entered by the runs of this period that have ended, and how long it took."
      >
        <Picture workflow={workflow} search={search} />
      </Block>
    </div>
  )
}

function Picture({ workflow, search }: { workflow: Workflow; search: WorkflowSearch }) {
  const { workflowId, environment, definition, name } = workflow
  const asked = statsQuery(workflowId, environment, daysOf(search.days))
  const stats = useQuery({ ...asked, placeholderData: keepPreviousData }).data
  const marks = useMemo(() => (stats === undefined ? undefined : stateMarks(definition, stats)), [definition, stats])
  return <Diagram definition={definition} label={`States of ${name}`} marks={marks} />
}

function Block({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-baseline gap-x-3">
        <h2 className="font-semibold">{title}</h2>
        {hint !== undefined && <p className="text-xs text-muted">{hint}</p>}
      </div>
      {children}
    </section>
  )
}
