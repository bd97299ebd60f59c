import type { RunSummary } from "@waybill/contract"
import { Link } from "../../../page/Link.tsx"
import { paths } from "../../../paths.ts"
import { cx } from "../../../ui/cx.ts"
import { lookOfRun } from "../../../ui/run-look.ts"
import { StatusBadge } from "../../../ui/StatusBadge.tsx"
import { shortId } from "../../../ui/short-id.ts"
import { Duration } from "../../../ui/time/Duration.tsx"
import { Time } from "../../../ui/time/Time.tsx"
import { runWords } from "./run-words.ts"

const head = "border-b px-3 py-1.5 text-left text-xs font-medium whitespace-nowrap text-muted"
const cell = "px-3 py-2 max-md:p-0"

/** Runs of one workflow, a line each; `narrow` where there is no room for what happened. */
export function RunTable({ runs, label, narrow = false }: RunTableProps) {
  return (
    <div className="overflow-x-auto rounded-md border bg-surface">
      <table aria-label={label} className="w-full border-collapse wrap-break-word max-md:block">
        <thead className="max-md:sr-only">
          <tr>
            <th className={head}>Run</th>
            <th className={head}>Status</th>
            {!narrow && <th className={head}>What happened</th>}
            {!narrow && <th className={head}>Version</th>}
            <th className={head}>Started</th>
            <th className={cx(head, "text-right")}>Duration</th>
          </tr>
        </thead>
        <tbody className="max-md:block">
          {runs.map((run) => (
            <tr
              key={run.runId}
              className="border-b last:border-b-0 hover:bg-hover max-md:flex max-md:flex-wrap max-md:gap-x-3 max-md:px-3 max-md:py-2"
            >
              <td className={cell}>
                <Link to={paths.run(run.runId)} className="rounded-xs text-mono hover:underline">
                  {shortId(run.runId)}
                </Link>
              </td>
              <td className={cell}>
                <StatusBadge look={lookOfRun(run.status)} />
              </td>
              {!narrow && (
                <td className={cx(cell, "max-w-md truncate text-muted max-md:basis-full")} title={runWords(run)}>
                  {runWords(run)}
                </td>
              )}
              {!narrow && (
                <td className={cx(cell, "text-mono text-muted")}>
                  {run.workflowVersion} <span className="text-faint">#{run.versionNumber}</span>
                </td>
              )}
              <td className={cx(cell, "whitespace-nowrap text-muted")}>
                <Time at={run.startedAt ?? run.createdAt} />
              </td>
              <td className={cx(cell, "text-right text-muted max-md:ml-auto")}>
                <Duration ms={run.durationMs} since={run.startedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface RunTableProps {
  readonly runs: readonly RunSummary[]
  readonly label: string
  readonly narrow?: boolean
}
