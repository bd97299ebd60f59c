/**
 * A name that policy keeps in another form is asked for as it came: the question goes the way that the name went. What a
 * method makes of a name is the same for equal names of a workspace; what was redacted is told apart by nobody.
 */
import type { RunFilter } from "../../core/views/run-query.ts"
import type { RunTerm, TextField, TextMatch } from "../../core/views/run-term.ts"
import type { Names } from "../../door.ts"
import type { Redaction } from "../../ports/redaction.ts"

type Forms = (name: string) => readonly string[]

const fields = ["businessEventId", "correlationId"] as const
const named: ReadonlySet<TextField> = new Set<TextField>([...fields, "tag"])

/** One question names so many at most: each may stand in the store in as many forms as there are policies and keys. */
export const askedNamesMax = 100

/** How many names a filter asks for. */
export function askedNames({ tag, terms, ...filter }: RunFilter): number {
  let count = tag.length + fields.filter((field) => filter[field] !== null).length
  for (const { test } of terms)
    if (test.kind === "text" && named.has(test.field)) count += test.any.filter(({ kind }) => kind === "is").length
  return count
}

export function namesOf(redaction: Redaction, workspaceId: string): Names {
  const kept: Forms = (name) => redaction.namesOf(workspaceId, name)
  // What a definition makes of its input is a digest where the input was not kept as it came.
  const event: Forms = (name) => [...kept(name), ...redaction.digests(workspaceId, name)]
  const formsOf = { businessEventId: event, correlationId: kept, tag: kept }
  return {
    digests: (text) => redaction.digests(workspaceId, text),
    asKept(filter) {
      const terms = filter.terms.map((term) => termAsKept(term, formsOf))
      const byTerm: { -readonly [Field in (typeof fields)[number]]?: null } = {}
      for (const field of fields) {
        const name = filter[field]
        const forms = name === null ? [] : formsOf[field](name)
        if (forms.length < 2) continue
        byTerm[field] = null
        terms.push({ negated: false, test: { kind: "text", field, any: forms.map(is) } })
      }
      return { ...filter, ...byTerm, tag: [...new Set(filter.tag.flatMap(kept))], terms }
    },
  }
}

function termAsKept(term: RunTerm, formsOf: { readonly [field: string]: Forms }): RunTerm {
  const { test } = term
  if (test.kind !== "text") return term
  const forms = formsOf[test.field]
  if (forms === undefined) return term
  const any = test.any.flatMap((match) => (match.kind === "is" ? forms(match.text).map(is) : [match]))
  return { ...term, test: { ...test, any } }
}

const is = (text: string): TextMatch => ({ kind: "is", text })
