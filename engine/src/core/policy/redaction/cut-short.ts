/**
 * The beginning of a text that is too long to be kept or sent on. It is looked through for secrets only behind this
 * (decision 0017), and half a secret has no form that anybody would know: what stands over the cut goes as a whole.
 */

/** What is in one piece for longer is data, and no key; of a short text all may be one. */
const pieceMin = 2_048
const pieceMax = 8_192
/** Between two of them stands one value, whatever signs it is written with: an address with its password, too. */
const gaps: ReadonlySet<string> = new Set(" \t\r\n\v\f\"'`<>{}[]")
/** Numbers of cards and accounts, as people write them, and the longest of them. */
const groups = /(?:\b[A-Z0-9]{1,4}[ -]){1,9}[A-Z0-9]{0,4}$/
const groupsMax = 64

/** @returns at most so many characters, with a sign where something is missing */
export function cutShort(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text
  const kept = text.slice(0, charsMax - 1)
  const least = kept.length - Math.max(pieceMin, Math.min(pieceMax, charsMax >> 1))
  let end = kept.length
  while (end > 0 && end > least && !gaps.has(kept[end - 1]!)) end--
  const from = Math.max(0, end - groupsMax)
  return `${kept.slice(0, from)}${kept.slice(from, end).replace(groups, "")}…`
}
