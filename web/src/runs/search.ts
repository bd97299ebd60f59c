/**
 * How the address of the list is read. `status`, `workflowId` and `tag` are short ways in for links from elsewhere; they
 * become part of the query, so that there is one thing to see and to change.
 */
import type { RawSearch } from "../page/define-page.ts"
import { oneOf, readList, readSearch, readText, someOf } from "../page/read-search.ts"
import type { RunsSearch } from "../paths.ts"
import { folds } from "./fold.ts"
import { withValues } from "./query/edit.ts"
import { runFields } from "./query/fields.ts"
import { DEFAULT_SORT, readSort } from "./table/sort.ts"
import { readInstant } from "./time/time-range.ts"

/** The popovers and dialogs of the page, of which one is open. */
export const runsLayers = [
  "status",
  "workflow",
  "tag",
  "version",
  "code",
  "hitl",
  "actor",
  "time",
  "columns",
  "export",
  "cancel",
  "rerun",
  "addTags",
  "assign",
  "resolve",
] as const
export type RunsLayer = (typeof runsLayers)[number]

export interface RunsPageSearch extends RunsSearch {
  readonly open?: RunsLayer
  /** The bulk action whose progress is looked at. */
  readonly bulk?: string
}

type Shown = Omit<RunsPageSearch, keyof typeof shortWays>

export const runsSearch = (raw: RawSearch) =>
  readSearch<Shown>(withLongWays(raw), {
    q: readText,
    from: readInstant,
    to: readInstant,
    sort: (text) => (text === DEFAULT_SORT ? null : readSort(text)),
    cols: readList,
    origin: oneOf("all"),
    fold: someOf(...folds),
    peek: readText,
    open: oneOf(...runsLayers),
    bulk: readText,
  })

const shortWays = { status: runFields.status, workflowId: runFields.workflow, tag: runFields.tag } as const

function withLongWays({ status, workflowId, tag, ...raw }: RawSearch): RawSearch {
  const asked = { status: status?.toLowerCase(), workflowId, tag }
  const q = (Object.keys(shortWays) as (keyof typeof shortWays)[]).reduce((query, name) => {
    const values = readList(asked[name] ?? "")
    return values == null ? query : withValues(query, shortWays[name], values)
  }, raw.q ?? "")
  return { ...raw, q }
}
