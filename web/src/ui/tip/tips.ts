/**
 * One tooltip for the whole page. A table shows hundreds of things with a tooltip and at most one of these is open, so
 * a trigger costs some handlers and the rest lives here.
 */
import type { ReactNode } from "react"
import type { Side } from "./place.ts"

export type Tip = {
  readonly anchor: Element
  readonly content: ReactNode
  readonly keys?: string
  readonly side: Side
}

export const TIP_ID = "tooltip"
const OPEN_AFTER_MS = 450
/** Long enough to reach the tooltip with the pointer, to read and select what it says (WCAG 1.4.13). */
const CLOSE_AFTER_MS = 120
/** Who has just read one reads the next at once. */
const WARM_MS = 400

let shown: Tip | undefined
let closedAt = Number.NEGATIVE_INFINITY
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()

export const tipShown = (): Tip | undefined => shown

export function subscribeToTips(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function set(next: Tip | undefined) {
  if (shown === next) return
  if (shown) describe(shown, false)
  if (!next) closedAt = performance.now()
  shown = next
  if (next) describe(next, true)
  for (const listener of listeners) listener()
}

/** Ties the words to their anchor for as long as they are there, unless it is named or described by them anyway. */
function describe({ anchor, content }: Tip, on: boolean) {
  const others = (anchor.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== TIP_ID)
  const said = [anchor.getAttribute("aria-label"), ...others.map((id) => document.getElementById(id)?.textContent)]
  if (said.includes(content as string)) return
  const ids = on ? [...others, TIP_ID] : others
  if (ids.length === 0) anchor.removeAttribute("aria-describedby")
  else anchor.setAttribute("aria-describedby", ids.join(" "))
}

export function openTip(tip: Tip, atOnce = false) {
  clearTimeout(timer)
  const warm = shown !== undefined || performance.now() - closedAt < WARM_MS
  if (atOnce || warm) set(tip)
  else timer = setTimeout(() => tip.anchor.isConnected && set(tip), OPEN_AFTER_MS)
}

/** The pointer is on the tooltip itself. */
export const keepTip = () => clearTimeout(timer)

export function closeTip(atOnce = false) {
  clearTimeout(timer)
  if (atOnce || !shown) set(undefined)
  else timer = setTimeout(() => set(undefined), CLOSE_AFTER_MS)
}
