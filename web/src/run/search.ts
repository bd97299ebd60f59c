import type { RawSearch } from "../page/define-page.ts"
import { readOneOf, readText, readWhole } from "../page/read-search.ts"
import type { RunSearch } from "../paths.ts"

export const runSearch = (raw: RawSearch): RunSearch => ({
  step: readText(raw.step),
  attempt: readWhole(raw.attempt),
  tab: readText(raw.tab),
  lens: readOneOf(["tree", "gantt", "graph", "log"], raw.lens),
  at: readWhole(raw.at),
})
