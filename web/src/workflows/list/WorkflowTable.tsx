import type { WorkflowSummary } from "@waybill/contract"
import { WorkflowRow } from "./WorkflowRow.tsx"

const head = "border-b px-3 py-2 text-left text-xs font-medium whitespace-nowrap text-muted"

/** A table where there is room for one; on a narrow screen each workflow is a block of its own. */
export function WorkflowTable({ workflows }: { workflows: readonly WorkflowSummary[] }) {
  return (
    <div className="rounded-md border bg-surface">
      <table aria-label="Workflows" className="w-full border-collapse wrap-break-word max-xl:block">
        <thead className="max-xl:sr-only">
          <tr>
            <th className={head}>Workflow</th>
            <th className={head}>Version</th>
            <th className={head}>Status</th>
            <th className={head}>Last run</th>
            <th className={head}>Success, 30 days</th>
            <th className={`${head} text-right`}>Runs</th>
            <th className={head}>Source</th>
            <th className={head}>
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody className="max-xl:block">
          {workflows.map((workflow) => (
            <WorkflowRow key={workflow.workflowId} workflow={workflow} />
          ))}
        </tbody>
      </table>
    </div>
  )
}
