import { type MouseEvent, type Ref, useMemo } from "react"
import { lookOfRun } from "../../ui/run-look.ts"
import { SkeletonRows } from "../../ui/Skeleton.tsx"
import { shortId } from "../../ui/short-id.ts"
import type { RowHeight, Sort } from "../../ui/table/column.ts"
import type { Selection } from "../../ui/table/selection.ts"
import { VirtualTable } from "../../ui/table/VirtualTable.tsx"
import type { RunListData } from "../list/run-list.ts"
import type { ShownRuns } from "../list/use-run-list.ts"
import { EndOfList } from "./EndOfList.tsx"
import type { RunColumn } from "./run-columns.tsx"
import { idOfRow, isHeld, type RunRow } from "./run-row.ts"

interface RunsTableProps {
  readonly runs: ShownRuns
  readonly columns: readonly RunColumn[]
  readonly height: RowHeight
  readonly sort: Sort | undefined
  readonly onSort: (sort: Sort) => void
  readonly selection: Selection
  readonly onSelection: (selection: Selection) => void
  readonly focused: string | undefined
  readonly onFocused: (runId: string) => void
  readonly onPeek: (runId: string) => void
  readonly onOpen: (runId: string) => void
  readonly onTag: (tag: string) => void
  readonly ref: Ref<HTMLTableElement>
}

export function RunsTable({ runs, onTag, onPeek, onOpen, ...rest }: RunsTableProps) {
  const { data, loader } = runs
  const rows = useMemo(() => (data === null ? [] : rowsOf(data)), [data])
  if (data === null) return <SkeletonRows rows={12} label="The runs are on their way" />

  /** Buttons inside rows say what they are for; rows that did not change need not be drawn again for a handler. */
  function onClick(event: MouseEvent) {
    const pressed = (event.target as Element).closest<HTMLElement>("[data-tag], [data-peek]")
    const { tag, peek } = pressed?.dataset ?? {}
    if (tag !== undefined) onTag(tag)
    if (peek !== undefined) onPeek(peek)
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the buttons inside the rows
    // biome-ignore lint/a11y/useKeyWithClickEvents: a button's own keys are clicks
    <div onClick={onClick} className="absolute inset-0">
      <VirtualTable
        label="Runs"
        rows={rows}
        rowId={idOfRow}
        rowLabel={labelOf}
        total={data.total?.exact ? data.total.value : undefined}
        busy={runs.isLoading && runs.isBefore}
        onPeek={(row) => onPeek(row.runId)}
        onOpen={(row) => onOpen(row.runId)}
        onEnd={runs.isBefore ? undefined : loader.more}
        onView={runs.isBefore ? undefined : loader.look}
        footer={<EndOfList runs={runs} />}
        {...rest}
      />
    </div>
  )
}

/** The rows themselves are the same objects while nothing is known anew of them, so that they are not drawn again. */
function rowsOf({ ids, rows }: RunListData): readonly RunRow[] {
  return ids.map((runId) => rows.get(runId) ?? { runId })
}

function labelOf(row: RunRow): string {
  if (!isHeld(row)) return shortId(row.runId)
  return `${row.workflowName}, ${lookOfRun(row.status).word}, ${shortId(row.runId)}`
}
