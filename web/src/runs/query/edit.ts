/** Chips, facets and tabs edit the query's text, so that there is one thing to look at, to link to and to understand. */
import { type Term, termsOf, written } from "./terms.ts"

/** A field under all its names, the one that is written first. */
export type FieldNames = readonly [string, ...string[]]

/** The values that are asked for by name; patterns, stars and what is excluded are not among them. */
export function valuesOf(query: string, names: FieldNames): readonly string[] {
  return termsOf(query)
    .filter((term) => isOf(term, names) && !term.negated)
    .flatMap(({ values }) => values.filter((value) => value.kind !== "pattern").map(({ text }) => text))
}

/** Asks for these values of a field and for no other; where the field was asked for, the new term takes its place. */
export function withValues(query: string, names: FieldNames, values: readonly string[]): string {
  const asked = termsOf(query).filter((term) => isOf(term, names) && !term.negated)
  const text = values.length === 0 ? "" : `${names[0]}:${values.map(written).join(",")}`
  const [first, ...rest] = asked
  if (first === undefined) return joined([query, text])
  const parts: string[] = [query.slice(0, first.from), text]
  let at = first.to
  for (const term of rest) {
    parts.push(query.slice(at, term.from))
    at = term.to
  }
  return joined([...parts, query.slice(at)])
}

/** Without what is asked of a field, excluded values as well: what a facet counts its choices over. */
export function withoutField(query: string, names: FieldNames): string {
  return withoutTerms(query, (term) => isOf(term, names))
}

export function withoutTerms(query: string, isUnwanted: (term: Term) => boolean): string {
  let at = 0
  const parts: string[] = []
  for (const term of termsOf(query).filter(isUnwanted)) {
    parts.push(query.slice(at, term.from))
    at = term.to
  }
  return joined([...parts, query.slice(at)])
}

export function withTerm(query: string, term: string): string {
  return joined([query, term])
}

/** Whether the query itself says something of a field. */
export function names(query: string, field: FieldNames): boolean {
  return termsOf(query).some((term) => isOf(term, field))
}

function isOf(term: Term, names: FieldNames): boolean {
  return term.field !== null && names.includes(term.field)
}

/** What is inside quotes keeps its spaces; only those around the parts are set right. */
function joined(parts: readonly string[]): string {
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .join(" ")
}
