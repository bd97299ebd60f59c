/**
 * A file's content without what may not be kept (rule 9). A text is looked through as all values are: a JSON document by
 * its fields too, anything else in pieces that end with a line, so that a long one does not hold the engine up. What is
 * no text is kept as it is: nobody can find a number in a picture by looking at its bytes.
 */
import type { Json } from "../../core/json.ts"
import { readJson } from "../../core/json-reader.ts"

export interface KeptContent {
  readonly content: Uint8Array
  /** Something was replaced. */
  readonly redacted: boolean
}

/** Whole; a larger one is looked through as text. */
const documentCharsMax = 8 << 20
const pieceChars = 256 << 10

export async function redactedContent(
  content: Uint8Array,
  contentType: string,
  redact: (value: Json) => Json,
  pause: () => Promise<void>,
): Promise<KeptContent> {
  const text = textOf(content, contentType)
  if (text === null) return { content, redacted: false }
  const kept = redactedDocument(text.read, redact) ?? (await redactedText(text.read, redact, pause))
  return kept === text.read ? { content, redacted: false } : { content: text.write(kept), redacted: true }
}

/** At once, for what is known to have to be closed; the same bytes where nothing was found. */
export function closedContent(content: Uint8Array, contentType: string, close: (text: string) => string): Uint8Array {
  const text = textOf(content, contentType)
  if (text === null) return content
  const closed = close(text.read)
  return closed === text.read ? content : text.write(closed)
}

/** Null: it is no JSON that we read; then it is only text. */
function redactedDocument(text: string, redact: (value: Json) => Json): string | null {
  if (text.length > documentCharsMax || !/^\uFEFF?\s*[[{]/.test(text)) return null
  const read = readJson(text.replace(/^\uFEFF/, ""))
  if (!read.ok) return null
  const kept = redact(read.value)
  return kept === read.value ? text : JSON.stringify(kept)
}

async function redactedText(text: string, redact: (value: Json) => Json, pause: () => Promise<void>): Promise<string> {
  const kept: string[] = []
  for (let from = 0; from < text.length; ) {
    const to = endOfPiece(text, from)
    const piece = redact(text.slice(from, to))
    kept.push(typeof piece === "string" ? piece : JSON.stringify(piece))
    from = to
    if (from < text.length) await pause()
  }
  return kept.join("")
}

/** Behind a line; a key that takes several lines is not cut in two. */
function endOfPiece(text: string, from: number): number {
  const end = behindLine(text, from + pieceChars)
  const piece = text.slice(from, end)
  const begin = piece.lastIndexOf("-----BEGIN ")
  if (begin < 0 || piece.includes("-----END ", begin)) return end
  const close = text.slice(end, end + pieceChars).indexOf("-----END ")
  return close < 0 ? end : behindLine(text, end + close)
}

function behindLine(text: string, at: number): number {
  const line = at >= text.length ? -1 : text.indexOf("\n", at)
  return line < 0 ? text.length : line + 1
}

interface ContentText {
  readonly read: string
  write(text: string): Uint8Array
}

const declaredText =
  /^(?:text\/|application\/(?:json|xml|yaml|x-yaml|csv|javascript|x-ndjson|sql)\b|[^;]+\+(?:json|xml)\b)/

/**
 * By what it is, and only then by what it is said to be: whoever calls a text a binary file does not get around the policy.
 * One byte a character where it is no UTF-8, so that what is not found comes back byte by byte. Null: no text.
 */
function textOf(content: Uint8Array, contentType: string): ContentText | null {
  const isDeclared = declaredText.test(contentType.toLowerCase())
  if (content[0] === 0xff && content[1] === 0xfe && isDeclared)
    return { read: new TextDecoder("utf-16le", { ignoreBOM: true }).decode(content), write: utf16 }
  const utf8 = utf8Of(content)
  if (utf8 !== null && (isDeclared || !utf8.includes("\u0000")))
    return { read: utf8, write: (text) => new TextEncoder().encode(text) }
  return isDeclared ? { read: byByte(content), write: bytesOf } : null
}

function utf8Of(content: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content)
  } catch {
    return null
  }
}

/** Arguments of a call are bounded. */
const bytesAtOnce = 8_192

function byByte(content: Uint8Array): string {
  let text = ""
  for (let at = 0; at < content.length; at += bytesAtOnce)
    text += String.fromCharCode(...content.subarray(at, at + bytesAtOnce))
  return text
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

function utf16(text: string): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(text.length * 2))
  for (let at = 0; at < text.length; at++) bytes.setUint16(at * 2, text.charCodeAt(at), true)
  return new Uint8Array(bytes.buffer)
}
