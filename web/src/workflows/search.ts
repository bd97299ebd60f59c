/** How the addresses of the workflows are read: what is not understood is as if it were not there. */
import type { RawSearch } from "../page/define-page.ts"
import { readList, readOneOf, readText, readWhole } from "../page/read-search.ts"
import { type WorkflowSearch, type WorkflowsSearch, workflowStatuses, workflowSyncs, workflowTabs } from "../paths.ts"

export const workflowsSearch = (raw: RawSearch): WorkflowsSearch => ({
  q: readText(raw.q),
  status: readOneOf(workflowStatuses, raw.status),
  sync: readOneOf(workflowSyncs, raw.sync),
  start: readText(raw.start),
  act: readOneOf(["disable", "enable", "edit", "new"], raw.act),
  of: readText(raw.of),
})

export const workflowSearch = (raw: RawSearch): WorkflowSearch => ({
  tab: readOneOf(workflowTabs, raw.tab),
  start: readOneOf(["1"], raw.start),
  act: readOneOf(["disable", "enable", "edit", "rollback"], raw.act),
  of: readWhole(raw.of),
  days: readWhole(raw.days),
  status: readList(raw.status),
  text: readOneOf(["serving", "file"], raw.text),
})
