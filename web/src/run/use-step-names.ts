import { useQuery } from "@tanstack/react-query"
import type { RunSummary } from "@waybill/contract"
import { useMemo } from "react"
import { hasEnded } from "../data/run-ended.ts"
import { timelineQuery } from "./queries.ts"

const noNames: ReadonlyMap<string, string> = new Map()

/** Steps by name, as far as the timeline is known; until then their ids stand there. */
export function useStepNames(run: RunSummary): ReadonlyMap<string, string> {
  const { data } = useQuery(timelineQuery(run.runId, !hasEnded(run.status), run.counts.steps))
  return useMemo(() => (data === undefined ? noNames : new Map(data.lanes.map((lane) => [lane.id, lane.name]))), [data])
}
