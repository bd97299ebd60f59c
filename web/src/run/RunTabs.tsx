import { useQuery } from "@tanstack/react-query"
import type { RunSummary, Timeline } from "@waybill/contract"
import type { ReactNode } from "react"
import { hasEnded } from "../data/run-ended.ts"
import { Loaded } from "../page/Loaded.tsx"
import { useSetSearch } from "../page/navigation.ts"
import { unreachable } from "../parts/unreachable.ts"
import { type RunSearch, runTabs } from "../paths.ts"
import { SkeletonRows } from "../ui/Skeleton.tsx"
import { TabPanel, Tabs } from "../ui/Tabs.tsx"
import { AnnotationsTab } from "./annotations/AnnotationsTab.tsx"
import { ApprovalsTab } from "./approvals/ApprovalsTab.tsx"
import { AttachmentsTab } from "./attachments/AttachmentsTab.tsx"
import { ContextTab } from "./context/ContextTab.tsx"
import { EventsTab } from "./events/EventsTab.tsx"
import { ValuesTab } from "./io/ValuesTab.tsx"
import { LaterTab } from "./later/LaterTab.tsx"
import { LineageTab } from "./lineage/LineageTab.tsx"
import { LogsTab } from "./logs/LogsTab.tsx"
import { timelineQuery } from "./queries.ts"
import { StepsTab } from "./steps/StepsTab.tsx"
import { TimelineTab } from "./timeline/TimelineTab.tsx"

type RunTab = (typeof runTabs)[number]

const words = {
  timeline: "Timeline",
  steps: "Steps",
  context: "Context",
  events: "Events",
  logs: "Logs",
  approvals: "Approvals",
  annotations: "Annotations",
  lineage: "Lineage",
  io: "Input & output",
  attachments: "Attachments",
  later: "More",
} as const satisfies Record<RunTab, string>

type RunTabsProps = { readonly run: RunSummary; readonly search: RunSearch }

/** Everything that happened, from one side at a time. */
export function RunTabs({ run, search }: RunTabsProps) {
  const setSearch = useSetSearch<RunSearch>()
  const tab = search.tab ?? "timeline"
  return (
    <Tabs
      label="Of the run"
      tabs={runTabs.map((value) => ({ value, label: words[value], ...countOf(value, run) }))}
      value={tab}
      onChange={(next) => setSearch({ tab: next === "timeline" ? undefined : next })}
    >
      <TabPanel value={tab}>
        <Tab tab={tab} run={run} search={search} />
      </TabPanel>
    </Tabs>
  )
}

function countOf(tab: RunTab, { counts, seq, annotationCount }: RunSummary): { readonly count?: number } {
  if (tab === "steps") return { count: counts.steps }
  if (tab === "annotations" && annotationCount > 0) return { count: annotationCount }
  return tab === "events" ? { count: seq } : {}
}

function Tab({ tab, run, search }: RunTabsProps & { readonly tab: RunTab }) {
  switch (tab) {
    case "timeline":
      return <WithTimeline run={run}>{(data) => <TimelineTab data={data} run={run} search={search} />}</WithTimeline>
    case "steps":
      return <WithTimeline run={run}>{(data) => <StepsTab data={data} run={run} search={search} />}</WithTimeline>
    case "context":
      return <ContextTab run={run} search={search} />
    case "events":
      return <EventsTab run={run} search={search} />
    case "logs":
      return <LogsTab run={run} search={search} />
    case "approvals":
      return <ApprovalsTab run={run} />
    case "annotations":
      return <Annotations run={run} />
    case "lineage":
      return <LineageTab run={run} />
    case "io":
      return <ValuesTab run={run} />
    case "attachments":
      return <AttachmentsTab run={run} />
    case "later":
      return <LaterTab run={run} />
    default:
      return unreachable(tab)
  }
}

function Annotations({ run }: { run: RunSummary }) {
  const setSearch = useSetSearch<RunSearch>()
  return <AnnotationsTab run={run} onAnnotate={() => setSearch({ act: "annotate" })} />
}

function WithTimeline({ run, children }: { run: RunSummary; children: (data: Timeline) => ReactNode }) {
  const timeline = useQuery(timelineQuery(run.runId, !hasEnded(run.status), run.counts.steps))
  const skeleton = <SkeletonRows label="The timeline is being loaded" rows={6} />
  return (
    <Loaded query={timeline} what="The timeline" skeleton={skeleton}>
      {children}
    </Loaded>
  )
}
