import type { Asked, NoParams } from "../page/define-page.ts"
import { useWindowWidth } from "../ui/use-window-width.ts"
import { RunsBody } from "./RunsBody.tsx"
import { RunsFilters } from "./RunsFilters.tsx"
import { RunsHead } from "./RunsHead.tsx"
import { RunsLayers } from "./RunsLayers.tsx"
import type { RunsPageSearch } from "./search.ts"
import { columnsShown, unranked } from "./table/columns.ts"
import { cardColumn, runColumns } from "./table/run-columns.tsx"
import { useRunsKeys } from "./use-runs-keys.ts"
import { useRunsPage } from "./use-runs-page.ts"

const CARDS_BELOW_PX = 720
/** Of the window: the page's edges, the column of boxes, the scroll bar. */
const BESIDE_COLUMNS_PX = 32 + 36 + 16
const PAGE_MAX_PX = 1600

export function RunsPage(asked: Asked<NoParams, RunsPageSearch>) {
  const model = useRunsPage(asked)
  const width = useWindowWidth()
  useRunsKeys(model)
  const isCards = width < CARDS_BELOW_PX
  const room = Math.min(width, PAGE_MAX_PX) - BESIDE_COLUMNS_PX
  // Runs of one environment all say the same of it, and the head of the page says it too.
  const known = model.asked.env === undefined ? runColumns : unranked(runColumns, "env")
  const columns = isCards ? [cardColumn] : columnsShown(known, model.search.cols, room)
  return (
    <div data-fill className="flex min-h-0 flex-1 flex-col gap-2">
      <RunsHead model={model} columns={isCards ? null : columns} />
      <RunsFilters model={model} />
      <RunsBody model={model} columns={columns} isCards={isCards} />
      <RunsLayers model={model} />
    </div>
  )
}
