import { useQuery } from "@tanstack/react-query"
import type { RunSummary } from "@waybill/contract"
import { hasEnded } from "../../data/run-ended.ts"
import { Link } from "../../page/Link.tsx"
import { Loaded } from "../../page/Loaded.tsx"
import { paths } from "../../paths.ts"
import { Badge } from "../../ui/Badge.tsx"
import { linkLook } from "../../ui/button-look.ts"
import { CopyId } from "../../ui/CopyId.tsx"
import { EmptyState } from "../../ui/EmptyState.tsx"
import { lookOfRun } from "../../ui/run-look.ts"
import { SkeletonRows } from "../../ui/Skeleton.tsx"
import { StatusBadge } from "../../ui/StatusBadge.tsx"
import { Duration } from "../../ui/time/Duration.tsx"
import { Time } from "../../ui/time/Time.tsx"
import { lineageQuery } from "../queries.ts"
import { type LineageRow, lineageRows, relationWords } from "./lineage-tree.ts"

/** Which runs started it, which it started, and which are the same thing again. */
export function LineageTab({ run }: { run: RunSummary }) {
  const lineage = useQuery(lineageQuery(run.runId, !hasEnded(run.status)))
  return (
    <Loaded query={lineage} what="The lineage" skeleton={<SkeletonRows rows={3} label="The lineage is loading" />}>
      {(data) => {
        const rows = lineageRows(data)
        if (rows.length === 0) {
          return (
            <EmptyState title="It stands alone" icon="graph">
              No other run started it, was started by it, or is a re-run of it.
            </EmptyState>
          )
        }
        return (
          <div className="mt-3 overflow-x-auto rounded-md border bg-surface">
            <table className="w-full text-left">
              <caption className="sr-only">Relatives of this run</caption>
              <thead className="border-b text-xs text-muted">
                <tr className="h-8 [&>th]:px-3 [&>th]:font-medium">
                  <th>Run</th>
                  <th>What it is to the one above</th>
                  <th>Status</th>
                  <th>Started</th>
                  <th className="text-right">Duration</th>
                </tr>
              </thead>
              <tbody className="divide-y">
                <Self run={run} />
                {rows.map((row) => (
                  <Row key={row.relative.runId} row={row} />
                ))}
              </tbody>
            </table>
            {data.truncated && <p className="border-t px-3 py-2 text-muted">There are more than are listed.</p>}
          </div>
        )
      }}
    </Loaded>
  )
}

function Self({ run }: { run: RunSummary }) {
  return (
    <tr className="h-9 bg-selected [&>td]:px-3">
      <td className="font-medium">{run.workflowName}</td>
      <td className="text-muted">this run</td>
      <td>
        <StatusBadge look={lookOfRun(run.status)} />
      </td>
      <td>
        <Time at={run.createdAt} />
      </td>
      <td className="text-right text-mono">
        <Duration ms={run.durationMs} since={run.createdAt} />
      </td>
    </tr>
  )
}

const INDENT_PX = 20

function Row({ row: { relative, depth } }: { row: LineageRow }) {
  const { runId, workflowName, relation, status, createdAt, completedAt, circular } = relative
  return (
    <tr className="h-9 [&>td]:px-3">
      <td>
        <span className="flex items-center gap-2" style={{ paddingLeft: (depth + 1) * INDENT_PX }}>
          <Link to={paths.run(runId)} className={`${linkLook} whitespace-nowrap`}>
            {workflowName}
          </Link>
          <CopyId id={runId} label="run id" />
        </span>
      </td>
      <td className="text-muted">
        {relationWords[relation] ?? relation}
        {circular && <Badge className="ml-2">circle</Badge>}
      </td>
      <td>
        <StatusBadge look={lookOfRun(status)} />
      </td>
      <td className="whitespace-nowrap">
        <Time at={createdAt} />
      </td>
      <td className="text-right text-mono">
        <Duration
          ms={completedAt === null ? null : Date.parse(completedAt) - Date.parse(createdAt)}
          since={createdAt}
        />
      </td>
    </tr>
  )
}
