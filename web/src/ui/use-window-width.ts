import { useSyncExternalStore } from "react"

function subscribe(listener: () => void): () => void {
  globalThis.addEventListener("resize", listener)
  return () => globalThis.removeEventListener("resize", listener)
}

/** In pixels; columns and cards are chosen by it, which no media query can do for a table of which few rows exist. */
export const useWindowWidth = (): number => useSyncExternalStore(subscribe, () => globalThis.innerWidth)
