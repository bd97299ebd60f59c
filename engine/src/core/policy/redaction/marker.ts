/**
 * What stands in the place of a value: `[redacted:email]`, `[hash:email:9f2c…]`, `[token:email:…]`. It says the method and
 * what was found, and it is no secret itself: no detector looks into it, so that a value can come by twice.
 */

/** Only what was made here has these forms: something else in brackets is looked into like any text. */
const markers =
  /\[(?:redacted:[a-z0-9_]{1,32}|hash:[a-z0-9_]{1,32}:[0-9a-f]{32}|token:[a-z0-9_]{1,32}:[0-9a-f]{8}\.[A-Za-z0-9_-]{38,})\]/g
const tokens = /\[token:([a-z0-9_]{1,32}):([A-Za-z0-9_.-]+)\]/g
const label = /^[a-z0-9_]{1,32}$/

export interface TokenSpan {
  readonly start: number
  readonly end: number
  readonly label: string
  readonly sealed: string
}

export function marker(method: "redact" | "hash" | "tokenize", label: string, body: string | null): string {
  if (method === "redact") return `[redacted:${label}]`
  return method === "hash" ? `[hash:${label}:${body}]` : `[token:${label}:${body}]`
}

export function isLabel(text: string): boolean {
  return label.test(text)
}

/** A name as a label: `X-Api-Key` is `x_api_key`. */
export function labelOf(name: string): string {
  const text = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 32)
  return text === "" ? "value" : text
}

/** How many values something else stands for. */
export function markersIn(text: string): number {
  return text.includes("[") ? [...text.matchAll(markers)].length : 0
}

/** All of it stands for a value. */
export function isMarked(text: string): boolean {
  if (!text.startsWith("[") || !text.endsWith("]")) return false
  const [first] = text.matchAll(markers)
  return first?.[0].length === text.length
}

export function hasMarker(text: string): boolean {
  return text.includes("[") && text.search(markers) !== -1
}

/** The text between markers, which may be changed, and the markers, which may not. */
export function* aroundMarkers(text: string): Generator<{ readonly text: string; readonly isMarker: boolean }> {
  let at = 0
  for (const match of text.matchAll(markers)) {
    if (match.index > at) yield { text: text.slice(at, match.index), isMarker: false }
    yield { text: match[0], isMarker: true }
    at = match.index + match[0].length
  }
  if (at < text.length) yield { text: text.slice(at), isMarker: false }
}

export function tokensIn(text: string): readonly TokenSpan[] {
  if (!text.includes("[token:")) return []
  return [...text.matchAll(tokens)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    label: match[1]!,
    sealed: match[2]!,
  }))
}
