import { useQuery } from "@tanstack/react-query"
import type { RunSummary } from "@waybill/contract"
import { useMemo } from "react"
import { Loaded } from "../../page/Loaded.tsx"
import { Diagram } from "../../parts/diagram/Diagram.tsx"
import { placeOf } from "../../parts/diagram/graph.ts"
import { versionQuery } from "../queries.ts"
import { graphMarks } from "./graph-marks.ts"
import type { RunTimeline } from "./timeline.ts"

type GraphLensProps = {
  readonly run: RunSummary
  readonly timeline: RunTimeline
  readonly selected: string | undefined
  readonly onSelect: (id: string) => void
}

/** The definition that the run began with, and on each of its states how the run stands there. */
export function GraphLens({ run, timeline, selected, onSelect }: GraphLensProps) {
  const version = useQuery(versionQuery(run.workflowId, run.environment, run.versionNumber))
  const { marks, stepAt } = useMemo(() => graphMarks(timeline), [timeline])
  const step = selected === undefined ? undefined : timeline.byId.get(selected)?.step
  return (
    <Loaded query={version} what="The definition" skeleton={<div className="h-96 rounded-md border bg-surface" />}>
      {({ definition }) => (
        <Diagram
          label="The definition with the run on it"
          definition={definition}
          marks={marks}
          isOverlay
          selected={step ? placeOf(step) : undefined}
          onSelect={(place) => {
            const id = stepAt.get(place)
            if (id !== undefined) onSelect(id)
          }}
        />
      )}
    </Loaded>
  )
}
