import { Slot } from "radix-ui"
import { type MouseEvent, type ReactElement, useId } from "react"
import { Tooltip } from "./tip/Tooltip.tsx"

/**
 * An action that is refused stays where it is, can be reached, and says why: to the pointer and the keyboard as a tooltip,
 * to a screen reader as its description. Without a reason it changes nothing.
 */
export function DisabledReason({ reason, children }: { reason?: string; children: ReactElement }) {
  const id = useId()
  const refused = reason ? { "aria-disabled": true, "aria-describedby": id, onClickCapture: refuse } : {}
  return (
    <>
      <Tooltip content={reason}>
        <Slot.Root {...refused}>{children}</Slot.Root>
      </Tooltip>
      {reason && (
        <span id={id} hidden>
          {reason}
        </span>
      )}
    </>
  )
}

/** Before the element's own handler, for a link as for a button. */
function refuse(event: MouseEvent) {
  event.preventDefault()
  event.stopPropagation()
}
