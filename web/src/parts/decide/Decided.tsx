/** How it ended: what was decided, by whom, when and why; what the run does now; and which decision is waited for next. */
import { useQuery } from "@tanstack/react-query"
import type { Approval } from "@waybill/contract"
import { pendingQuery, runQuery } from "../../data/queries.ts"
import { Link } from "../../page/Link.tsx"
import { paths } from "../../paths.ts"
import { lookOfApproval } from "../../ui/approval-look.ts"
import { buttonLook, linkLook } from "../../ui/button-look.ts"
import { cx } from "../../ui/cx.ts"
import { Glyph } from "../../ui/Glyph.tsx"
import { lookOfRun } from "../../ui/run-look.ts"
import { StatusBadge } from "../../ui/StatusBadge.tsx"
import { Time } from "../../ui/time/Time.tsx"
import { toneTint } from "../../ui/tone.ts"
import { nextOf, runApprovalsQuery, successorOf } from "./approval-query.ts"
import { Evidence } from "./Evidence.tsx"
import { Nearness } from "./Nearness.tsx"
import { settledWords } from "./settled.ts"
import { Votes } from "./Votes.tsx"

type DecidedProps = {
  readonly approval: Approval
  /** This person wanted to decide as well. */
  readonly cameSecond: boolean
  /** Where the next decision is taken; absent: none is offered. */
  readonly nextTo?: (approvalId: string) => string
}

export function Decided({ approval, cameSecond, nextTo }: DecidedProps) {
  const { state, comment, decidedAt, form } = approval
  const look = lookOfApproval(state)
  return (
    <section aria-label="The decision" className="flex flex-col gap-3">
      <div role="status" className={cx("flex items-start gap-2.5 rounded-md border px-3 py-2.5", toneTint[look.tone])}>
        <Glyph name={look.glyph} tone={look.tone} size={16} className="mt-0.5" />
        <div className="min-w-0 wrap-anywhere">
          {cameSecond && <p className="text-muted">Somebody was faster: yours was not taken.</p>}
          <p>
            <span className="font-medium">{settledWords(approval)}</span>{" "}
            {decidedAt !== null && <Time at={decidedAt} className="text-muted" />}
          </p>
          {comment !== null && comment !== "" && <p className="mt-1 whitespace-pre-wrap">“{comment}”</p>}
        </div>
      </div>
      {form !== null && <Evidence value={form} label="What was filled in" root="form" />}
      {approval.votes.length > 1 && <Votes {...approval} />}
      {(state === "superseded" || state === "revised") && <AskedAgain approval={approval} />}
      <RunNow runId={approval.runId} />
      {nextTo !== undefined && <NextOne after={approval} nextTo={nextTo} />}
    </section>
  )
}

/** The question that took its place, as soon as the run has asked it. */
function AskedAgain({ approval }: { readonly approval: Approval }) {
  const { data } = useQuery(runApprovalsQuery(approval.runId))
  const next = successorOf(approval, data?.items ?? [])
  if (next === undefined) return null
  return (
    <p>
      The run has asked again:{" "}
      <Link to={paths.approval(next.approvalId)} className={linkLook}>
        {next.message}
      </Link>
    </p>
  )
}

function RunNow({ runId }: { readonly runId: string }) {
  const { data: run } = useQuery(runQuery(runId))
  if (run === undefined) return null
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <span className="text-muted">The run is now</span>
      <StatusBadge look={lookOfRun(run.status)} />
      <Link to={paths.run(runId)} className={linkLook}>
        Open the run
      </Link>
    </p>
  )
}

function NextOne({ after, nextTo }: { readonly after: Approval; readonly nextTo: (approvalId: string) => string }) {
  const { data } = useQuery(pendingQuery(after.environment))
  if (data === undefined) return null
  const next = nextOf(data.items, after)
  if (next === undefined) return <p className="text-muted">No other decision waits for you.</p>
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md border px-3 py-2">
      <div className="min-w-0 flex-1 basis-48">
        <p className="text-xs text-muted">Next</p>
        <p className="wrap-anywhere">{next.message}</p>
        <Nearness approval={next} />
      </div>
      <Link to={nextTo(next.approvalId)} className={buttonLook({ look: "primary" })}>
        Decide next
      </Link>
    </div>
  )
}
