/** An event as a row: in columns, or in two lines where there is no room for them. */
import type { Event } from "@waybill/contract"
import { cx } from "../../ui/cx.ts"
import type { Column } from "../../ui/table/column.ts"
import { formatDuration } from "../../ui/time/duration.ts"
import { toneFill } from "../../ui/tone.ts"
import { eventTone, eventWords } from "./event-words.ts"

type Facts = {
  /** The run's start: times are told from there. */
  readonly zero: number
  readonly nameOf: (stepId: string) => string | undefined
}

export function eventColumns({ zero, nameOf }: Facts): readonly Column<Event>[] {
  return [
    {
      id: "seq",
      title: "#",
      width: 56,
      align: "end",
      cell: ({ seq }) => <span className="text-mono text-faint">{seq}</span>,
    },
    { id: "at", title: "After", width: 88, align: "end", cell: ({ at }) => <After at={at} zero={zero} /> },
    { id: "type", title: "Event", width: 176, cell: ({ type }) => <Type type={type} /> },
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

export function narrowEventColumns({ zero, nameOf }: Facts): readonly Column<Event>[] {
  const step = ({ stepId }: Event) => (stepId === null ? undefined : (nameOf(stepId) ?? stepId))
  return [
    {
      id: "event",
      title: "Event",
      width: 200,
      grow: 1,
      cell: (event) => (
        <span className="flex min-w-0 flex-1 flex-col leading-tight">
          <span className="flex min-w-0 items-center gap-2">
            <span className="min-w-0 flex-1">
              <Type type={event.type} />
            </span>
            <After at={event.at} zero={zero} />
          </span>
          <span className="flex min-w-0 gap-2 text-xs">
            <span className="text-mono text-faint">#{event.seq}</span>
            <span className="min-w-0 truncate text-muted">
              {[step(event), eventWords(event)].filter(Boolean).join(": ")}
            </span>
          </span>
        </span>
      ),
    },
  ]
}

const After = ({ at, zero }: { at: string; zero: number }) => (
  <span className="text-mono text-muted">+{formatDuration(Math.max(0, Date.parse(at) - zero))}</span>
)

const Type = ({ type }: { type: string }) => (
  <span className="flex items-center gap-2">
    <span aria-hidden="true" className={cx("size-1.5 shrink-0 rounded-full", toneFill[eventTone(type)])} />
    <span className="truncate text-mono">{type}</span>
  </span>
)
