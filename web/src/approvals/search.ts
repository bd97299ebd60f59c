import type { RawSearch } from "../page/define-page.ts"
import { oneOf, readSearch, readText } from "../page/read-search.ts"
import { type ApprovalsSearch, approvalViews } from "../paths.ts"

export const approvalsSearch = (raw: RawSearch) =>
  readSearch<ApprovalsSearch>(raw, {
    state: oneOf(...approvalViews),
    workflowId: readText,
    assignee: oneOf("me"),
    open: readText,
    say: readText,
  })
