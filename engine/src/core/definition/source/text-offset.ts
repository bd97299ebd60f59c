/**
 * From an offset in a text value to the place in the file: the value of a scalar is not its spelling. Exact where each
 * unit of the value is one unit of the text or one escape; otherwise the scalar's beginning, which is never wrong by
 * more than the scalar.
 */
export type ScalarStyle = "plain" | "single" | "double" | "literal" | "other"

/** Units of `raw` (the spelling, quotes included) to skip to reach `offset` in the value. */
export function rawOffset(raw: string, style: ScalarStyle, offset: number): number {
  switch (style) {
    case "plain":
      return raw.slice(0, offset).includes("\n") ? 0 : offset
    case "single":
      return skipQuoted(raw, offset, (at) => (raw.startsWith("''", at) ? 2 : 1))
    case "double":
      return skipQuoted(raw, offset, (at) => escapeLength(raw, at))
    case "literal":
      return skipLiteral(raw, offset)
    case "other":
      return 0
  }
}

function skipQuoted(raw: string, offset: number, lengthAt: (at: number) => number): number {
  let at = 1
  for (let left = offset; left > 0 && at < raw.length; left--) {
    if (raw[at] === "\n") return 0
    at += lengthAt(at)
  }
  return at
}

function escapeLength(raw: string, at: number): number {
  if (raw[at] !== "\\") return 1
  const lengths: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 }
  return lengths[raw[at + 1] ?? ""] ?? 2
}

/** A block literal (`|`): the header's line, then the lines of the value behind a common indentation. */
function skipLiteral(raw: string, offset: number): number {
  const body = raw.indexOf("\n") + 1
  if (body === 0) return 0
  const indent = /^(?: *\n)*( *)/.exec(raw.slice(body))?.[1]?.length ?? 0
  let left = offset
  let at = body
  for (;;) {
    const lineEnd = raw.indexOf("\n", at)
    const length = Math.max(0, (lineEnd === -1 ? raw.length : lineEnd) - at - indent)
    if (left <= length || lineEnd === -1) return at + indent + Math.min(left, length)
    left -= length + 1
    at = lineEnd + 1
  }
}
