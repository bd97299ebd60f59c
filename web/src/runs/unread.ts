/**
 * What of an address the list could not read: it is shown without that, and says so. The router writes an address anew as
 * it was understood, so what was not is kept in it under a name of its own, until somebody has seen it.
 */
import type { RawSearch } from "../page/define-page.ts"
import { readList, readText } from "../page/read-search.ts"
import { DEFAULT_SORT, readSort } from "./table/sort.ts"
import { readInstant } from "./time/time-range.ts"

const isRead = {
  from: (text: string) => readInstant(text) !== undefined,
  to: (text: string) => readInstant(text) !== undefined,
  sort: (text: string) => text === DEFAULT_SORT || readSort(text) !== undefined,
} as const

const words = {
  from: "is no time, as -24h or 2026-11-21T09:00Z: there is no beginning.",
  to: "is no time, as -24h or 2026-11-21T09:00Z: there is no end.",
  sort: "is no order of this list: the newest come first.",
} as const satisfies Record<keyof typeof isRead, string>

const names = Object.keys(isRead) as (keyof typeof isRead)[]

/** As `sort=name`; undefined: all of it was read. */
export function unreadIn(raw: RawSearch): readonly string[] | undefined {
  const now = names.flatMap((name) => {
    const text = readText(raw[name])
    return text === undefined || isRead[name](text) ? [] : [`${name}=${text.replaceAll(",", " ")}`]
  })
  const all = [...new Set([...(readList(raw.unread) ?? []), ...now])]
  return all.length === 0 ? undefined : all
}

/** One sentence each. */
export function unreadWords(unread: readonly string[]): readonly string[] {
  return unread.flatMap((one) => {
    const name = names.find((known) => one.startsWith(`${known}=`))
    return name === undefined ? [] : [`“${one}” ${words[name]}`]
  })
}
