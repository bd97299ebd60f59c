import { useQuery } from "@tanstack/react-query"
import type { Approval, RunSummary } from "@waybill/contract"
import { Link } from "../../page/Link.tsx"
import { Loaded } from "../../page/Loaded.tsx"
import { useSetSearch } from "../../page/navigation.ts"
import { runApprovalsQuery } from "../../parts/decide/approval-query.ts"
import { paths, type RunSearch } from "../../paths.ts"
import { lookOfApproval } from "../../ui/approval-look.ts"
import { Button } from "../../ui/Button.tsx"
import { linkLook } from "../../ui/button-look.ts"
import { EmptyState } from "../../ui/EmptyState.tsx"
import { SkeletonRows } from "../../ui/Skeleton.tsx"
import { StatusBadge } from "../../ui/StatusBadge.tsx"
import { Time } from "../../ui/time/Time.tsx"

/** What people were asked in this run, the newest first: who, what, when; and what waits is decided from here. */
export function ApprovalsTab({ run }: { run: RunSummary }) {
  const approvals = useQuery(runApprovalsQuery(run.runId))
  return (
    <Loaded
      query={approvals}
      what="The approvals"
      skeleton={<SkeletonRows rows={2} label="The approvals are loading" />}
    >
      {({ items, nextCursor }) =>
        items.length === 0 ? (
          <EmptyState title="Nobody was asked" icon="person">
            A state of the action human.approval asks people; this run has come to none.
          </EmptyState>
        ) : (
          <>
            <ol className="flex flex-col gap-2 pt-3">
              {items.map((approval) => (
                <OneApproval key={approval.approvalId} approval={approval} />
              ))}
            </ol>
            {nextCursor !== null && (
              <p className="pt-2 text-muted">
                There are more than {items.length};{" "}
                <Link to={paths.approvals()} className={linkLook}>
                  the inbox
                </Link>{" "}
                has them all.
              </p>
            )}
          </>
        )
      }
    </Loaded>
  )
}

function OneApproval({ approval }: { approval: Approval }) {
  const setSearch = useSetSearch<RunSearch>()
  const { approvalId, state, message, name, round, runId, stepId } = approval
  const isOpen = state === "pending"
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 rounded-md border bg-surface px-3 py-2.5">
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-center gap-x-2.5">
          <StatusBadge look={lookOfApproval(state)} />
          <Link to={paths.run(runId, { step: stepId })} className={linkLook}>
            {name}
          </Link>
          {round > 1 && <span className="text-muted">asked the {round}. time</span>}
        </p>
        <p className="mt-1 font-medium wrap-anywhere">{message}</p>
        <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5">
          <dt className="text-faint">Asked</dt>
          <dd>
            <Time at={approval.requestedAt} /> of {approval.approvers.join(", ") || "every operator"}
          </dd>
          {isOpen && approval.timeoutAt !== null && (
            <>
              <dt className="text-faint">Until</dt>
              <dd>
                <Time at={approval.timeoutAt} />
              </dd>
            </>
          )}
          {approval.decidedAt !== null && (
            <>
              <dt className="text-faint">{approval.decidedBy.length === 0 ? "Ended" : "Decided"}</dt>
              <dd className="wrap-anywhere">
                {approval.outcome} <Time at={approval.decidedAt} />
                {approval.decidedBy.length > 0 && <> by {approval.decidedBy.join(", ")}</>}
                {approval.comment && <span className="text-muted"> “{approval.comment}”</span>}
              </dd>
            </>
          )}
        </dl>
      </div>
      <Button
        look={isOpen ? "primary" : "plain"}
        icon={isOpen ? "person" : "eye"}
        onClick={() => setSearch({ act: "decide", approval: approvalId })}
      >
        {isOpen ? "Decide" : "What was shown"}
      </Button>
    </li>
  )
}
