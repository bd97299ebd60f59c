/** Two values in one line each, cut so that what differs is always among what is shown. */
import { inOneLine } from "./JsonScalar.tsx"
import { shownText } from "./shown-text.ts"

/** Shorter ones are shown whole. */
const WHOLE_CHARS = 60
/** Around what differs, and at most of it. */
const AROUND_CHARS = 12
const DIFFERENT_CHARS = 160

export function twoSides(from: unknown, to: unknown): { readonly from: string; readonly to: string } {
  if (typeof from !== "string" || typeof to !== "string") return { from: inOneLine(from), to: inOneLine(to) }
  const [a, b] = [shownText(JSON.stringify(from)), shownText(JSON.stringify(to))]
  if (a.length <= WHOLE_CHARS && b.length <= WHOLE_CHARS) return { from: a, to: b }
  const ahead = sameAhead(a, b)
  const behind = sameBehind(a, b, ahead)
  return { from: cut(a, ahead, behind), to: cut(b, ahead, behind) }
}

function cut(text: string, ahead: number, behind: number): string {
  const begin = Math.max(0, ahead - AROUND_CHARS)
  const different = text.length - behind
  const end = Math.min(text.length, different + AROUND_CHARS, ahead + DIFFERENT_CHARS)
  return `${begin > 0 ? "…" : ""}${text.slice(begin, end)}${end < text.length ? "…" : ""}`
}

function sameAhead(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  let at = 0
  while (at < most && a[at] === b[at]) at++
  return at
}

function sameBehind(a: string, b: string, ahead: number): number {
  const most = Math.min(a.length, b.length) - ahead
  let count = 0
  while (count < most && a.at(-1 - count) === b.at(-1 - count)) count++
  return count
}
