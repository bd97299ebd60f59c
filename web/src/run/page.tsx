/** One run: what it is, why it is where it is, and everything that happened in it. */
import { useQuery } from "@tanstack/react-query"
import type { Run } from "@waybill/contract"
import { runQuery } from "../data/queries.ts"
import { hasEnded } from "../data/run-ended.ts"
import { type Asked, definePage } from "../page/define-page.ts"
import { Loaded } from "../page/Loaded.tsx"
import { whyQuery } from "../parts/why/why-query.ts"
import type { RunSearch } from "../paths.ts"
import { Skeleton } from "../ui/Skeleton.tsx"
import { RunFacts } from "./head/RunFacts.tsx"
import { RunHead } from "./head/RunHead.tsx"
import { RunWhy } from "./head/RunWhy.tsx"
import { timelineQuery } from "./queries.ts"
import { RunTabs } from "./RunTabs.tsx"
import { useRunActs } from "./use-run-acts.tsx"

type RunParams = { readonly runId: string }

export const page = definePage<RunParams, RunSearch>({
  load: ({ queries, params: { runId } }) => {
    void queries.prefetchQuery(runQuery(runId))
    void queries.prefetchQuery(whyQuery(runId, true))
    void queries.prefetchQuery(timelineQuery(runId, true))
  },
  View: RunPage,
})

function RunPage({ params: { runId }, search }: Asked<RunParams, RunSearch>) {
  const run = useQuery(runQuery(runId))
  const acts = useRunActs(run.data, search)
  return (
    <>
      <RunHead runId={runId} run={run.data} actions={acts.bar} />
      <Loaded query={run} what="The run" skeleton={<FirstPaint />}>
        {(data) => <LoadedRun key={runId} run={data} search={search} onNext={acts.onNext} />}
      </Loaded>
      {acts.dialog}
    </>
  )
}

type LoadedRunProps = {
  readonly run: Run
  readonly search: RunSearch
  readonly onNext: ReturnType<typeof useRunActs>["onNext"]
}

function LoadedRun({ run, search, onNext }: LoadedRunProps) {
  const why = useQuery(whyQuery(run.runId, !hasEnded(run.status)))
  return (
    <div className="mt-2 flex min-w-0 flex-col gap-3">
      <RunFacts run={run} lastGoodRunId={why.data?.changed?.runId} />
      <RunWhy run={run} why={why} onNext={onNext} />
      <RunTabs run={run} search={search} />
    </div>
  )
}

function FirstPaint() {
  return (
    <div className="mt-3 flex flex-col gap-3">
      <Skeleton className="w-2/3" />
      <div className="h-28 rounded-md border bg-surface p-4">
        <Skeleton className="w-1/2" />
      </div>
    </div>
  )
}
