/** What of an address the list could not read: it is shown without that, and says so. */
import type { RawSearch } from "../page/define-page.ts"
import { readText } from "../page/read-search.ts"
import { DEFAULT_SORT, readSort } from "./table/sort.ts"
import { readInstant } from "./time/time-range.ts"

/** One sentence each, in words. */
export function unreadIn(raw: RawSearch): readonly string[] {
  const [from, to, sort] = [readText(raw.from), readText(raw.to), readText(raw.sort)]
  const words: string[] = []
  if (from !== undefined && readInstant(from) === undefined)
    words.push(`“from=${from}” is no time, as -24h or 2026-11-21T09:00Z: there is no beginning.`)
  if (to !== undefined && readInstant(to) === undefined)
    words.push(`“to=${to}” is no time, as -24h or 2026-11-21T09:00Z: there is no end.`)
  if (sort !== undefined && sort !== DEFAULT_SORT && readSort(sort) === undefined)
    words.push(`“sort=${sort}” is no order of this list: the newest come first.`)
  return words
}
