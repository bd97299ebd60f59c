/**
 * One approval, to be understood and decided: who asks, what was shown, what each answer does, and what happens if nobody
 * answers. Decided, it says by whom, and what the run does now. It is told of a decision by somebody else while it is
 * open, and never takes that for an error. Its heading stands with whoever shows it.
 */
import { type UseQueryResult, useQuery } from "@tanstack/react-query"
import type { Approval, RunSummary } from "@waybill/contract"
import { useState } from "react"
import { runQuery } from "../../data/queries.ts"
import { Loaded } from "../../page/Loaded.tsx"
import { Missing } from "../../page/Missing.tsx"
import { paths } from "../../paths.ts"
import { Button } from "../../ui/Button.tsx"
import { Callout } from "../../ui/Callout.tsx"
import { cx } from "../../ui/cx.ts"
import { JsonDiff } from "../../ui/json/JsonDiff.tsx"
import { changesBetween } from "../../ui/json/json-changes.ts"
import { SkeletonRows } from "../../ui/Skeleton.tsx"
import { Asked } from "./Asked.tsx"
import { approvalQuery, definitionQuery } from "./approval-query.ts"
import { type AskingState, askingState } from "./asking-state.ts"
import { Decided } from "./Decided.tsx"
import { DecisionForm } from "./DecisionForm.tsx"
import { useDecide } from "./use-decide.ts"

export type DecisionPanelProps = {
  readonly approvalId: string
  /** The outcome that was chosen on the way here. */
  readonly say?: string
  /** Where the next decision is taken, once this one is. */
  readonly nextTo?: (approvalId: string) => string
  /** The run stands around it: it is not named again. */
  readonly inRun?: boolean
  /** It has a page to itself: where there is room, what is asked stands beside what can be said to it. */
  readonly roomy?: boolean
}

export function DecisionPanel(props: DecisionPanelProps) {
  const approval = useQuery(approvalQuery(props.approvalId))
  return (
    <Loaded
      query={approval}
      what="The approval"
      skeleton={<SkeletonRows rows={8} label="The approval is loading" />}
      missing={<NoSuchApproval approvalId={props.approvalId} />}
    >
      {(data) => <Panel key={data.approvalId} {...props} approval={data} />}
    </Loaded>
  )
}

function NoSuchApproval({ approvalId }: Pick<DecisionPanelProps, "approvalId">) {
  return (
    <Missing title="There is no such approval" back={{ to: paths.approvals(), label: "Open the inbox" }}>
      None has the id <code className="text-mono">{approvalId}</code> here.
    </Missing>
  )
}

type PanelProps = DecisionPanelProps & { readonly approval: Approval }

function Panel({ approval, say, nextTo, inRun, roomy = false }: PanelProps) {
  const run = useQuery(runQuery(approval.runId))
  const state = useAskingState(approval, run)
  const sending = useDecide(approval)
  // What this person has read: when it changes under them, it is to be read again before it can be decided.
  const [read, setRead] = useState(approval)
  const isOpen = approval.state === "pending"
  const isOther = isOpen && read.contentHash !== approval.contentHash
  const asks = isOpen && !isOther
  return (
    <div className="flex flex-col gap-4 bg-inherit [&:not(:has(form))]:pb-4">
      {!isOpen && <Decided approval={approval} cameSecond={sending.cameSecond} nextTo={nextTo} />}
      {isOther && (
        <Changed
          from={read}
          to={approval}
          onRead={() => {
            setRead(approval)
            sending.forget()
          }}
        />
      )}
      <div className={cx("flex flex-col gap-4 bg-inherit", roomy && asks && sideBySide)}>
        <Asked approval={approval} state={state} inRun={inRun} workflowName={run.data?.workflowName} roomy={roomy} />
        {asks && <DecisionForm approval={approval} state={state} sending={sending} say={say} />}
      </div>
    </div>
  )
}

/** The choices stay in view however long the evidence is. */
const sideBySide =
  "lg:grid lg:grid-cols-[minmax(0,1fr)_25rem] lg:items-start lg:gap-8 lg:[&>form]:sticky lg:[&>form]:top-3"

function Changed({
  from,
  to,
  onRead,
}: {
  readonly from: Approval
  readonly to: Approval
  readonly onRead: () => void
}) {
  const shown = ({ message, summary, formSchema }: Approval) => ({ message, summary, form: formSchema })
  return (
    <Callout tone="waiting" title="What is asked has changed since you read it; nothing was decided">
      <JsonDiff {...changesBetween(shown(from), shown(to))} label="What changed" className="my-2 text-fg" />
      <Button onClick={onRead}>I have read it anew</Button>
    </Callout>
  )
}

/** Undefined while the run's definition is on its way, null where it is not to be had. */
function useAskingState({ name }: Approval, run: UseQueryResult<RunSummary>): AskingState | null | undefined {
  const asked = run.data ?? { workflowId: "", versionNumber: 0, environment: "" }
  const version = useQuery({ ...definitionQuery(asked), enabled: run.data !== undefined })
  if (run.isError || version.isError) return null
  return version.data && askingState(version.data.definition, name)
}
