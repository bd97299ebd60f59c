/** Who asks, for what, of whom, since when; what was shown, who has voted, and what happens if nobody decides. */
import type { Approval } from "@waybill/contract"
import { type ReactNode, useSyncExternalStore } from "react"
import { Link } from "../../page/Link.tsx"
import { paths } from "../../paths.ts"
import { linkLook } from "../../ui/button-look.ts"
import { shortId } from "../../ui/short-id.ts"
import { clockNow, subscribeToClock } from "../../ui/time/clock.ts"
import { Duration } from "../../ui/time/Duration.tsx"
import { Time } from "../../ui/time/Time.tsx"
import { ordinal } from "./approval-course.ts"
import type { AskingState } from "./asking-state.ts"
import { Course } from "./Course.tsx"
import { otherwiseOf } from "./consequence.ts"
import { untilWords } from "./deadline.ts"
import { Evidence } from "./Evidence.tsx"
import { Nearness } from "./Nearness.tsx"
import { Votes } from "./Votes.tsx"

type AskedProps = {
  readonly approval: Approval
  readonly state: AskingState | null | undefined
  /** Said where the run is shown around it already. */
  readonly inRun?: boolean
  /** Once the run is known; its id until then. */
  readonly workflowName?: string
  /** There is room for all of the evidence. */
  readonly roomy?: boolean
}

export function Asked({ approval, state, inRun = false, workflowName, roomy = false }: AskedProps) {
  const { requestedAt, requestedBy, approvers, round, name, workflowId, runId, summary } = approval
  const isOpen = approval.state === "pending"
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <dl className="grid grid-cols-[fit-content(5rem)_1fr] gap-x-4 sm:grid-cols-[minmax(5rem,max-content)_1fr] gap-y-1">
        {!inRun && (
          <Fact name="Run">
            {workflowName ?? workflowId}{" "}
            <Link to={paths.run(runId)} className={`${linkLook} text-mono`}>
              {shortId(runId)}
            </Link>
          </Fact>
        )}
        <Fact name="State">
          {name}
          {round > 1 && `, for the ${ordinal(round)} time`}
        </Fact>
        <Fact name="Started by">{requestedBy}</Fact>
        <Fact name="Approvers">{approvers.length === 0 ? "any operator" : approvers.join(", ")}</Fact>
        {isOpen && (
          <>
            <Fact name="Waits">
              <Duration since={requestedAt} /> <span className="text-muted">since</span>{" "}
              <Time at={requestedAt} shown="absolute" />
            </Fact>
            {approval.dueAt !== null && (
              <Fact name="Clock">
                <Nearness approval={approval} />
              </Fact>
            )}
            <Fact name="If nobody decides">
              {approval.timeoutAt !== null && (
                <span className="font-medium">
                  <Until at={approval.timeoutAt} />, <Time at={approval.timeoutAt} shown="absolute" />:{" "}
                </span>
              )}
              {otherwiseOf(approval, state)}
            </Fact>
          </>
        )}
      </dl>
      {summary === null ? (
        <p className="text-muted">{isOpen ? "Nothing is shown" : "Nothing was shown"} beside the question.</p>
      ) : (
        <Evidence
          value={summary}
          label={isOpen ? "Evidence" : "What was shown"}
          root="summary"
          isShort={isOpen && !roomy}
        />
      )}
      <Course approval={approval} />
      {isOpen && <Votes {...approval} />}
    </div>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="max-w-20 text-muted sm:max-w-none">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </>
  )
}

/** Live, and never rounded so far that an hour is lost. */
function Until({ at }: { at: string }) {
  return useSyncExternalStore(subscribeToClock, () => untilWords(at, clockNow()))
}
