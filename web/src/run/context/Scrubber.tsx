import { Button } from "../../ui/Button.tsx"
import { IconButton } from "../../ui/IconButton.tsx"
import { nextChange } from "./context-at.ts"

type ScrubberProps = {
  readonly at: number
  readonly last: number
  /** Events that wrote into the context. */
  readonly changes: readonly number[]
  /** There are more of them than are known. */
  readonly isCut: boolean
  readonly onDrag: (at: number) => void
  readonly onGo: (at: number) => void
}

const slider =
  "block h-6 w-full cursor-pointer appearance-none bg-transparent forced-colors:appearance-auto [&::-webkit-slider-runnable-track]:h-1 [&::-webkit-slider-runnable-track]:rounded-full [&::-webkit-slider-runnable-track]:bg-line-control [&::-webkit-slider-thumb]:-mt-1.5 [&::-webkit-slider-thumb]:size-4 [&::-webkit-slider-thumb]:appearance-none [&::-webkit-slider-thumb]:rounded-full [&::-webkit-slider-thumb]:border-2 [&::-webkit-slider-thumb]:border-surface [&::-webkit-slider-thumb]:bg-accent-fill [&::-moz-range-track]:h-1 [&::-moz-range-track]:rounded-full [&::-moz-range-track]:bg-line-control"

/** From event to event, from change to change, or anywhere at once. */
export function Scrubber({ at, last, changes, isCut, onDrag, onGo }: ScrubberProps) {
  const [before, after] = [nextChange(changes, at, -1), nextChange(changes, at, 1)]
  return (
    <div className="flex flex-wrap items-center gap-2">
      <IconButton
        icon="rewind"
        label="The change before"
        keys="{"
        look="plain"
        disabledReason={before === undefined ? "No change is known before this event." : undefined}
        onClick={() => before !== undefined && onGo(before)}
      />
      <IconButton
        icon="chevron-left"
        label="The event before"
        keys="["
        look="plain"
        disabledReason={at === 1 ? "This is the first event." : undefined}
        onClick={() => onGo(at - 1)}
      />
      <div className="relative min-w-40 flex-1 pb-1.5">
        <input
          type="range"
          aria-label="Event"
          aria-valuetext={`Event ${at} of ${last}`}
          min={1}
          max={last}
          value={at}
          onChange={(event) => onDrag(Number(event.target.value))}
          onPointerUp={() => onGo(at)}
          onKeyUp={() => onGo(at)}
          className={slider}
        />
        <Marks changes={changes} last={last} />
      </div>
      <IconButton
        icon="chevron-right"
        label="The event after"
        keys="]"
        look="plain"
        disabledReason={at === last ? "This is the last event." : undefined}
        onClick={() => onGo(at + 1)}
      />
      <IconButton
        icon="rewind"
        label="The change after"
        keys="}"
        look="plain"
        className="[&_svg]:rotate-180"
        disabledReason={after === undefined ? "No change is known after this event." : undefined}
        onClick={() => after !== undefined && onGo(after)}
      />
      <span className="text-mono whitespace-nowrap" aria-live="polite">
        event {at} of {last}
      </span>
      {at !== last && (
        <Button size="sm" onClick={() => onGo(last)}>
          To the end
        </Button>
      )}
      {isCut && (
        <p className="w-full text-xs text-muted">Marked are the first {changes.length} changes; there are more.</p>
      )}
    </div>
  )
}

/** Where the context changed, under the slider; the thumb's half width keeps them in line with it. */
function Marks({ changes, last }: { changes: readonly number[]; last: number }) {
  return (
    <div aria-hidden="true" className="absolute inset-x-2 bottom-0 h-1.5">
      {changes.map((seq) => (
        <span
          key={seq}
          className="absolute h-1.5 w-px bg-quiet"
          style={{ left: `${last <= 1 ? 0 : ((seq - 1) / (last - 1)) * 100}%` }}
        />
      ))}
    </div>
  )
}
