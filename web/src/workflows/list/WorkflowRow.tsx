import type { WorkflowSummary } from "@waybill/contract"
import type { ReactNode } from "react"
import { Link } from "../../page/Link.tsx"
import { useSetSearch } from "../../page/navigation.ts"
import { paths, type WorkflowsSearch } from "../../paths.ts"
import { Button } from "../../ui/Button.tsx"
import { linkLook } from "../../ui/button-look.ts"
import { cx } from "../../ui/cx.ts"
import { StatusBadge } from "../../ui/StatusBadge.tsx"
import { Time } from "../../ui/time/Time.tsx"
import { MoreMenu } from "../acts/MoreMenu.tsx"
import { useRefusals } from "../allowed.ts"
import { SuccessMeter } from "../SuccessMeter.tsx"
import { statusLook } from "../words.ts"
import { SourceCell } from "./SourceCell.tsx"

export function WorkflowRow({ workflow }: { workflow: WorkflowSummary }) {
  const { workflowId, name, description, version, versionNumber, status, lastRunAt, runCount } = workflow
  const setSearch = useSetSearch<WorkflowsSearch>()
  const refusals = useRefusals()(workflow)
  const to = paths.workflow(workflowId)
  return (
    <tr
      data-workflow={workflowId}
      className="group border-b align-top last:border-b-0 focus-within:bg-hover hover:bg-hover max-xl:grid max-xl:grid-cols-2 max-xl:gap-x-3 max-xl:py-2 md:max-xl:grid-cols-4"
    >
      <td className="px-3 py-2.5 max-xl:col-span-full max-xl:py-1">
        {/* Not wider than a description, so that one name without a space does not push the actions out. */}
        <p className="max-w-112">
          <Link to={to} data-workflow-name className="rounded-xs font-medium hover:underline">
            {name}
          </Link>
          {name !== workflowId && <code className="ml-2 text-faint">{workflowId}</code>}
        </p>
        {description !== null && <p className="line-clamp-2 max-w-prose text-xs text-muted">{description}</p>}
      </td>
      <Cell name="Version">
        <span className="text-mono">{version}</span> <span className="text-xs text-faint">#{versionNumber}</span>
      </Cell>
      <Cell name="Status">
        <StatusBadge look={statusLook[status]} />
      </Cell>
      <Cell name="Last run">
        {lastRunAt === null ? <span className="text-faint">never</span> : <Time at={lastRunAt} />}
      </Cell>
      <Cell name="Success, 30 days">
        <SuccessMeter rate={workflow.successRate30d} />
      </Cell>
      <Cell name="Runs" className="xl:text-right">
        <Link to={paths.runs({ workflowId: [workflowId] })} className={linkLook}>
          {runCount.toLocaleString("en")}
          <span className="sr-only"> runs of {name}</span>
        </Link>
      </Cell>
      <Cell name="Source" className="max-xl:col-span-2" wraps>
        <SourceCell workflow={workflow} />
      </Cell>
      <td className="px-3 py-2 whitespace-nowrap max-xl:col-span-2 md:max-xl:col-span-1">
        <span className="flex items-center gap-1 md:justify-end">
          <Button
            icon="play"
            aria-label={`Run ${name}`}
            disabledReason={refusals.start}
            onClick={() => setSearch({ start: workflowId })}
          >
            Run
          </Button>
          <MoreMenu workflow={workflow} refusals={refusals} onAct={(act) => setSearch({ act, of: workflowId })} />
        </span>
      </td>
    </tr>
  )
}

interface CellProps {
  readonly name: string
  readonly className?: string
  readonly wraps?: boolean
  readonly children: ReactNode
}

/** Its heading stands above it where the table's head is not seen. */
function Cell({ name, className, wraps = false, children }: CellProps) {
  return (
    <td className={cx("px-3 py-2.5 max-xl:py-1", !wraps && "whitespace-nowrap", className)}>
      <span aria-hidden="true" className="block text-2xs text-faint xl:hidden">
        {name}
      </span>
      {children}
    </td>
  )
}
