import type { RunSummary } from "@waybill/contract"
import { Link } from "../page/Link.tsx"
import { paths } from "../paths.ts"
import { lookOfRun } from "../ui/run-look.ts"
import { StatusBadge } from "../ui/StatusBadge.tsx"
import { Time } from "../ui/time/Time.tsx"

/** A few runs, a line each: which, and what there is to know about it. */
export function RunRows({ runs, about }: RunRowsProps) {
  return (
    <ul className="divide-y divide-line">
      {runs.map((run) => (
        <li key={run.runId}>
          <Link
            to={paths.run(run.runId)}
            className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-0.5 px-3 py-1.5 hover:bg-hover"
          >
            <StatusBadge look={lookOfRun(run.status)} shape="glyph" />
            <span className="line-clamp-1 font-medium">{run.workflowName}</span>
            <span className="min-w-0 flex-1 basis-48 truncate text-muted">{about(run)}</span>
            <Time at={run.completedAt ?? run.startedAt ?? run.createdAt} className="whitespace-nowrap text-muted" />
          </Link>
        </li>
      ))}
    </ul>
  )
}

interface RunRowsProps {
  readonly runs: readonly RunSummary[]
  readonly about: (run: RunSummary) => string
}
