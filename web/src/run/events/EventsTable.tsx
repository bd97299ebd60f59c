import type { Event } from "@waybill/contract"
import type { ReactNode } from "react"
import { cx } from "../../ui/cx.ts"
import type { Column } from "../../ui/table/column.ts"
import { VirtualTable } from "../../ui/table/VirtualTable.tsx"
import { formatDuration } from "../../ui/time/duration.ts"
import { toneFill } from "../../ui/tone.ts"
import { eventTone, eventWords } from "./event-words.ts"

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

const ROW_PX = 28

/** What happened, one line each. */
export function EventsTable({ label, events, zero, nameOf, onOpen, ...rest }: EventsTableProps) {
  return (
    <div
      className="overflow-hidden rounded-md border bg-surface"
      style={{ height: `min(70vh, ${Math.max(6, events.length) * ROW_PX + 72}px)` }}
    >
      <VirtualTable
        label={label}
        rows={events}
        rowId={idOf}
        rowLabel={labelOf}
        columns={columnsOf(zero, nameOf)}
        height="dense"
        onOpen={onOpen}
        {...rest}
      />
    </div>
  )
}

const idOf = ({ seq }: Event) => String(seq)
const labelOf = ({ seq, type }: Event) => `${seq}, ${type}`

function columnsOf(zero: number, nameOf: EventsTableProps["nameOf"]): readonly Column<Event>[] {
  return [
    {
      id: "seq",
      title: "#",
      width: 56,
      align: "end",
      cell: ({ seq }) => <span className="text-mono text-faint">{seq}</span>,
    },
    {
      id: "at",
      title: "After",
      width: 88,
      align: "end",
      cell: ({ at }) => (
        <span className="text-mono text-muted">+{formatDuration(Math.max(0, Date.parse(at) - zero))}</span>
      ),
    },
    {
      id: "type",
      title: "Event",
      width: 176,
      cell: ({ type }) => (
        <span className="flex items-center gap-2">
          <span aria-hidden="true" className={cx("size-1.5 shrink-0 rounded-full", toneFill[eventTone(type)])} />
          <span className="truncate text-mono">{type}</span>
        </span>
      ),
    },
    {
      id: "step",
      title: "Step",
      width: 120,
      grow: 1,
      cell: ({ stepId }) => (stepId === null ? "" : <span className="font-medium">{nameOf(stepId) ?? stepId}</span>),
    },
    {
      id: "words",
      title: "What",
      width: 200,
      grow: 4,
      cell: (event) => <span className="text-muted">{eventWords(event)}</span>,
    },
    { id: "actor", title: "Actor", width: 110, cell: ({ actor }) => <span className="text-faint">{actor}</span> },
  ]
}
