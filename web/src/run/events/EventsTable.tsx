import type { Event } from "@waybill/contract"
import type { ReactNode } from "react"
import { rowHeights } from "../../ui/table/column.ts"
import { VirtualTable } from "../../ui/table/VirtualTable.tsx"
import { useFits } from "../use-fits.ts"
import { eventColumns, narrowEventColumns } from "./event-columns.tsx"

type EventsTableProps = {
  readonly label: string
  readonly events: readonly Event[]
  /** The run's start: times are told from there. */
  readonly zero: number
  readonly nameOf: (stepId: string) => string | undefined
  readonly focused?: string
  readonly onOpen: (event: Event) => void
  readonly onEnd?: () => void
  readonly footer?: ReactNode
  readonly empty?: ReactNode
  readonly busy?: boolean
}

/** What happened, one line each; two where the window is narrow. */
export function EventsTable({ label, events, zero, nameOf, onOpen, ...rest }: EventsTableProps) {
  const isWide = useFits("48rem")
  const height = isWide ? "dense" : "tall"
  return (
    <div
      className="overflow-hidden rounded-md border bg-surface"
      style={{ height: `min(70vh, ${Math.max(6, events.length) * rowHeights[height] + 72}px)` }}
    >
      <VirtualTable
        label={label}
        rows={events}
        rowId={idOf}
        rowLabel={labelOf}
        columns={(isWide ? eventColumns : narrowEventColumns)({ zero, nameOf })}
        height={height}
        onOpen={onOpen}
        {...rest}
      />
    </div>
  )
}

const idOf = ({ seq }: Event) => String(seq)
const labelOf = ({ seq, type }: Event) => `${seq}, ${type}`
