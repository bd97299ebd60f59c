import { useKeys } from "../keys/use-keys.ts"
import { useGo } from "../page/navigation.ts"
import { overlay } from "./overlays.ts"
import { places } from "./places.ts"

/** Keys that hold on every page. */
export function useShellKeys(): void {
  const go = useGo()
  const ways = places.flatMap(({ key, label, to }) =>
    key === undefined ? [] : [[`g ${key}`, { label: `Go to ${label}`, run: () => go(to) }] as const],
  )
  useKeys("Everywhere", {
    "Mod+K": { label: "Find anything", run: () => overlay.toggle("palette"), inFields: true },
    "?": { label: "What the keys do now", run: () => overlay.toggle("keys") },
    ...Object.fromEntries(ways),
  })
}
