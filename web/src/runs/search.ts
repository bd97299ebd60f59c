/**
 * How the address of the list is read. `status`, `workflowId` and `tag` are short ways in for links from elsewhere; they
 * become part of the query, so that there is one thing to see and to change.
 */
import type { RawSearch } from "../page/define-page.ts"
import { readList, readOneOf, readText } from "../page/read-search.ts"
import type { RunsSearch } from "../paths.ts"
import { type FieldNames, withValues } from "./query/edit.ts"
import { runFields } from "./query/fields.ts"
import { readSort } from "./table/sort.ts"
import { readInstant } from "./time/time-range.ts"
import { unreadIn } from "./unread.ts"

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
  /** What the address said and nobody understood. */
  readonly unread?: readonly string[]
}

export function runsSearch(raw: RawSearch): RunsPageSearch {
  return {
    q: readText(asQuery(raw)),
    from: readInstant(readText(raw.from)),
    to: readInstant(readText(raw.to)),
    sort: readSort(readText(raw.sort)),
    cols: readList(raw.cols),
    peek: readText(raw.peek),
    open: readOneOf(runsLayers, raw.open),
    bulk: readText(raw.bulk),
    unread: unreadIn(raw),
  }
}

const shortWays = { status: runFields.status, workflowId: runFields.workflow, tag: runFields.tag } as const

function asQuery(raw: RawSearch): string {
  const asked = Object.entries(shortWays) as [keyof typeof shortWays, FieldNames][]
  return asked.reduce((query, [name, field]) => {
    const values = readList(raw[name])
    if (values === undefined) return query
    return withValues(query, field, name === "status" ? values.map((value) => value.toLowerCase()) : values)
  }, raw.q ?? "")
}
