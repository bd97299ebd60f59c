/** How close the rows stand: a choice of this browser, for it is about eyes and screens, not about runs. */
import { preference } from "../prefs/preference.ts"
import type { RowHeight } from "../ui/table/column.ts"

export const densities = ["dense", "usual", "tall"] as const satisfies readonly RowHeight[]

export const density = preference<RowHeight>("runs-density", (stored) => {
  return densities.find((one) => one === stored) ?? "usual"
})

export const nextDensity = (now: RowHeight): RowHeight => densities[(densities.indexOf(now) + 1) % densities.length]!
