/** What the box offers at the caret: fields while a term begins, values behind its colon. */
import type { QueryFields } from "@waybill/contract"
import type { Choice } from "../../ui/choice/options.ts"
import { type Term, termsOf, written } from "./terms.ts"

export type QueryField = QueryFields["fields"][number]

/** What stands at the caret and would be replaced. */
export type AtCaret =
  | { readonly kind: "field"; readonly from: number; readonly to: number; readonly prefix: string }
  | {
      readonly kind: "value"
      readonly field: string
      readonly from: number
      readonly to: number
      readonly prefix: string
      /** The other values of the same term. */
      readonly taken: readonly string[]
    }

export function atCaret(query: string, caret: number): AtCaret {
  const term = termsOf(query).find(({ from, to }) => from <= caret && caret <= to)
  if (term === undefined) return { kind: "field", from: caret, to: caret, prefix: "" }
  if (term.field === null || caret < term.valueFrom) {
    const from = term.from + (query[term.from] === "-" ? 1 : 0)
    return { kind: "field", from: Math.min(from, caret), to: term.to, prefix: query.slice(from, caret) }
  }
  return valueAtCaret(query, caret, term)
}

function valueAtCaret(query: string, caret: number, term: Term): AtCaret {
  const here = term.values.find(({ from, to }) => from <= caret && caret <= to)
  const from = here?.from ?? caret
  return {
    kind: "value",
    field: term.field!,
    from,
    to: here?.to ?? caret,
    prefix: query.slice(from, caret).replaceAll('"', ""),
    taken: term.values.filter((value) => value !== here).map(({ text }) => text),
  }
}

export function fieldNamed(fields: readonly QueryField[], name: string): QueryField | undefined {
  return fields.find((field) => field.name === name || field.aliases.includes(name))
}

/** Fields whose name, or one of whose short names, begins with what was typed. */
export function fieldChoices(fields: readonly QueryField[], prefix: string): readonly Choice[] {
  const wanted = prefix.toLowerCase()
  return fields
    .filter(({ name, aliases }) => [name, ...aliases].some((one) => one.startsWith(wanted)))
    .map(({ name, about }) => ({ value: `${name}:`, label: `${name}:`, detail: about }))
}

/** How often each value occurs, where the server counts that. */
export type CountedValues = readonly { readonly value: string; readonly count: number }[]

export function valueChoices(field: QueryField, here: AtCaret & { kind: "value" }, counted: CountedValues) {
  const wanted = here.prefix.toLowerCase()
  const fits = (value: string) => value.toLowerCase().includes(wanted) && !here.taken.includes(value)
  return valuesOfField(field, counted).filter(({ label }) => fits(label))
}

function valuesOfField(field: QueryField, counted: CountedValues): readonly Choice[] {
  if (field.words.length > 0) return field.words.map((word) => ({ value: word, label: word }))
  if (counted.length > 0)
    return counted.map(({ value, count }) => ({
      value: written(value),
      label: value,
      detail: count.toLocaleString("en"),
    }))
  return examples[field.kind].map(([value, detail]) => ({ value, label: value, detail }))
}

const examples: Readonly<Record<QueryField["kind"], readonly (readonly [string, string])[]>> = {
  text: [],
  contained: [],
  words: [],
  value: [
    ["42", "exactly that, a text or a number"],
    [">100", "a number above"],
    ["B-*", "what begins so"],
  ],
  number: [
    [">0", "more than none"],
    [">=10", "ten or more"],
    ["1..5", "from one to five"],
  ],
  duration: [
    [">30s", "longer than 30 seconds"],
    [">5m", "longer than 5 minutes"],
    ["<1s", "shorter than a second"],
    ["1m..1h", "between a minute and an hour"],
  ],
  time: [
    [">-1h", "in the last hour"],
    [">-24h", "in the last 24 hours"],
    ["today", "since midnight, UTC"],
    ["yesterday", "the day before, UTC"],
  ],
}

/** The query with the choice put in, and where the caret stands afterwards. A value is finished by a space. */
export function completed(
  query: string,
  here: AtCaret,
  choice: string,
): { readonly text: string; readonly caret: number } {
  const rest = query.slice(here.to)
  const end = here.kind === "field" || /^[,\s]/.test(rest) ? "" : " "
  const text = `${query.slice(0, here.from)}${choice}${end}${rest}`
  return { text, caret: here.from + choice.length + end.length }
}
