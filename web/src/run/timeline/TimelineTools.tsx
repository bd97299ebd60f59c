import { type RunSearch, runLenses } from "../../paths.ts"
import { Button } from "../../ui/Button.tsx"
import { Checkbox } from "../../ui/form/Checkbox.tsx"
import { Segments } from "../../ui/Segments.tsx"

type Lens = (typeof runLenses)[number]

const words = { tree: "Tree", gantt: "Gantt", graph: "Graph", log: "Log" } as const satisfies Record<Lens, string>

type TimelineToolsProps = {
  readonly lens: Lens
  readonly search: RunSearch
  readonly steps: number
  /** In the run, beyond those that are shown. */
  readonly total: number
  readonly hasFolds: boolean
  readonly onFoldAll: (fold: boolean) => void
  readonly onSearch: (patch: RunSearch) => void
}

/** Through which lens, and how much of it. */
export function TimelineTools({ lens, search, steps, total, hasFolds, onFoldAll, onSearch }: TimelineToolsProps) {
  const hasRows = lens === "tree" || lens === "gantt"
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-x-4 gap-y-1 py-1.5">
      <Segments
        label="Lens"
        options={runLenses.map((value) => ({ value, label: words[value] }))}
        value={lens}
        onChange={(next) => onSearch({ lens: next === "tree" ? undefined : next })}
      />
      {hasRows && (
        <>
          <Checkbox checked={search.only === "failed"} onChange={(on) => onSearch({ only: on ? "failed" : undefined })}>
            Failures only
          </Checkbox>
          <Checkbox
            checked={search.only === "critical"}
            onChange={(on) => onSearch({ only: on ? "critical" : undefined })}
          >
            Critical path
          </Checkbox>
          <span className="ml-auto flex items-center gap-2">
            {search.zoom !== undefined && lens === "gantt" && (
              <Button size="sm" icon="search" onClick={() => onSearch({ zoom: undefined })}>
                All of the time
              </Button>
            )}
            <span className="text-muted">{countWords(steps, total)}</span>
            <Button size="sm" look="quiet" icon="chevrons-up-down" onClick={() => onFoldAll(!hasFolds)}>
              {hasFolds ? "Open all" : "Fold all"}
            </Button>
          </span>
        </>
      )}
    </div>
  )
}

function countWords(steps: number, total: number): string {
  const all = `${total.toLocaleString("en")} ${total === 1 ? "step" : "steps"}`
  return steps >= total ? all : `the first ${steps.toLocaleString("en")} of ${all}`
}
