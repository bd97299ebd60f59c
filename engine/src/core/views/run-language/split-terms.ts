/** A query's text cut into terms, with the place of each part. Knows quotes, patterns and commas, and no field's meaning. */

/** One of a term's values, as it was written. */
export interface Piece {
  /** A bare one may have operators and stars; in quotes nothing is special. */
  readonly kind: "bare" | "quoted" | "pattern"
  readonly text: string
  readonly from: number
  readonly to: number
}

export interface RawTerm {
  readonly from: number
  /** Behind the last character. */
  readonly to: number
  readonly negated: boolean
  /** Null: a free word. */
  readonly field: string | null
  /** Where the values begin. */
  readonly valueFrom: number
  readonly pieces: readonly Piece[]
  /** What begins and does not end. */
  readonly open: "quote" | "pattern" | null
}

/** @param isField whether a word in front of `<`, `>`, `=` or `!=` is a field's name; in front of `:` it always is one */
export function splitTerms(text: string, isField: (name: string) => boolean): readonly RawTerm[] {
  const terms: RawTerm[] = []
  let at = 0
  while (at < text.length) {
    if (isSpace(text, at)) {
      at += 1
      continue
    }
    const term = readTerm(text, at, isField)
    terms.push(term)
    at = term.to
  }
  return terms
}

function readTerm(text: string, from: number, isField: (name: string) => boolean): RawTerm {
  const minus = text[from] === "-" && from + 1 < text.length && !isSpace(text, from + 1)
  const start = minus ? from + 1 : from
  const head = readHead(text, start, isField)
  const values = readPieces(text, head.valueFrom, head.field !== null)
  return { from, negated: minus !== head.not, field: head.field, valueFrom: head.valueFrom, ...values }
}

interface Head {
  readonly field: string | null
  readonly not: boolean
  readonly valueFrom: number
}

const head = /([A-Za-z_][A-Za-z0-9_.-]*)(:|!=|=|(?=[<>]))/y

function readHead(text: string, from: number, isField: (name: string) => boolean): Head {
  head.lastIndex = from
  const [whole, name, mark] = head.exec(text) ?? []
  if (whole === undefined || (mark !== ":" && !isField(name!))) return { field: null, not: false, valueFrom: from }
  return { field: name!, not: mark === "!=", valueFrom: from + whole.length }
}

function readPieces(text: string, from: number, hasField: boolean): Pick<RawTerm, "pieces" | "to" | "open"> {
  const pieces: Piece[] = []
  let at = from
  for (;;) {
    const piece = hasField && text[at] === "/" ? readPattern(text, at) : readWord(text, at, hasField)
    if (piece.to > piece.from) pieces.push(piece.piece)
    at = piece.to
    if (piece.open !== null) return { pieces, to: at, open: piece.open }
    if (!hasField || text[at] !== ",") return { pieces, to: at, open: null }
    at += 1
  }
}

interface ReadPiece {
  readonly piece: Piece
  readonly from: number
  readonly to: number
  readonly open: RawTerm["open"]
}

/** Quotes may stand anywhere in it; `\"` and `\\` within them are the characters. */
function readWord(text: string, from: number, endsAtComma: boolean): ReadPiece {
  let at = from
  let value = ""
  let quoted = false
  while (at < text.length && !isSpace(text, at) && !(endsAtComma && text[at] === ",")) {
    if (text[at] !== '"') {
      value += text[at]
      at += 1
      continue
    }
    quoted = true
    const end = closingQuote(text, at)
    if (end === -1) {
      value += text.slice(at + 1)
      return done("quoted", value, from, text.length, "quote")
    }
    value += text.slice(at + 1, end).replace(/\\(["\\])/g, "$1")
    at = end + 1
  }
  return done(quoted ? "quoted" : "bare", value, from, at, null)
}

function closingQuote(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1
    else if (text[at] === '"') return at
  }
  return -1
}

/** `/…/`; what follows it up to a space or comma belongs to it and is told by the reader of values. */
function readPattern(text: string, from: number): ReadPiece {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1
    else if (text[at] === "/")
      return done("pattern", text.slice(from + 1, at).replaceAll("\\/", "/"), from, at + 1, null)
  }
  const word = readWord(text, from, true)
  return { ...word, open: "pattern" }
}

function done(kind: Piece["kind"], text: string, from: number, to: number, open: RawTerm["open"]): ReadPiece {
  return { piece: { kind, text, from, to }, from, to, open }
}

function isSpace(text: string, at: number): boolean {
  return /\s/.test(text[at]!)
}
