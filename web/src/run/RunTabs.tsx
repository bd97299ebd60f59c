import type { Run } from "@waybill/contract"
import { useSetSearch } from "../page/navigation.ts"
import type { RunSearch, runTabs } from "../paths.ts"
import { TabPanel, Tabs } from "../ui/Tabs.tsx"
import { TimelineTab } from "./timeline/TimelineTab.tsx"

type RunTab = (typeof runTabs)[number]

const words = {
  timeline: "Timeline",
  steps: "Steps",
  context: "Context",
  events: "Events",
  approvals: "Approvals",
  lineage: "Lineage",
  io: "Input & output",
  later: "More",
} as const satisfies Record<RunTab, string>

const shown: readonly RunTab[] = ["timeline"]

/** Everything that happened, from one side at a time. */
export function RunTabs({ run, search }: { run: Run; search: RunSearch }) {
  const setSearch = useSetSearch<RunSearch>()
  const tab = search.tab ?? "timeline"
  return (
    <Tabs
      label="Of the run"
      tabs={shown.map((value) => ({ value, label: words[value] }))}
      value={tab}
      onChange={(next) => setSearch({ tab: next === "timeline" ? undefined : next })}
    >
      <TabPanel value={tab}>{tab === "timeline" && <TimelineTab run={run} search={search} />}</TabPanel>
    </Tabs>
  )
}
