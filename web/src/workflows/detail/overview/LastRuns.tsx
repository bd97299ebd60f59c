import { useQuery } from "@tanstack/react-query"
import type { Workflow } from "@waybill/contract"
import { runsQuery } from "../../../data/queries.ts"
import { Link } from "../../../page/Link.tsx"
import { Loaded } from "../../../page/Loaded.tsx"
import { paths } from "../../../paths.ts"
import { buttonLook, linkLook } from "../../../ui/button-look.ts"
import { EmptyState } from "../../../ui/EmptyState.tsx"
import { SkeletonRows } from "../../../ui/Skeleton.tsx"
import { RunTable } from "../runs/RunTable.tsx"

const SHOWN = 8

export function LastRuns({ workflow }: { workflow: Workflow }) {
  const { workflowId, environment, status } = workflow
  const runs = useQuery(runsQuery({ env: environment, workflowId, limit: SHOWN }))
  return (
    <Loaded query={runs} what="The last runs" skeleton={<SkeletonRows rows={4} label="The last runs" />}>
      {({ items, nextCursor }) =>
        items.length === 0 ? (
          <EmptyState
            title="It has not run yet"
            icon="play"
            className="rounded-md border bg-surface"
            action={
              status === "active" && (
                <Link to={paths.workflow(workflowId, { start: "1" })} className={buttonLook({ look: "primary" })}>
                  Start the first run
                </Link>
              )
            }
          >
            Its runs will stand here as they begin.
          </EmptyState>
        ) : (
          <>
            <RunTable runs={items} label="Last runs" narrow />
            {nextCursor !== null && (
              <p>
                <Link to={paths.workflow(workflowId, { tab: "runs" })} className={linkLook}>
                  All runs of this workflow
                </Link>
              </p>
            )}
          </>
        )
      }
    </Loaded>
  )
}
