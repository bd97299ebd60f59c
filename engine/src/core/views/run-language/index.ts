/**
 * The one query language over runs: `status:failed wf:invoice_* -tag:x dur:>30s started:>-24h`, joined by "and"; a comma
 * means any, a minus not, a free word searches ids, names and values. Reading is pure and never fails: what is wrong is told with
 * its place and what was probably meant, and the rest is understood. It never touches a store: `terms` are data that
 * `matchesTerm` and the stores' SQL give one meaning.
 */
import { didYouMean } from "../../definition/read/did-you-mean.ts"
import { openWordMin, phraseOf, withoutStar } from "../../search/words.ts"
import type { RunFilter } from "../run-query.ts"
import type { RunTerm } from "../run-term.ts"
import { fieldNames, findField, laterFields, valuePath } from "./fields.ts"
import { type QueryProblem, readTest } from "./read-values.ts"
import { type RawTerm, splitTerms } from "./split-terms.ts"

export { type QueryField, queryFields } from "./fields.ts"
export type { QueryProblem } from "./read-values.ts"

/** A term as it stands in the text, understood or not: a chip. */
export interface QueryPart {
  readonly text: string
  /** 0-based; `to` is behind the last character. */
  readonly from: number
  readonly to: number
  /** The field's full name, as written when it is none, empty for a free word. */
  readonly field: string
  readonly negated: boolean
  readonly value: string
  readonly understood: boolean
}

export interface ParsedRunQuery {
  readonly query: string
  readonly parts: readonly QueryPart[]
  readonly problems: readonly QueryProblem[]
  readonly terms: readonly RunTerm[]
}

const termsMax = 32
const piecesMax = 64

export function parseRunQuery(query: string): ParsedRunQuery {
  const parts: QueryPart[] = []
  const problems: QueryProblem[] = []
  const terms: RunTerm[] = []
  const raws = splitTerms(query, (name) => findField(name) !== null)
  for (const raw of raws.slice(0, termsMax)) {
    const read = readTerm(query, raw)
    if ("problem" in read) problems.push(read.problem)
    else terms.push(read.term)
    parts.push({ ...partOf(query, raw), understood: "term" in read })
  }
  const beyond = raws[termsMax]
  if (beyond !== undefined) {
    const to = query.length
    problems.push(problem("query_too_long", `a query has at most ${termsMax} terms`, { from: beyond.from, to }, null))
  }
  return { query, parts, problems, terms }
}

/** With the query's terms. A lone free word is the filter's `q`: the id of some run, in full, finds only its runs. */
export function withQuery(filter: RunFilter, { terms }: ParsedRunQuery): RunFilter {
  const words = terms.flatMap(({ negated, test }) => (test.kind === "words" && !negated ? [test.text] : []))
  if (words.length !== 1 || filter.q !== null) return { ...filter, terms }
  return { ...filter, q: words[0]!, terms: terms.filter(({ negated, test }) => test.kind !== "words" || negated) }
}

type Read = { readonly term: RunTerm } | { readonly problem: QueryProblem }

function readTerm(query: string, raw: RawTerm): Read {
  const { field: name, negated, pieces } = raw
  if (raw.open !== null) return notClosed(query, raw)
  if (name === null) return freeWord(query, raw)
  const field = findField(name)
  if (field === null) return unknownField(query, raw, name)
  const at = { from: raw.from, to: raw.to }
  if (pieces.length === 0)
    return { problem: problem("query_value_missing", `${name}: has no value`, at, `For example \`${field.example}\`.`) }
  if (pieces.length > piecesMax)
    return { problem: problem("query_too_long", `a field has at most ${piecesMax} values`, at, null) }
  const stray = pieces.find((piece) => piece.kind === "pattern" && !isEnd(query, piece.to))
  if (stray !== undefined) {
    const hint = "A value that begins with a slash stands in quotes."
    return { problem: problem("query_not_closed", "text stands behind the pattern", stray, hint) }
  }
  const path = valuePath(name)
  if (field.takes.kind === "value" && !/^[^.]+(\.[^.]+)*$/.test(path))
    return {
      problem: problem("query_unknown_field", `${name} names no value`, at, `For example \`${field.example}\`.`),
    }
  const read = readTest(field, pieces, path)
  return read.ok ? { term: { negated, test: read.test } } : { problem: read.problem }
}

