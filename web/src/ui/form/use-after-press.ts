import { useEffect, useRef } from "react"

/**
 * Does what leaving a field changes on the page: at once, or, when it is left by a press somewhere else, once the press
 * has ended. A word that appears under the field while the button is down moves what is below it away from the pointer,
 * and the click hits nothing.
 */
export function useAfterPress(): (act: () => void) => void {
  const isPressed = useRef(false)
  const waiting = useRef<(() => void)[]>([])
  // The pointer is outside React, and the press begins before the field hears that it was left.
  useEffect(() => {
    const down = () => {
      isPressed.current = true
    }
    const up = () => {
      isPressed.current = false
      // The click comes behind the end of the press, in the same turn.
      setTimeout(() => {
        for (const act of waiting.current.splice(0)) act()
      })
    }
    window.addEventListener("pointerdown", down, true)
    window.addEventListener("pointerup", up, true)
    window.addEventListener("pointercancel", up, true)
    return () => {
      window.removeEventListener("pointerdown", down, true)
      window.removeEventListener("pointerup", up, true)
      window.removeEventListener("pointercancel", up, true)
    }
  }, [])
  return (act) => {
    if (isPressed.current) waiting.current.push(act)
    else act()
  }
}
