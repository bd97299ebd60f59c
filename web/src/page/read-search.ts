/**
 * Reading what stands behind the `?` of an address: any address opens. A page has one reader for each name; what is not
 * understood is as if it were not there, and is told (`unread`), so that nobody takes what is shown for what was asked.
 */
import type { RawSearch } from "./define-page.ts"

/** Undefined: not understood. Null: understood, and the same as nothing. */
export type Reader<Value> = (text: string) => Value | null | undefined
export type Readers<Search> = { readonly [name in keyof Search]-?: Reader<Search[name]> }

/** `sort=name`, as the address said it. */
export type Unread = { readonly unread?: readonly string[] }

export function readSearch<Search extends object>(raw: RawSearch, readers: Readers<Search>): Search & Unread {
  const read: Record<string, unknown> = {}
  const unread = [...(readList(raw.unread ?? "") ?? [])]
  for (const [name, text] of Object.entries(raw)) {
    if (text === undefined || text === "" || notOfThePage.has(name)) continue
    const value = Object.hasOwn(readers, name) ? readers[name as keyof Search](text) : undefined
    if (value === undefined) unread.push(`${name}=${text.replaceAll(",", " ")}`)
    // Said in so many words: the router keeps what a page does not speak of.
    read[name] = value ?? undefined
  }
  return { ...read, ...(unread.length > 0 && { unread: [...new Set(unread)] }) } as Search & Unread
}

/** The environment is the shell's. What was not read stays in the address under a name of its own, until it is dropped. */
const notOfThePage: ReadonlySet<string> = new Set(["env", "unread"])

/** For a page without any. */
export const noSearch = (raw: RawSearch): Unread => readSearch(raw, {})

/** In one sentence; null where all was understood. */
export function unreadWords(unread: readonly string[]): string | null {
  if (unread.length === 0) return null
  const said = unread.map((one) => `“${one}”`)
  return `This page does not understand ${said.join(" and ")} in its address, and is shown without it.`
}

export const readText: Reader<string> = (text) => text

export const readList: Reader<readonly string[]> = (text) => {
  const items = text.split(",").filter((item) => item !== "")
  return items.length === 0 ? undefined : items
}

export const readWhole: Reader<number> = (text) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined)

export const oneOf =
  <const V extends readonly (string | number)[]>(...values: V): Reader<V[number]> =>
  (text) =>
    values.find((one) => String(one) === text)

/** Understood as a whole, or not at all. */
export const someOf =
  <const V extends readonly string[]>(...values: V): Reader<readonly V[number][]> =>
  (text) => {
    const items = readList(text) ?? []
    return items.length > 0 && items.every((one) => values.includes(one)) ? items : undefined
  }

/** A text that something else makes sense of. */
export const textThat =
  (isUnderstood: (text: string) => boolean): Reader<string> =>
  (text) =>
    isUnderstood(text) ? text : undefined
