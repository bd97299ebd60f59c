import { type ComponentProps, useRef } from "react"
import { TextField } from "../../../ui/form/TextField.tsx"
import { IconButton } from "../../../ui/IconButton.tsx"

/** An instant as it is sent (RFC 3339), with the browser's calendar to choose one in the reader's own zone. */
export function DateTimeInput({
  onText,
  ...rest
}: Omit<ComponentProps<typeof TextField>, "onChange"> & { onText: (text: string) => void }) {
  const picker = useRef<HTMLInputElement>(null)
  return (
    <span className="relative flex items-center gap-1">
      <TextField mono {...rest} placeholder="2026-11-21T09:30:00Z" onChange={(event) => onText(event.target.value)} />
      <input
        ref={picker}
        type="datetime-local"
        tabIndex={-1}
        aria-hidden="true"
        className="pointer-events-none absolute right-0 bottom-0 size-px opacity-0"
        onChange={(event) => {
          const at = new Date(event.target.value)
          if (!Number.isNaN(at.getTime())) onText(at.toISOString())
        }}
      />
      <IconButton icon="calendar" label="Choose date and time" size="lg" onClick={() => picker.current?.showPicker()} />
      <IconButton icon="clock" label="Now" size="lg" onClick={() => onText(new Date().toISOString())} />
    </span>
  )
}
