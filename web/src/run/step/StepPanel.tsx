/** One step looked into: how it went, attempt by attempt, what it took and gave, and what it did to the context. */
import { useQuery } from "@tanstack/react-query"
import type { RunSummary, Step } from "@waybill/contract"
import { hasEnded } from "../../data/run-ended.ts"
import { Link } from "../../page/Link.tsx"
import { Loaded } from "../../page/Loaded.tsx"
import { useSetSearch } from "../../page/navigation.ts"
import { paths, type RunSearch, type stepParts } from "../../paths.ts"
import { SkeletonRows } from "../../ui/Skeleton.tsx"
import { StatusBadge } from "../../ui/StatusBadge.tsx"
import { lookOfStep } from "../../ui/step-look.ts"
import { TabPanel, Tabs } from "../../ui/Tabs.tsx"
import { stepQuery } from "../queries.ts"
import type { Lane, RunTimeline, TimelineNode } from "../timeline/timeline.ts"
import { StepAttempts } from "./StepAttempts.tsx"
import { StepContextChanges } from "./StepContextChanges.tsx"
import { StepFacts } from "./StepFacts.tsx"
import { StepLogs } from "./StepLogs.tsx"
import { StepValue } from "./StepValue.tsx"

type StepPart = (typeof stepParts)[number]

type StepPanelProps = {
  readonly run: RunSummary
  readonly timeline: RunTimeline
  readonly node: TimelineNode
  readonly lane: Lane
  readonly search: RunSearch
}

export function StepPanel({ run, timeline, node, lane, search }: StepPanelProps) {
  const setSearch = useSetSearch<RunSearch>()
  const isOpen = !hasEnded(run.status) && node.to === null
  const step = useQuery(stepQuery(run.runId, lane.id, isOpen))
  const part = search.part ?? "attempts"
  return (
    <>
      <StepHead run={run} timeline={timeline} node={node} lane={lane} />
      <Loaded query={step} what="The step" skeleton={<SkeletonRows rows={4} label="The step is being loaded" />}>
        {(data) => (
          <>
            <StepFacts step={data} />
            <Tabs
              label="Of the step"
              tabs={tabsOf(data)}
              value={part}
              onChange={(next) => setSearch({ part: next === "attempts" ? undefined : next }, { replace: true })}
            >
              <TabPanel value={part} className="p-3">
                <Part part={part} step={data} run={run} timeline={timeline} search={search} />
              </TabPanel>
            </Tabs>
          </>
        )}
      </Loaded>
    </>
  )
}

const tabsOf = (step: Step) => [
  { value: "attempts" as const, label: "Attempts", ...(step.attempts.length > 1 && { count: step.attempts.length }) },
  { value: "input" as const, label: "Input" },
  { value: "output" as const, label: "Output" },
  { value: "context" as const, label: "Context Δ" },
  { value: "logs" as const, label: "Logs" },
]

type PartProps = {
  readonly part: StepPart
  readonly step: Step
  readonly run: RunSummary
  readonly timeline: RunTimeline
  readonly search: RunSearch
}

function Part({ part, step, run, timeline, search }: PartProps) {
  switch (part) {
    case "attempts":
      return <StepAttempts step={step} attempt={search.attempt} />
    case "input":
      return <StepValue value={step.input} label="Input" none="Nothing was handed to it." />
    case "output":
      return <StepValue value={step.output} label="Output" none={noOutput(step)} />
    case "context":
      return (
        <StepContextChanges
          step={step}
          isOpen={!hasEnded(run.status) && step.completedAt === null}
          timeline={timeline}
        />
      )
    case "logs":
      return <StepLogs run={run} step={step} />
  }
}

function noOutput({ status }: Step): string {
  if (status === "SUCCEEDED") return "It gave nothing back."
  return status === "SKIPPED" ? "It was skipped." : "It has given nothing back."
}

function StepHead({ run, timeline, node, lane }: Omit<StepPanelProps, "search">) {
  const holders = holdersOf(timeline, node.id)
  return (
    <header className="border-b py-2 pr-10 pl-3">
      <div className="min-w-0">
        {holders.length > 0 && (
          <p className="flex flex-wrap gap-x-1 text-xs text-faint">
            {holders.map((holder) => (
              <span key={holder.id}>
                {holder.step === null ? (
                  holder.name
                ) : (
                  <Link to={paths.run(run.runId, { step: holder.id })} className="hover:text-fg hover:underline">
                    {holder.name}
                  </Link>
                )}
                <span aria-hidden="true"> /</span>
              </span>
            ))}
          </p>
        )}
        <h2 className="flex flex-wrap items-center gap-x-2 text-base font-semibold">
          {node.name}
          {node.detail !== "" && <span className="text-sm font-normal text-faint">{node.detail}</span>}
        </h2>
        <p className="flex flex-wrap items-center gap-x-2">
          <StatusBadge look={lookOfStep(node.status)} />
          <span className="text-muted">{lane.type}</span>
        </p>
      </div>
    </header>
  )
}

function holdersOf({ byId, parentOf }: RunTimeline, id: string): readonly TimelineNode[] {
  const holders: TimelineNode[] = []
  for (let at = parentOf.get(id); at !== undefined; at = parentOf.get(at)) {
    const holder = byId.get(at)
    if (holder !== undefined) holders.unshift(holder)
  }
  return holders
}
