/** Letter case and white space of Unicode text. */

/** The three digraphs whose title case differs from their upper case; JavaScript has no title case of its own. */
const TITLE_CASE: ReadonlyMap<string, string> = new Map([
  ["Ǆ", "ǅ"],
  ["ǆ", "ǅ"],
  ["Ǉ", "ǈ"],
  ["ǉ", "ǈ"],
  ["Ǌ", "ǋ"],
  ["ǌ", "ǋ"],
  ["Ǳ", "ǲ"],
  ["ǳ", "ǲ"],
])

function toTitle(character: string): string {
  return TITLE_CASE.get(character) ?? character.toUpperCase()
}

export function capitalize(text: string): string {
  const [first = ""] = text
  return first.toUpperCase() + text.slice(first.length).toLowerCase()
}

/** A word is a run of letters: digits and apostrophes end it. */
export function title(text: string): string {
  return text.replace(/\p{L}+/gu, (word) => {
    const [first = ""] = word
    return toTitle(first) + word.slice(first.length).toLowerCase()
  })
}

export function isTitle(text: string): boolean {
  let hasCase = false
  let inWord = false
  for (const character of text) {
    // An upper-case digraph whose title case differs is not title case.
    const startsWord = /^[\p{Lu}\p{Lt}]$/u.test(character) && !TITLE_CASE.has(character)
    const continuesWord = /^\p{Ll}$/u.test(character)
    if ((startsWord && inWord) || (continuesWord && !inWord)) return false
    inWord = startsWord || continuesWord
    hasCase ||= inWord
  }
  return hasCase
}

const SPACE = /^\p{White_Space}$/u

export function isSpace(character: string): boolean {
  return SPACE.test(character)
}

/** Removes cut code points from either end. */
export function strip(text: string, isCut: (character: string) => boolean, left: boolean, right: boolean): string {
  let start = 0
  let end = text.length
  while (left && start < end) {
    const character = String.fromCodePoint(text.codePointAt(start) ?? 0)
    if (!isCut(character)) break
    start += character.length
  }
  while (right && end > start) {
    const character = lastCharacter(text, start, end)
    if (!isCut(character)) break
    end -= character.length
  }
  return text.slice(start, end)
}

function lastCharacter(text: string, start: number, end: number): string {
  const pair = end - start > 1 ? text.slice(end - 2, end) : ""
  return pair !== "" && (pair.codePointAt(0) ?? 0) > 0xffff ? pair : text.slice(end - 1, end)
}
