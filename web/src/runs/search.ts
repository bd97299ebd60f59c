import type { RawSearch } from "../page/define-page.ts"
import { readList, readText } from "../page/read-search.ts"
import type { RunsSearch } from "../paths.ts"

export const runsSearch = (raw: RawSearch): RunsSearch => ({
  q: readText(raw.q),
  from: readText(raw.from),
  to: readText(raw.to),
  status: readList(raw.status),
  workflowId: readList(raw.workflowId),
  tag: readList(raw.tag),
  sort: readText(raw.sort),
  cols: readList(raw.cols),
  peek: readText(raw.peek),
})