function notClosed(query: string, raw: RawTerm): Read {
  const piece = raw.pieces[raw.pieces.length - 1] ?? raw
  const shown = query.slice(piece.from, piece.from + 32)
  const sign = raw.open === "quote" ? 'a quote: "' : "a slash: /"
  return { problem: problem("query_not_closed", `${shown} is not closed`, piece, `End it with ${sign}`) }
}

const operatorWords = new Set(["AND", "OR", "NOT", "&&", "||", "(", ")", "|"])

function freeWord(query: string, { from, to, negated, pieces }: RawTerm): Read {
  const piece = pieces[0]
  const word = query.slice(from, to)
  if (operatorWords.has(word)) {
    const hint = "All terms must hold; `status:failed,paused` is any of two, `-tag:x` is not."
    return { problem: problem("query_no_operators", `${word} is not an operator here`, { from, to }, hint) }
  }
  const bracketed = /^-?\(+-?([A-Za-z_][\w.-]*)[:=<>]/.exec(word)
  if (bracketed !== null && findField(bracketed[1]!) !== null) {
    const hint = "Terms are joined as they stand: leave the brackets out, or write text in quotes."
    return { problem: problem("query_no_operators", "there are no brackets here", { from, to }, hint) }
  }
  if (piece === undefined || piece.text === "")
    return { problem: problem("query_value_missing", "there is nothing to search for", { from, to }, null) }
  const { text } = piece
  if (/\*$/.test(text) && piece.kind === "bare") {
    const { words, isOpen } = phraseOf(text)
    const tooOpen = withoutStar(text) === text || (words.length > 0 && !isOpen)
    if (tooOpen) {
      const hint = `At least ${openWordMin} letters or digits stand in front of a star.`
      return { problem: problem("query_value_unreadable", `${text.slice(0, 64)} means nearly all`, { from, to }, hint) }
    }
  }
  return { term: { negated, test: { kind: "words", text } } }
}

function unknownField(query: string, raw: RawTerm, name: string): Read {
  const at = { from: raw.from, to: raw.to }
  const base = name.split(".")[0]!.toLowerCase()
  const later = laterFields.get(base)
  if (later !== undefined)
    return { problem: problem("query_field_later", `runs cannot be searched by ${name}`, at, later) }
  const guess = didYouMean(name, fieldNames) ?? (base === name.toLowerCase() ? undefined : nearValue(name, base))
  const asText = `To search for the text, write \`"${query.slice(raw.from, raw.to).replaceAll('"', "")}"\`.`
  const hint = guess === undefined ? asText : `${guess} ${asText}`
  return { problem: problem("query_unknown_field", `there is no field ${name}`, at, hint) }
}

/** `inn.customer` is near to `in.customer`. */
function nearValue(name: string, base: string): string | undefined {
  const guess = didYouMean(base, ["in", "out", "input", "output"])
  return guess?.replace(/(\w+)(\W*)$/, (_, word: string, end: string) => `${word}.${valuePath(name)}${end}`)
}

function problem(
  code: QueryProblem["code"],
  message: string,
  at: { readonly from: number; readonly to: number },
  hint: string | null,
): QueryProblem {
  return { code, message, from: at.from, to: at.to, hint }
}

function isEnd(query: string, at: number): boolean {
  return at >= query.length || query[at] === "," || /\s/.test(query[at]!)
}

function partOf(query: string, raw: RawTerm): Omit<QueryPart, "understood"> {
  const { from, to, negated, field, valueFrom } = raw
  const name = field === null ? "" : shownName(field)
  const value = field === null ? (raw.pieces[0]?.text ?? "") : query.slice(valueFrom, to)
  return { text: query.slice(from, to), from, to, field: name, negated, value }
}

function shownName(field: string): string {
  const found = findField(field)
  if (found === null) return field
  return found.takes.kind === "value" ? [found.name, valuePath(field)].join(".") : found.name
}
