import type { RawSearch } from "../page/define-page.ts"
import { readOneOf, readText } from "../page/read-search.ts"
import { type ApprovalsSearch, approvalViews } from "../paths.ts"

export const approvalsSearch = (raw: RawSearch): ApprovalsSearch => ({
  state: readOneOf(approvalViews, raw.state),
  workflowId: readText(raw.workflowId),
  assignee: readOneOf(["me"], raw.assignee),
  open: readText(raw.open),
  say: readText(raw.say),
})
