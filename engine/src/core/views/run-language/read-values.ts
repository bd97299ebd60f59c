/** What a term's values mean for its field: a test of runs, or why not. */
import { didYouMean } from "../../definition/read/did-you-mean.ts"
import { linearRegExp, UnsupportedPattern } from "../../linear-regexp.ts"
import {
  asNumber,
  type Edge,
  type NumberField,
  type Range,
  type RunTest,
  type TextField,
  type TextMatch,
  type ValueMatch,
} from "../run-term.ts"
import { type QueryField, statusWord } from "./fields.ts"
import type { QueryProblemCode } from "./problem-codes.ts"
import { readDuration, readNumber, readTime, type Span } from "./read-amounts.ts"
import type { Piece } from "./split-terms.ts"

export interface QueryProblem {
  readonly code: QueryProblemCode
  readonly message: string
  /** 0-based; `to` is behind the last character. */
  readonly from: number
  readonly to: number
  readonly hint: string | null
}

/** A value that cannot be read: caught by `readTest`. */
class Unreadable extends Error {
  readonly problem: QueryProblem
  constructor(piece: Piece, code: QueryProblemCode, message: string, hint: string | null) {
    super(message)
    this.problem = { code, message, from: piece.from, to: piece.to, hint }
  }
}

export type ReadTest =
  | { readonly ok: true; readonly test: RunTest }
  | { readonly ok: false; readonly problem: QueryProblem }

/** @param path of a field that takes values: behind its dot */
export function readTest(field: QueryField, pieces: readonly Piece[], path: string): ReadTest {
  try {
    return { ok: true, test: testOf(field, pieces, path) }
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, problem: error.problem }
    throw error
  }
}

function testOf({ name, takes }: QueryField, pieces: readonly Piece[], path: string): RunTest {
  switch (takes.kind) {
    case "value":
      return { kind: "value", side: takes.side, path, any: pieces.map((piece) => valueMatch(`${name}.${path}`, piece)) }
    case "text":
      return { kind: "text", field: takes.field, any: pieces.map((piece) => matchOf(piece)) }
    case "contained":
      return { kind: "text", field: takes.field, any: pieces.map((piece) => containedIn(piece)) }
    case "status":
      return isOneOf(
        "status",
        pieces.flatMap((piece) => statusWord(piece.text) ?? unknown(name, piece, takes.words)),
      )
    case "words":
      return isOneOf(
        takes.field,
        pieces.map((piece) => wordIn(name, piece, takes.words)),
      )
    case "present":
      return { kind: "present", any: pieces.map((piece) => wordIn(name, piece, takes.words)) }
    case "is":
      // Each is a question of its own; together they would be another.
      if (pieces.length !== 1)
        throw new Unreadable(
          pieces[1]!,
          "query_value_unreadable",
          `${name}: takes one word`,
          `Ask \`${name}:${takes.words[0]}\`.`,
        )
      return { kind: wordIn(name, pieces[0]!, takes.words) }
    case "number":
      return ranges(
        takes.field,
        pieces.map((piece) => amountRange(piece, readNumber, `${name}:>10`)),
      )
    case "duration":
      return ranges(
        takes.field,
        pieces.map((piece) => amountRange(piece, readDuration, `${name}:>30s`)),
      )
    case "time":
      return ranges(
        takes.field,
        pieces.map((piece) => timeRange(name, piece)),
      )
  }
}

const starsMax = 8
const patternMax = 256

function matchOf(piece: Piece): TextMatch {
  if (piece.kind === "pattern") return patternOf(piece)
  if (piece.kind === "quoted" || !piece.text.includes("*")) return { kind: "is", text: piece.text }
  const pattern = piece.text.replace(/\*+/g, "*")
  if (pattern.split("*").length - 1 <= starsMax) return { kind: "glob", pattern }
  throw new Unreadable(piece, "query_too_long", `a value has at most ${starsMax} stars`, null)
}

function containedIn(piece: Piece): TextMatch {
  if (piece.kind === "pattern") return patternOf(piece)
  return { kind: "has", text: piece.kind === "bare" ? piece.text.replace(/^\*+|\*+$/g, "") : piece.text }
}

function patternOf(piece: Piece): Extract<TextMatch, { readonly kind: "pattern" }> {
  const refuse = (message: string) => new Unreadable(piece, "query_pattern_refused", message, null)
  if (piece.text.length > patternMax) throw refuse(`a pattern has at most ${patternMax} characters`)
  try {
    linearRegExp(piece.text)
  } catch (error) {
    if (error instanceof UnsupportedPattern) throw refuse(error.message)
    throw error
  }
  return { kind: "pattern", source: piece.text }
}

