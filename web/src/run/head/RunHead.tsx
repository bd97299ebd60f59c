import type { RunSummary } from "@waybill/contract"
import type { ReactNode } from "react"
import { Link } from "../../page/Link.tsx"
import { PageHead } from "../../page/PageHead.tsx"
import { paths } from "../../paths.ts"
import { lookOfRun } from "../../ui/run-look.ts"
import { StatusBadge } from "../../ui/StatusBadge.tsx"
import { shortId } from "../../ui/short-id.ts"
import { stateWords } from "./state-words.ts"

/** Which run it is and how it stands. Known before the data: its id alone heads the page then. */
export function RunHead({ runId, run, actions }: { runId: string; run: RunSummary | undefined; actions?: ReactNode }) {
  if (run === undefined) return <PageHead title={shortId(runId)} />
  return (
    <PageHead title={`${run.workflowName} ${shortId(runId)}`} actions={actions}>
      <span className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-1">
        <Link
          to={paths.workflow(run.workflowId)}
          title={run.workflowName}
          className="line-clamp-2 min-w-0 rounded-xs hover:text-accent hover:underline"
        >
          {run.workflowName}
        </Link>
        <span className="text-base font-normal text-faint">#{run.executionNumber}</span>
        <span className="text-sm" aria-live="polite">
          <StatusBadge look={lookOfRun(run.status)} detail={stateWords(run)} shape="tint" />
        </span>
      </span>
    </PageHead>
  )
}
