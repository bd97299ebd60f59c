import { type FormEvent, useState } from "react"
import { Button } from "../../ui/Button.tsx"
import { cx } from "../../ui/cx.ts"
import { Field } from "../../ui/form/Field.tsx"
import { TextField } from "../../ui/form/TextField.tsx"
import { Icon } from "../../ui/Icon.tsx"
import { Popover } from "../../ui/overlay/Popover.tsx"
import { clockNow } from "../../ui/time/clock.ts"
import { useTimeSettings } from "../../ui/time/time-settings.ts"
import {
  fromLocalText,
  instantMs,
  isAllTime,
  localText,
  presets,
  rangeWords,
  type TimeRange,
} from "../time/time-range.ts"

interface TimeRangePickerProps {
  readonly range: TimeRange
  readonly onRange: (range: TimeRange) => void
  readonly isOpen: boolean
  readonly onOpen: (open: boolean) => void
}

/** When the runs started: a distance from now, which moves along, or two moments, which stand. */
export function TimeRangePicker({ range, onRange, isOpen, onOpen }: TimeRangePickerProps) {
  const { zone } = useTimeSettings()
  const choose = (next: TimeRange) => onRange({ from: next.from, to: next.to })
  return (
    <Popover
      label="Time range"
      open={isOpen}
      onOpenChange={onOpen}
      align="end"
      className="w-72 p-1"
      trigger={
        <Button size="lg" icon="clock" keys="t" className="px-2.5 font-normal">
          {rangeWords(range, clockNow(), zone)}
        </Button>
      }
    >
      <ul>
        {[{ from: undefined, label: "All time" }, ...presets].map(({ from, label }) => {
          const isChosen = range.to === undefined && range.from === from
          return (
            <li key={label}>
              <button
                type="button"
                aria-pressed={isChosen}
                onClick={() => choose({ from })}
                className="flex min-h-7 w-full items-center gap-2 rounded-sm px-2 text-left hover:bg-hover"
              >
                <Icon name="check" size={14} className={cx(!isChosen && "invisible")} />
                {label}
              </button>
            </li>
          )
        })}
      </ul>
      <Moments range={range} zone={zone} onRange={choose} />
    </Popover>
  )
}

function Moments({ range, zone, onRange }: { range: TimeRange; zone?: string; onRange: (range: TimeRange) => void }) {
  const now = clockNow()
  const written = (text: string | undefined) => (text === undefined ? "" : localText(instantMs(text, now), zone))
  const [from, setFrom] = useState(written(range.from))
  const [to, setTo] = useState(written(range.to))
  const [start, end] = [fromLocalText(from, zone), fromLocalText(to, zone)]
  const isBackwards = start !== null && end !== null && end <= start

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!isBackwards) onRange({ from: isoOf(start), to: isoOf(end) })
  }

  return (
    <form onSubmit={submit} className="mt-1 flex flex-col gap-2 border-t p-2">
      <Field label="From">
        <TextField type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />
      </Field>
      <Field label="To" error={isBackwards ? "This lies before the beginning." : undefined}>
        <TextField type="datetime-local" value={to} onChange={(event) => setTo(event.target.value)} />
      </Field>
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate text-xs text-muted">{zone}</span>
        {!isAllTime(range) && (
          <Button look="quiet" onClick={() => onRange({})}>
            Clear
          </Button>
        )}
        <Button type="submit" look="primary">
          Apply
        </Button>
      </div>
    </form>
  )
}

const isoOf = (ms: number | null) => (ms === null ? undefined : new Date(ms).toISOString())
