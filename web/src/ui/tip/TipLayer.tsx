import { useLayoutEffect, useRef, useSyncExternalStore } from "react"
import { createPortal } from "react-dom"
import { Kbd } from "../Kbd.tsx"
import { place } from "./place.ts"
import { closeTip, keepTip, subscribeToTips, TIP_ID, type Tip, tipShown } from "./tips.ts"

/** Draws the one open tooltip; mounted once, by `UiRoot`. */
export function TipLayer() {
  const tip = useSyncExternalStore(subscribeToTips, tipShown, () => undefined)
  return tip ? createPortal(<OpenTip tip={tip} />, document.body) : null
}

function OpenTip({ tip }: { tip: Tip }) {
  const box = useRef<HTMLDivElement>(null)

  // Its size is known only once it is drawn; before the paint it is moved to its place.
  useLayoutEffect(() => {
    const node = box.current!
    // Above a dialog of the browser's own, which is above every z-index; an older browser has neither.
    if ("showPopover" in node && !node.matches(":popover-open")) node.showPopover()
    const view = { width: document.documentElement.clientWidth, height: document.documentElement.clientHeight }
    const { left, top } = place(tip.anchor.getBoundingClientRect(), node.getBoundingClientRect(), view, tip.side)
    node.style.left = `${left}px`
    node.style.top = `${top}px`
  })

  // What moves under it or Escape takes it away.
  useLayoutEffect(() => {
    const close = () => closeTip(true)
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && close()
    document.addEventListener("scroll", close, { capture: true, passive: true })
    document.addEventListener("keydown", onKey)
    return () => {
      document.removeEventListener("scroll", close, { capture: true })
      document.removeEventListener("keydown", onKey)
    }
  }, [])

  return (
    <div
      ref={box}
      id={TIP_ID}
      role="tooltip"
      popover="manual"
      onPointerEnter={keepTip}
      onPointerLeave={() => closeTip()}
      className="pointer-events-auto fixed inset-auto z-50 m-0 flex w-max max-w-80 animate-appear items-center gap-2 rounded-sm bg-raised px-2 py-1 text-xs text-fg shadow-popover"
    >
      <span className="min-w-0 break-words">{tip.content}</span>
      {tip.keys && <Kbd keys={tip.keys} />}
    </div>
  )
}
