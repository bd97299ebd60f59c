/**
 * The beginning of a text that is too long to be sent on. It is looked through for secrets only behind this (decision
 * 0017), and half a secret has no form that anybody would know: what stands over the cut goes as a whole.
 */

/** What is in one piece for longer is data, and no key. */
const pieceMax = 2_048
/** What keys, tokens and digests are written in. */
const piece = /[\w+/=.~-]+$/
/** Numbers of cards and accounts, as people write them. */
const groups = /(?:\b[A-Z0-9]{1,4}[ -]){1,9}[A-Z0-9]{0,4}$/

/** @returns at most so many characters, with a sign where something is missing */
export function cutShort(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text
  const kept = text.slice(0, charsMax - 1)
  const end = kept.slice(-pieceMax)
  return `${kept.slice(0, kept.length - end.length)}${end.replace(piece, "").replace(groups, "")}…`
}
