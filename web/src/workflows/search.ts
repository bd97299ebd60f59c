import type { RawSearch } from "../page/define-page.ts"
import { readText } from "../page/read-search.ts"
import type { WorkflowSearch } from "../paths.ts"

export interface WorkflowsSearch {
  readonly q?: string
  readonly status?: string
}

export const workflowsSearch = (raw: RawSearch): WorkflowsSearch => ({
  q: readText(raw.q),
  status: readText(raw.status),
})

export const workflowSearch = (raw: RawSearch): WorkflowSearch => ({ tab: readText(raw.tab) })
