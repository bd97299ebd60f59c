/** UTF-8 by hand: the core has no TextEncoder, and bytes values need replacement exactly where the specification says. */
const REPLACEMENT = 0xfffd

export function pushUtf8(bytes: number[], codePoint: number): void {
  const scalar = codePoint >= 0xd800 && codePoint <= 0xdfff ? REPLACEMENT : codePoint
  if (scalar < 0x80) bytes.push(scalar)
  else if (scalar < 0x800) bytes.push(0xc0 | (scalar >> 6), continuation(scalar))
  else if (scalar < 0x10000) bytes.push(0xe0 | (scalar >> 12), continuation(scalar >> 6), continuation(scalar))
  else {
    bytes.push(0xf0 | (scalar >> 18), continuation(scalar >> 12), continuation(scalar >> 6), continuation(scalar))
  }
}

function continuation(bits: number): number {
  return 0x80 | (bits & 0x3f)
}

export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = []
  for (const character of text) pushUtf8(bytes, character.codePointAt(0) ?? REPLACEMENT)
  return Uint8Array.from(bytes)
}

/** Length of `text` in UTF-8 without encoding it. */
export function utf8Length(text: string): number {
  let length = 0
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0
    length += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4
  }
  return length
}

/** Each byte that is not part of a valid encoding becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const { codePoint, length } = decodeOne(bytes, at)
    parts.push(String.fromCodePoint(codePoint))
    at += length
  }
  return parts.join("")
}

export function decodeOne(bytes: Uint8Array, at: number): { codePoint: number; length: number; valid: boolean } {
  const invalid = { codePoint: REPLACEMENT, length: 1, valid: false }
  const first = bytes[at] ?? 0
  if (first < 0x80) return { codePoint: first, length: 1, valid: true }
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  if (first < 0xc2 || first > 0xf4 || at + length > bytes.length) return invalid
  let codePoint = first & (0xff >> (length + 1))
  for (let next = at + 1; next < at + length; next++) {
    const byte = bytes[next] ?? 0
    if ((byte & 0xc0) !== 0x80) return invalid
    codePoint = (codePoint << 6) | (byte & 0x3f)
  }
  const tooShort = (length === 3 && codePoint < 0x800) || (length === 4 && codePoint < 0x10000)
  const notScalar = codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff)
  return tooShort || notScalar ? invalid : { codePoint, length, valid: true }
}
