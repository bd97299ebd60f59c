import { useSyncExternalStore } from "react"

/** Whether the window is at least so wide: `64rem` is Tailwind's `lg`. Where a class is not enough, because the element is another. */
export function useFits(width: string): boolean {
  const query = `(min-width: ${width})`
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query)
      media.addEventListener("change", listener)
      return () => media.removeEventListener("change", listener)
    },
    () => matchMedia(query).matches,
  )
}
