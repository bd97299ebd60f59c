/** One run: what it is, why it is where it is, and everything that happened in it. */
import { useQuery } from "@tanstack/react-query"
import type { RunSummary } from "@waybill/contract"
import { runQuery } from "../data/queries.ts"
import { hasEnded } from "../data/run-ended.ts"
import { type Asked, definePage } from "../page/define-page.ts"
import { InEnvironment } from "../page/InEnvironment.tsx"
import { Loaded } from "../page/Loaded.tsx"
import { Missing } from "../page/Missing.tsx"
import { whyQuery } from "../parts/why/why-query.ts"
import { paths, type RunSearch } from "../paths.ts"
import { Skeleton } from "../ui/Skeleton.tsx"
import { RunFacts } from "./head/RunFacts.tsx"
import { RunHead } from "./head/RunHead.tsx"
import { RunStanding } from "./head/RunStanding.tsx"
import { RunWhy } from "./head/RunWhy.tsx"
import { timelineQuery } from "./queries.ts"
import { RunTabs } from "./RunTabs.tsx"
import { useRunActs } from "./use-run-acts.tsx"

type RunParams = { readonly runId: string }

export const page = definePage<RunParams, RunSearch>({
  load: ({ queries, params: { runId } }) => {
    const run = queries.fetchQuery(runQuery(runId))
    // What is asked of a run that is not there would only be refused as well.
    const rest = () =>
      Promise.all([queries.prefetchQuery(whyQuery(runId, true)), queries.prefetchQuery(timelineQuery(runId, true))])
    void run.then(rest).catch(() => undefined)
  },
  View: RunPage,
})

function RunPage({ params: { runId }, search }: Asked<RunParams, RunSearch>) {
  const run = useQuery(runQuery(runId))
  const acts = useRunActs(run.data, search)
  return (
    <>
      <RunHead runId={runId} run={run.data} actions={acts.bar} />
      <Loaded query={run} what="The run" skeleton={<FirstPaint />} missing={<NoSuchRun runId={runId} />}>
        {(data) => <LoadedRun key={runId} run={data} search={search} onNext={acts.onNext} onSay={acts.onSay} />}
      </Loaded>
      {acts.dialog}
    </>
  )
}

type LoadedRunProps = {
  readonly run: RunSummary
  readonly search: RunSearch
  readonly onNext: ReturnType<typeof useRunActs>["onNext"]
  readonly onSay: ReturnType<typeof useRunActs>["onSay"]
}

function LoadedRun({ run, search, onNext, onSay }: LoadedRunProps) {
  const why = useQuery(whyQuery(run.runId, !hasEnded(run.status)))
  return (
    <div className="mt-2 flex min-w-0 flex-col gap-3">
      <InEnvironment env={run.environment} />
      <RunFacts run={run} lastGoodRunId={why.data?.changed?.runId} />
      <RunStanding run={run} onAct={onSay} />
      <RunWhy run={run} why={why} onNext={onNext} />
      <RunTabs run={run} search={search} />
    </div>
  )
}

function NoSuchRun({ runId }: RunParams) {
  return (
    <Missing title="There is no such run" back={{ to: paths.runs(), label: "All runs" }}>
      No run has the id <code className="text-mono">{runId}</code> here. It may have been written differently, or belong
      to another server.
    </Missing>
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
