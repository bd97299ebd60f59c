/** Where a small box stands beside what it speaks of: on the wished side, on the other where it would not fit, never cut off. */
export type Box = { readonly left: number; readonly top: number; readonly width: number; readonly height: number }
export type Size = { readonly width: number; readonly height: number }
export type Side = "top" | "bottom"

const GAP_PX = 6
const MARGIN_PX = 8

const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(value, Math.max(low, high)))

export function place(
  anchor: Box,
  size: Size,
  view: Size,
  side: Side,
): { readonly left: number; readonly top: number } {
  const above = anchor.top - GAP_PX - size.height
  const below = anchor.top + anchor.height + GAP_PX
  const fitsAbove = above >= MARGIN_PX
  const fitsBelow = below + size.height <= view.height - MARGIN_PX
  const up = side === "top" ? fitsAbove || !fitsBelow : fitsAbove && !fitsBelow
  const middle = anchor.left + anchor.width / 2 - size.width / 2
  return {
    left: Math.round(clamp(middle, MARGIN_PX, view.width - MARGIN_PX - size.width)),
    top: Math.round(clamp(up ? above : below, MARGIN_PX, view.height - MARGIN_PX - size.height)),
  }
}
