import type { Workflow } from "@waybill/contract"
import type { ReactNode } from "react"
import type { WorkflowSearch } from "../../../paths.ts"
import { InputTable } from "./InputTable.tsx"
import { LastRuns } from "./LastRuns.tsx"
import { Stats } from "./Stats.tsx"

export function OverviewTab({ workflow, search }: { workflow: Workflow; search: WorkflowSearch }) {
  return (
    <div className="grid min-w-0 items-start gap-6 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <div className="flex min-w-0 flex-col gap-6">
        <Stats workflow={workflow} search={search} />
        <Block title="Input">
          <InputTable workflow={workflow} />
        </Block>
      </div>
      <Block title="Last runs">
        <LastRuns workflow={workflow} />
      </Block>
    </div>
  )
}

export function Block({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="font-semibold">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
