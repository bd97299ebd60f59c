/**
 * What a word is when values are searched: letters and digits, in either case, without accents; of scripts without
 * spaces each sign is one. One meaning for the index, for a run in memory and for the marks in what is shown.
 */

export interface WordPlace {
  readonly word: string
  /** In the text as it was written. */
  readonly from: number
  readonly to: number
}

/** Of a longer word its beginning counts: a picture in base64 is no reason for an index of its own. */
export const wordCharsMax = 48

const plain = /^[\x20-\x7e\n\r\t]*$/
const plainWord = /[A-Za-z0-9]+/g
const signs = "\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}"
const anyWord = new RegExp(`[${signs}]|(?:(?![${signs}])[\\p{L}\\p{N}\\p{M}])+`, "gu")
const letters = /[\p{L}\p{N}]+/gu

export function* wordPlaces(text: string): Generator<WordPlace> {
  const isPlain = plain.test(text)
  for (const match of text.matchAll(isPlain ? plainWord : anyWord)) {
    const from = match.index
    const to = from + match[0].length
    if (isPlain) yield { word: match[0].toLowerCase().slice(0, wordCharsMax), from, to }
    // What stands for several signs becomes them: ½ is 1 and 2.
    else for (const [word] of folded(match[0]).matchAll(letters)) yield { word: word.slice(0, wordCharsMax), from, to }
  }
}

function folded(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
}

export function wordsOf(text: string): readonly string[] {
  return Array.from(wordPlaces(text), ({ word }) => word)
}

/** Words that stand side by side in one value. None: nothing in a value can be meant. */
export interface Phrase {
  readonly words: readonly string[]
  /** The last one may go on. */
  readonly isOpen: boolean
}

const phraseWordsMax = 16
/** Letters in front of a star: with fewer, half of all words would be meant. */
export const openWordMin = 3

/** `card_declined` is two words side by side; `decl*` a word that begins so. */
export function phraseOf(text: string): Phrase {
  const words = wordsOf(text).slice(0, phraseWordsMax)
  const isOpen = /[\p{L}\p{N}]\*+$/u.test(text) && (words[words.length - 1]?.length ?? 0) >= openWordMin
  return { words, isOpen }
}

/** The text without the star behind it, as it is looked for in ids and names. */
export function withoutStar(text: string): string {
  return text.replace(/\*+$/, "") || text
}

/** Where the phrase begins among the words; -1: nowhere. */
export function phraseAt(words: readonly string[], { words: wanted, isOpen }: Phrase): number {
  if (wanted.length === 0) return -1
  const last = wanted.length - 1
  for (let at = 0; at + last < words.length; at++) {
    const fits = (word: string, index: number) =>
      index === last && isOpen ? words[at + index]!.startsWith(word) : words[at + index] === word
    if (wanted.every(fits)) return at
  }
  return -1
}
