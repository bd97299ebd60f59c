import type { RawSearch } from "../page/define-page.ts"
import { readList, readOneOf, readText, readWhole } from "../page/read-search.ts"
import { type RunSearch, runActs, runLenses, runTabs } from "../paths.ts"

export const runSearch = (raw: RawSearch): RunSearch => ({
  step: readText(raw.step),
  attempt: readWhole(raw.attempt),
  part: readText(raw.part),
  tab: readOneOf(runTabs, raw.tab),
  lens: readOneOf(runLenses, raw.lens),
  only: readOneOf(["failed", "critical"], raw.only),
  zoom: readText(raw.zoom),
  at: readWhole(raw.at),
  event: readWhole(raw.event),
  types: readList(raw.types),
  sort: readText(raw.sort),
  act: readOneOf(runActs, raw.act),
  from: readText(raw.from),
  approval: readText(raw.approval),
})
