/**
 * What lies behind a modal layer: dimmed, and held still without a change to the page itself, which would jump sideways
 * when its scroll bar went. Radix's own overlay is left out, for it does that by a style sheet written at run time.
 */
export function Scrim() {
  return <div ref={holdStill} className="pointer-events-auto fixed inset-0 z-30 animate-appear touch-none bg-scrim" />
}

/** React's own wheel handlers are passive: they may watch and not refuse. */
function holdStill(node: HTMLElement | null) {
  const refuse = (event: Event) => event.preventDefault()
  node?.addEventListener("wheel", refuse, { passive: false })
  return () => node?.removeEventListener("wheel", refuse)
}
