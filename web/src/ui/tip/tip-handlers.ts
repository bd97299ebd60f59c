import type { FocusEvent, PointerEvent, ReactNode } from "react"
import type { Side } from "./place.ts"
import { closeTip, openTip } from "./tips.ts"

export type TipOptions = { readonly keys?: string; readonly side?: Side }

/** The handlers that give an element a tooltip; none when there is nothing to say. Touch has no hover: it opens nothing. */
export function tipHandlers(content: ReactNode, { keys, side = "top" }: TipOptions = {}) {
  if (content === undefined || content === null || content === "") return {}
  const tip = (anchor: Element) => ({ anchor, content, keys, side })
  return {
    onPointerEnter: (event: PointerEvent) => event.pointerType !== "touch" && openTip(tip(event.currentTarget)),
    onPointerLeave: () => closeTip(),
    onPointerDown: () => closeTip(true),
    onFocus: (event: FocusEvent) =>
      event.currentTarget.matches(":focus-visible") && openTip(tip(event.currentTarget), true),
    onBlur: () => closeTip(true),
  }
}
