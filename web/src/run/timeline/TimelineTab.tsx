/** The run step by step, through one of four lenses; beside it the step that was chosen. */
import type { RunSummary, Timeline } from "@waybill/contract"
import { useRef, useState } from "react"
import { useKeys } from "../../keys/use-keys.ts"
import { useSetSearch } from "../../page/navigation.ts"
import { type RunSearch, runLenses } from "../../paths.ts"
import { useAhead } from "../../ui/form/use-ahead.ts"
import { StepAside } from "../step/StepAside.tsx"
import { writeZoom } from "./axis.ts"
import { GraphLens } from "./GraphLens.tsx"
import { LogLens } from "./LogLens.tsx"
import { nextFailure } from "./rows.ts"
import { type GridHandle, TimelineGrid } from "./TimelineGrid.tsx"
import { TimelineTools } from "./TimelineTools.tsx"
import { useTimeline } from "./use-timeline.ts"

type TimelineTabProps = { readonly data: Timeline; readonly run: RunSummary; readonly search: RunSearch }

export function TimelineTab({ data, run, search }: TimelineTabProps) {
  const setSearch = useSetSearch<RunSearch>()
  const shown = useTimeline(data, run, search)
  const { timeline, rows, axis, now } = shown
  const grid = useRef<GridHandle>(null)
  const [cursor, setCursor] = useState(search.step)
  const [wantedLens, wantLens] = useAhead(search.lens, (to) => setSearch({ lens: to }, { replace: true }))
  const lens = wantedLens ?? "tree"

  /** Looks into a step; one after the other leaves no trail of addresses. */
  function select(id: string | undefined, isWalk = false) {
    setCursor(id)
    setSearch({ step: id, attempt: undefined }, { replace: isWalk && search.step !== undefined })
  }
  function walk(by: 1 | -1) {
    const at = rows.findIndex((row) => row.node.id === (cursor ?? search.step))
    const next = rows[at === -1 ? (by === 1 ? 0 : rows.length - 1) : at + by]
    if (next === undefined) return
    grid.current?.reveal(next.node.id)
    if (next.node.step === null) setCursor(next.node.id)
    else select(next.node.id, true)
  }
  function goToFailure() {
    const id = nextFailure(timeline, cursor ?? search.step)
    if (id === undefined) return
    shown.unfoldTo(id)
    select(id, true)
    // After the rows that were folded are there.
    requestAnimationFrame(() => grid.current?.reveal(id))
  }
  const hasFailure = nextFailure(timeline, undefined) !== undefined
  useKeys("Run", {
    j: { label: "Next step", run: () => walk(1) },
    k: { label: "Step before", run: () => walk(-1) },
    f: { label: "Next failure", run: goToFailure, refused: hasFailure ? null : "Nothing failed" },
    v: {
      label: "Next lens",
      run: () => wantLens(runLenses[(runLenses.indexOf(lens) + 1) % runLenses.length]),
    },
    l: { label: "The log", run: () => setSearch({ lens: "log" }) },
    ...(search.step !== undefined && {
      d: { label: "What the step did to the context", run: () => setSearch({ part: "context" }, { replace: true }) },
      Escape: { label: "Close the step", run: () => select(undefined) },
    }),
  })

  return (
    <StepAside run={run} timeline={timeline} search={search} onClose={() => select(undefined)}>
      <TimelineTools
        lens={lens}
        search={search}
        steps={timeline.steps}
        total={data.total}
        hasFolds={shown.hasFolds}
        onFoldAll={shown.foldAll}
        onSearch={setSearch}
      />
      {(lens === "tree" || lens === "gantt") && (
        <TimelineGrid
          ref={grid}
          timeline={timeline}
          rows={rows}
          axis={lens === "gantt" ? axis : undefined}
          now={now}
          cursor={cursor}
          selected={search.step}
          onCursor={setCursor}
          onSelect={select}
          onFold={shown.fold}
          onZoom={(window) => setSearch({ zoom: window && writeZoom(window, timeline.from) })}
          empty={
            search.only === "failed" ? "Nothing failed, and nothing had to be tried again." : "No step has begun yet."
          }
        />
      )}
      {lens === "graph" && <GraphLens run={run} timeline={timeline} selected={search.step} onSelect={select} />}
      {lens === "log" && <LogLens run={run} timeline={timeline} search={search} />}
    </StepAside>
  )
}
