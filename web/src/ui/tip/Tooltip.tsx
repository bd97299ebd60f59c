import { Slot } from "radix-ui"
import type { ReactElement, ReactNode } from "react"
import { type TipOptions, tipHandlers } from "./tip-handlers.ts"

/** Says more of the one element inside it, to pointer and keyboard. It describes; the element has a name of its own. */
export function Tooltip(props: { content: ReactNode; children: ReactElement } & TipOptions) {
  const { content, children, ...options } = props
  return <Slot.Root {...tipHandlers(content, options)}>{children}</Slot.Root>
}
