import type { RawSearch } from "../page/define-page.ts"
import { readList } from "../page/read-search.ts"
import type { ApprovalsSearch } from "../paths.ts"

export const approvalsSearch = (raw: RawSearch): ApprovalsSearch => ({
  state: readList(raw.state),
  workflowId: readList(raw.workflowId),
})
