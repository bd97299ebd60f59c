/**
 * A query's text as the box handles it while somebody types: where its terms are, and how one is put in or taken out.
 * What a term means is the server's to say (`GET /workflow-runs/query`); nothing here knows which fields there are.
 */
export interface Term {
  /** 0-based; `to` is behind the last character. */
  readonly from: number
  readonly to: number
  readonly negated: boolean
  /** As written in front of the colon or the operator, in lower case; null: a free word. */
  readonly field: string | null
  readonly valueFrom: number
  readonly values: readonly TermValue[]
}

export interface TermValue {
  readonly from: number
  readonly to: number
  /** Without its quotes. */
  readonly text: string
  /** A bare one may have stars and operators. */
  readonly kind: "bare" | "quoted" | "pattern"
}

const head = /-?([A-Za-z_][A-Za-z0-9_.-]*)(:|!=|=|(?=[<>]))/y

export function termsOf(query: string): readonly Term[] {
  const terms: Term[] = []
  let at = 0
  while (at < query.length) {
    if (isSpace(query, at)) at += 1
    else {
      const term = termAt(query, at)
      terms.push(term)
      at = term.to
    }
  }
  return terms
}

function termAt(query: string, from: number): Term {
  head.lastIndex = from
  const [whole = "", name, mark] = head.exec(query) ?? []
  const field = name === undefined ? null : name.toLowerCase()
  const isMinus = query[from] === "-" && from + 1 < query.length && !isSpace(query, from + 1)
  const valueFrom = field === null ? from + (isMinus ? 1 : 0) : from + whole.length
  const values: TermValue[] = []
  let at = valueFrom
  for (;;) {
    const value = valueAt(query, at, field !== null)
    if (value.to > value.from) values.push(value)
    at = value.to
    if (field === null || query[at] !== ",") break
    at += 1
  }
  // A lone minus is a word, and whatever stands here is passed, so that reading ends.
  return { from, to: Math.max(at, from + 1), negated: isMinus !== (mark === "!="), field, valueFrom, values }
}

function valueAt(query: string, from: number, hasField: boolean): TermValue {
  if (hasField && query[from] === "/") {
    const end = closing(query, from, "/")
    if (end !== -1) return { kind: "pattern", text: query.slice(from + 1, end), from, to: end + 1 }
  }
  let at = from
  let text = ""
  let kind: TermValue["kind"] = "bare"
  while (at < query.length && !isSpace(query, at) && !(hasField && query[at] === ",")) {
    if (query[at] !== '"') {
      text += query[at]
      at += 1
      continue
    }
    kind = "quoted"
    const end = closing(query, at, '"')
    const inner = query.slice(at + 1, end === -1 ? undefined : end)
    text += inner.replace(/\\(["\\])/g, "$1")
    at = end === -1 ? query.length : end + 1
  }
  return { kind, text, from, to: at }
}

function closing(query: string, from: number, mark: string): number {
  for (let at = from + 1; at < query.length; at += 1) {
    if (query[at] === "\\") at += 1
    else if (query[at] === mark) return at
  }
  return -1
}

function isSpace(query: string, at: number): boolean {
  return /\s/.test(query[at]!)
}

/** A value so that it stands for itself: quoted where a space, a comma or a sign would mean something else. */
export function written(value: string): string {
  const isPlain = value !== "" && !/[\s,*"\\]|\.\./.test(value) && !/^[/<>=]/.test(value)
  return isPlain ? value : `"${value.replace(/["\\]/g, "\\$&")}"`
}