function isOneOf(field: TextField, values: readonly string[]): RunTest {
  return { kind: "text", field, any: [...new Set(values)].map((text) => ({ kind: "is", text })) }
}

function wordIn<W extends string>(field: string, piece: Piece, words: readonly W[]): W {
  return words.find((word) => word === piece.text.toLowerCase()) ?? unknown(field, piece, words)
}

function unknown(field: string, piece: Piece, words: readonly string[]): never {
  const shown = JSON.stringify(piece.text.slice(0, 64))
  const message = `${field} is one of ${words.join(", ")}, not ${shown}`
  throw new Unreadable(piece, "query_unknown_value", message, didYouMean(piece.text, words) ?? null)
}

function ranges(field: NumberField, any: readonly Range[]): RunTest {
  return { kind: "number", field, any, now: null }
}

/** A number behind `>` or in `from..to` is compared; anything else is meant as it stands. */
function valueMatch(name: string, piece: Piece): ValueMatch {
  if (piece.kind !== "bare") return piece.kind === "pattern" ? patternOf(piece) : { kind: "is", text: piece.text }
  const read = (text: string) => asNumber(text) ?? readNumber(text)
  const [first, second] = bounds(piece)
  const isBetween = second !== undefined && [first, second].every((end) => end === "" || read(end) !== null)
  if (/^[<>]/.test(piece.text) || (isBetween && piece.text !== ".."))
    return { kind: "range", range: amountRange(piece, read, `${name}:>10`) }
  return matchOf(piece) as ValueMatch
}

const operators = /^(>=|<=|>|<|=)?(.*)$/s

/** `30s` alone is exactly that; `1s..5s` includes both ends, either may be left out. */
function amountRange(piece: Piece, read: (text: string) => number | null, example: string): Range {
  const at = (text: string): Edge => {
    const value = read(text)
    if (value !== null) return { value, from: "zero", included: true }
    const shown = JSON.stringify(text.slice(0, 64))
    const unit = /^\d+$/.test(text) ? ", which has no unit" : ""
    const kind = read === readDuration ? "duration" : "number"
    throw new Unreadable(piece, "query_value_unreadable", `${shown} is not a ${kind}${unit}`, `Write \`${example}\`.`)
  }
  const [first, second] = bounds(piece)
  if (second !== undefined) return { least: first === "" ? null : at(first), most: second === "" ? null : at(second) }
  const [, operator = "=", amount = ""] = operators.exec(first)!
  const edge = at(amount)
  switch (operator) {
    case ">":
      return { least: { ...edge, included: false }, most: null }
    case ">=":
      return { least: edge, most: null }
    case "<":
      return { least: null, most: { ...edge, included: false } }
    case "<=":
      return { least: null, most: edge }
    default:
      return { least: edge, most: edge }
  }
}

function timeRange(field: string, piece: Piece): Range {
  const at = (text: string): Span => {
    const span = readTime(text)
    if (span !== null) return span
    const message = `${JSON.stringify(text.slice(0, 64))} is not a time`
    throw new Unreadable(
      piece,
      "query_value_unreadable",
      message,
      `Write \`${field}:>-24h\` or \`${field}:2026-11-20\`.`,
    )
  }
  const since = (span: Span): Edge => ({ ...span.least, included: true })
  const before = (edge: Span["least"]): Edge => ({ ...edge, included: false })
  const [first, second] = bounds(piece)
  if (second !== undefined) {
    const last = second === "" ? null : at(second)
    return {
      least: first === "" ? null : since(at(first)),
      most: last === null ? null : last.ago ? { ...last.end, included: true } : before(last.end),
    }
  }
  const [, operator, text = ""] = operators.exec(first)!
  const span = at(text)
  switch (operator) {
    case ">":
      return { least: { ...span.end, included: !span.ago }, most: null }
    case ">=":
      return { least: since(span), most: null }
    case "<":
      return { least: null, most: before(span.least) }
    case "<=":
      return { least: null, most: span.ago ? { ...span.end, included: true } : before(span.end) }
    default:
      return { least: since(span), most: span.ago ? null : before(span.end) }
  }
}

/** `a..b` as two; anything else as one. */
function bounds({ text }: Piece): readonly [string, string?] {
  const at = text.indexOf("..")
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 2)]
}
