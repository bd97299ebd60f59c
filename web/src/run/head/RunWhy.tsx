import type { UseQueryResult } from "@tanstack/react-query"
import type { RunSummary, Why } from "@waybill/contract"
import { Loaded } from "../../page/Loaded.tsx"
import { WhyCard } from "../../parts/why/WhyCard.tsx"
import type { WhyNextStep } from "../../parts/why/WhyNext.tsx"
import { Skeleton } from "../../ui/Skeleton.tsx"

type RunWhyProps = {
  readonly run: RunSummary
  readonly why: UseQueryResult<Why>
  readonly onNext: (next: WhyNextStep) => void
}

/** First in reading order for whatever did not simply complete. */
export function RunWhy({ run, why, onNext }: RunWhyProps) {
  if (run.status === "COMPLETED") return null
  return (
    <Loaded
      query={why}
      what="Why the run is where it is"
      skeleton={
        <div className="h-28 rounded-md border bg-surface p-4">
          <Skeleton className="w-1/2" />
        </div>
      }
    >
      {(data) => <WhyCard why={data} onNext={onNext} />}
    </Loaded>
  )
}
