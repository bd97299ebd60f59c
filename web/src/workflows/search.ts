/** How the addresses of the workflows are read. */
import type { RawSearch } from "../page/define-page.ts"
import { oneOf, readSearch, readText, readWhole, someOf } from "../page/read-search.ts"
import { type WorkflowSearch, type WorkflowsSearch, workflowStatuses, workflowSyncs, workflowTabs } from "../paths.ts"
import { runStatusOrder } from "../ui/run-look.ts"
import { periods } from "./detail/overview/period.ts"

export const workflowsSearch = (raw: RawSearch) =>
  readSearch<WorkflowsSearch>(raw, {
    q: readText,
    status: oneOf(...workflowStatuses),
    sync: oneOf(...workflowSyncs),
    start: readText,
    act: oneOf("disable", "enable", "edit", "new"),
    of: readText,
  })

export const workflowSearch = (raw: RawSearch) =>
  readSearch<WorkflowSearch>(raw, {
    tab: oneOf(...workflowTabs),
    start: oneOf("1"),
    act: oneOf("disable", "enable", "edit", "rollback"),
    of: readWhole,
    days: oneOf(...periods.map(({ value }) => Number(value))),
    status: someOf(...runStatusOrder),
    text: oneOf("serving", "file"),
  })
