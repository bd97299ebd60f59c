/** A log line as a row: in columns, or in two lines where there is no room for them. */
import type { RunLogLine } from "@waybill/contract"
import { cx } from "../../ui/cx.ts"
import type { Column } from "../../ui/table/column.ts"
import { formatDuration } from "../../ui/time/duration.ts"
import { type Tone, toneFill } from "../../ui/tone.ts"

type Facts = {
  /** The run's start: times are told from there. */
  readonly zero: number
  readonly nameOf: (stepId: string) => string | undefined
}

export function logColumns({ zero, nameOf }: Facts): readonly Column<RunLogLine>[] {
  return [
    { id: "at", title: "After", width: 88, align: "end", cell: ({ at }) => <After at={at} zero={zero} /> },
    { id: "level", title: "Level", width: 80, cell: ({ level }) => <Level level={level} /> },
    {
      id: "step",
      title: "Step",
      width: 120,
      grow: 1,
      cell: (line) => <span className="font-medium">{stepWords(line, nameOf)}</span>,
    },
    { id: "message", title: "Message", width: 240, grow: 5, cell: (line) => <Message line={line} /> },
  ]
}

export function narrowLogColumns({ zero, nameOf }: Facts): readonly Column<RunLogLine>[] {
  return [
    {
      id: "line",
      title: "Line",
      width: 200,
      grow: 1,
      cell: (line) => (
        <span className="flex min-w-0 flex-1 flex-col leading-tight">
          <span className="flex min-w-0 items-center gap-2">
            <span className="min-w-0 flex-1">
              <Level level={line.level} />
            </span>
            <After at={line.at} zero={zero} />
          </span>
          <span className="flex min-w-0 gap-2 text-xs">
            <span className="shrink-0 font-medium">{stepWords(line, nameOf)}</span>
            <Message line={line} />
          </span>
        </span>
      ),
    },
  ]
}

export function stepWords({ stepId, attempt }: RunLogLine, nameOf: Facts["nameOf"]): string {
  const name = nameOf(stepId) ?? stepId
  return attempt === 1 ? name : `${name}, attempt ${attempt}`
}

const tones = { debug: "quiet", info: "running", warn: "waiting", error: "failed" } as const satisfies Record<
  RunLogLine["level"],
  Tone
>

const Level = ({ level }: { level: RunLogLine["level"] }) => (
  <span className="flex items-center gap-2">
    <span aria-hidden="true" className={cx("size-1.5 shrink-0 rounded-full", toneFill[tones[level]])} />
    <span className="text-mono">{level}</span>
  </span>
)

const Message = ({ line: { message, fields } }: { line: RunLogLine }) => (
  <span className="truncate text-mono">
    {message} {fields !== null && <span className="text-faint">{JSON.stringify(fields)}</span>}
  </span>
)

const After = ({ at, zero }: { at: string; zero: number }) => (
  <span className="text-mono text-muted">+{formatDuration(Math.max(0, Date.parse(at) - zero))}</span>
)
