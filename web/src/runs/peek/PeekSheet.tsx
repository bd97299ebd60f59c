/**
 * A look at a run beside the list: why it is where it is, what is known of it, and what can be done. The list stays in
 * use; the keys that move through it move the look along.
 */
import { useQuery } from "@tanstack/react-query"
import { runQuery } from "../../data/queries.ts"
import { hasEnded } from "../../data/run-ended.ts"
import { Link } from "../../page/Link.tsx"
import { QuestionNote } from "../../page/QuestionNote.tsx"
import type { Act } from "../../parts/run-actions/acts.ts"
import { RunActionBar } from "../../parts/run-actions/RunActionBar.tsx"
import { WhyCard } from "../../parts/why/WhyCard.tsx"
import type { WhyNextStep } from "../../parts/why/WhyNext.tsx"
import { whyQuery } from "../../parts/why/why-query.ts"
import { paths } from "../../paths.ts"
import { buttonLook } from "../../ui/button-look.ts"
import { CopyId } from "../../ui/CopyId.tsx"
import { Kbd } from "../../ui/Kbd.tsx"
import { Sheet } from "../../ui/overlay/Sheet.tsx"
import { lookOfRun } from "../../ui/run-look.ts"
import { Skeleton } from "../../ui/Skeleton.tsx"
import { StatusBadge } from "../../ui/StatusBadge.tsx"
import { useWindowWidth } from "../../ui/use-window-width.ts"
import { PeekFacts } from "./PeekFacts.tsx"

interface PeekSheetProps {
  readonly runId: string
  readonly onClose: () => void
  readonly onAct: (act: Act) => void
  readonly onNext: (next: WhyNextStep) => void
}

/** Where the sheet covers the list, it takes the focus as well. */
const BESIDE_FROM_PX = 640

export function PeekSheet({ runId, onClose, onAct, onNext }: PeekSheetProps) {
  const isBeside = useWindowWidth() >= BESIDE_FROM_PX
  const run = useQuery(runQuery(runId))
  const isOpen = !hasEnded(run.data?.status ?? "")
  const why = useQuery(whyQuery(runId, isOpen))
  return (
    <Sheet
      open
      modal={!isBeside}
      onClose={onClose}
      title={
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          {run.data && <StatusBadge shape="tint" look={lookOfRun(run.data.status)} />}
          {run.data?.workflowName ?? "A look at a run"}
        </span>
      }
      description={<CopyId id={runId} label="run id" whole />}
      actions={
        <Link to={paths.run(runId)} className={buttonLook({ look: "plain" })}>
          Open
          <span aria-hidden="true" className="max-sm:hidden">
            <Kbd keys="Enter" />
          </span>
        </Link>
      }
      footer={run.data && <RunActionBar actions={run.data.actions} onAct={onAct} />}
    >
      <div className="flex flex-col gap-4 p-4">
        <QuestionNote
          error={run.error}
          what="The run"
          hasAnswer={run.data !== undefined}
          onRetry={() => void run.refetch()}
        />
        {run.error === null && (
          <QuestionNote
            error={why.error}
            what="Why it is where it is"
            hasAnswer={why.data !== undefined}
            onRetry={() => void why.refetch()}
          />
        )}
        {why.data ? (
          <WhyCard why={why.data} compact level={3} onNext={onNext} />
        ) : (
          <WhySkeleton isShown={why.isPending} />
        )}
        {run.data && <PeekFacts run={run.data} />}
      </div>
    </Sheet>
  )
}

function WhySkeleton({ isShown }: { isShown: boolean }) {
  if (!isShown) return null
  return (
    <div role="status" className="flex flex-col gap-3 rounded-md border p-4">
      <span className="sr-only">Why is on its way</span>
      <Skeleton className="h-4 w-4/5" />
      <Skeleton className="w-3/5" />
      <Skeleton className="w-2/5" />
    </div>
  )
}
