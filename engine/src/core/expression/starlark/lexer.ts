/**
 * Source text to tokens. Line breaks are white space, as inside brackets: an expression is one line of Starlark, however
 * it is folded in YAML. Never looks at values or names beyond their spelling.
 */
import { Bytes } from "./bytes.ts"
import { SyntaxFailure } from "./error.ts"
import { INT_BITS_MAX } from "./limits.ts"
import { scanStringLiteral } from "./string-literal.ts"
import type { Literal } from "./syntax.ts"

export type Token = {
  readonly kind: "name" | "keyword" | "symbol" | "constant" | "end"
  /** The name, keyword or symbol; empty for constants. */
  readonly text: string
  readonly value: Literal
  readonly from: number
  readonly to: number
}

const KEYWORDS = new Set(
  "and break continue def elif else for if in lambda load not or pass return".split(" ").concat(
    // Reserved: they may not be names, and mean nothing here.
    "as assert async await class del except finally from global import is nonlocal raise try while with yield".split(
      " ",
    ),
  ),
)

// Longest first: `**` before `*`.
const SYMBOLS = [
  ...["//=", "<<=", ">>="],
  ...["**", "//", "<<", ">>", "<=", ">=", "==", "!=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^="],
  ..."+-*/%~&|^.,=;:()[]{}<>".split(""),
]

const IDENTIFIER = /[\p{L}_][\p{L}\p{Nd}_]*/uy
const STRING_START = /(?:[rR]?[bB]?|[bB][rR])["']/y
const BLANK = /(?:[ \t\r\n]|\\\r?\n|#[^\n]*)+/y
const FLOAT = /(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+/y
const RADIX_INT = /0([xX])([0-9a-fA-F]*)|0([oO])([0-9]*)|0([bB])([0-9]*)/y
const DECIMAL = /\d+/y

export function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  for (;;) {
    at += matchAt(BLANK, source, at)?.[0].length ?? 0
    if (at >= source.length) break
    const token = scanConstant(source, at) ?? scanWord(source, at) ?? scanSymbol(source, at)
    tokens.push(token)
    at = token.to
  }
  tokens.push({ kind: "end", text: "", value: null, from: source.length, to: source.length })
  return tokens
}

function scanConstant(source: string, at: number): Token | undefined {
  if (matchAt(STRING_START, source, at)) {
    const { text, bytes, to } = scanStringLiteral(source, at)
    return { kind: "constant", text: "", value: bytes ? new Bytes(bytes) : text, from: at, to }
  }
  return scanNumber(source, at)
}

function scanNumber(source: string, at: number): Token | undefined {
  const float = matchAt(FLOAT, source, at)?.[0]
  if (float !== undefined) {
    const value = Number(float)
    if (!Number.isFinite(value)) throw new SyntaxFailure(`floating-point literal ${clip(float)} is too large`, at)
    return { kind: "constant", text: "", value, from: at, to: at + float.length }
  }
  const radix = matchAt(RADIX_INT, source, at)
  if (radix) return { kind: "constant", text: "", value: radixInt(radix, at), from: at, to: at + radix[0].length }
  const digits = matchAt(DECIMAL, source, at)?.[0]
  if (digits === undefined) return undefined
  if (digits.length > 1 && digits.startsWith("0")) {
    throw new SyntaxFailure(`int literal ${clip(digits)} starts with 0`, at, `an octal number is written 0o${digits}`)
  }
  return { kind: "constant", text: "", value: toInt(digits, 4, at), from: at, to: at + digits.length }
}

function radixInt(match: RegExpExecArray, at: number): bigint {
  const letter = (match[1] ?? match[3] ?? match[5] ?? "").toLowerCase()
  const digits = match[2] ?? match[4] ?? match[6] ?? ""
  const allowed = letter === "x" ? /^[0-9a-fA-F]+$/ : letter === "o" ? /^[0-7]+$/ : /^[01]+$/
  if (!allowed.test(digits)) throw new SyntaxFailure(`invalid int literal ${clip(match[0])}`, at)
  return toInt(`0${letter}${digits}`, 4, at)
}

function toInt(literal: string, bitsPerDigit: number, at: number): bigint {
  if (literal.length * bitsPerDigit > INT_BITS_MAX) throw new SyntaxFailure("int literal is too large", at)
  return BigInt(literal)
}

function scanWord(source: string, at: number): Token | undefined {
  const text = matchAt(IDENTIFIER, source, at)?.[0]
  if (text === undefined) return undefined
  const to = at + text.length
  const constant = CONSTANTS.get(text)
  if (constant !== undefined) return { kind: "constant", text: "", value: constant, from: at, to }
  return { kind: KEYWORDS.has(text) ? "keyword" : "name", text, value: null, from: at, to }
}

/** Predeclared, not reserved; constants here, so that no key of the context can redefine what `True` means. */
const CONSTANTS: ReadonlyMap<string, Literal> = new Map<string, Literal>([
  ["None", null],
  ["True", true],
  ["False", false],
])

function scanSymbol(source: string, at: number): Token {
  for (const symbol of SYMBOLS) {
    if (source.startsWith(symbol, at)) {
      return { kind: "symbol", text: symbol, value: null, from: at, to: at + symbol.length }
    }
  }
  const character = String.fromCodePoint(source.codePointAt(at) ?? 0)
  throw new SyntaxFailure(`unexpected character ${JSON.stringify(character)}`, at, HINTS.get(character))
}

const HINTS: ReadonlyMap<string, string> = new Map([
  ["!", "write `not x` for negation, `x != y` for inequality"],
  ["?", "a conditional is written `a if condition else b`"],
  ["$", "names have no sigil: write `ctx.name`"],
])

function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(source)
}

function clip(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
