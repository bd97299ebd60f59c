/**
 * String and bytes literals: both quotes, triple quotes, raw and bytes prefixes, every escape of the specification.
 * Text literals denote text: an octal or hexadecimal escape above 127 and a surrogate are errors in them.
 */
import { SyntaxFailure } from "./error.ts"
import { pushUtf8 } from "./utf8.ts"

export type StringLiteral = { readonly text: string; readonly bytes: Uint8Array | undefined; readonly to: number }

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
  ["\n", ""],
])

/** `at` is the offset of the prefix or quote. */
export function scanStringLiteral(source: string, at: number): StringLiteral {
  const quoteAt = nextQuote(source, at)
  const prefix = source.slice(at, quoteAt).toLowerCase()
  const quote = source[quoteAt] ?? ""
  const fence = source.startsWith(quote.repeat(3), quoteAt) ? quote.repeat(3) : quote
  const reader = new LiteralReader(source, quoteAt + fence.length, fence, prefix.includes("b"))
  reader.read(prefix.includes("r"), at)
  const bytes = prefix.includes("b") ? Uint8Array.from(reader.bytes) : undefined
  return { text: reader.text, bytes, to: reader.at }
}

function nextQuote(source: string, at: number): number {
  let quoteAt = at
  while (source[quoteAt] !== '"' && source[quoteAt] !== "'") quoteAt++
  return quoteAt
}

class LiteralReader {
  text = ""
  readonly bytes: number[] = []
  at: number
  private readonly source: string
  private readonly fence: string
  private readonly isBytes: boolean

  constructor(source: string, at: number, fence: string, isBytes: boolean) {
    this.source = source
    this.at = at
    this.fence = fence
    this.isBytes = isBytes
  }

  read(raw: boolean, literalAt: number): void {
    while (!this.source.startsWith(this.fence, this.at)) {
      const character = this.source[this.at]
      if (character === undefined || (this.fence.length === 1 && (character === "\n" || character === "\r"))) {
        throw new SyntaxFailure("string literal is not closed", literalAt, `it needs ${this.fence} at its end`)
      }
      if (character === "\\") this.readBackslash(raw, literalAt)
      else this.readPlain()
    }
    this.at += this.fence.length
  }

  private readPlain(): void {
    // A line break is a line feed, whatever the platform writes.
    if (this.source.startsWith("\r\n", this.at)) this.at++
    const codePoint = this.source.codePointAt(this.at) ?? 0
    this.at += codePoint > 0xffff ? 2 : 1
    this.addCodePoint(codePoint === 13 ? 10 : codePoint)
  }

  private readBackslash(raw: boolean, literalAt: number): void {
    const escapeAt = this.at
    if (this.source.startsWith("\r\n", this.at + 1)) this.at++
    const letter = this.source[this.at + 1]
    if (letter === undefined) throw new SyntaxFailure("string literal is not closed", literalAt)
    if (raw) {
      this.addCodePoint(92)
      this.at++
      this.readPlain()
      return
    }
    const simple = SIMPLE_ESCAPES.get(letter)
    this.at += 2
    if (simple !== undefined) {
      if (simple !== "") this.addCodePoint(simple.charCodeAt(0))
    } else if (letter === "x") this.addElement(this.readDigits(/[0-9a-fA-F]{2}/y, 16, escapeAt), escapeAt)
    else if (letter === "u") this.addUnicode(this.readDigits(/[0-9a-fA-F]{4}/y, 16, escapeAt), escapeAt)
    else if (letter === "U") this.addUnicode(this.readDigits(/[0-9a-fA-F]{8}/y, 16, escapeAt), escapeAt)
    else if (letter >= "0" && letter <= "7") {
      this.at--
      this.addElement(this.readDigits(/[0-7]{1,3}/y, 8, escapeAt), escapeAt)
    } else {
      const hint = `write \\\\${letter} for a backslash, or a raw string r"…"`
      throw new SyntaxFailure(`invalid escape sequence \\${letter}`, escapeAt, hint)
    }
  }

  private readDigits(pattern: RegExp, base: number, escapeAt: number): number {
    pattern.lastIndex = this.at
    const digits = pattern.exec(this.source)?.[0]
    if (digits === undefined) throw new SyntaxFailure("incomplete escape sequence", escapeAt)
    this.at += digits.length
    return Number.parseInt(digits, base)
  }

  private addElement(element: number, escapeAt: number): void {
    if (this.isBytes) {
      if (element > 255) throw new SyntaxFailure("octal escape is above 255", escapeAt)
      this.bytes.push(element)
    } else {
      if (element > 127) throw new SyntaxFailure("non-ASCII octal or hexadecimal escape", escapeAt, "write \\u00e9")
      this.text += String.fromCharCode(element)
    }
  }

  private addUnicode(codePoint: number, escapeAt: number): void {
    if (codePoint > 0x10ffff) throw new SyntaxFailure("Unicode escape is above U+10FFFF", escapeAt)
    if (codePoint >= 0xd800 && codePoint <= 0xdfff) throw new SyntaxFailure("Unicode escape is a surrogate", escapeAt)
    this.addCodePoint(codePoint)
  }

  private addCodePoint(codePoint: number): void {
    if (this.isBytes) pushUtf8(this.bytes, codePoint)
    else this.text += String.fromCodePoint(codePoint)
  }
}
