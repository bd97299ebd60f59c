/** How the query's text is coloured, what is wrong with it, and what was probably meant. */
import type { ParsedQuery } from "@waybill/contract"
import { termsOf } from "./terms.ts"

export type QueryProblem = ParsedQuery["problems"][number]

export interface Mark {
  readonly from: number
  readonly to: number
  readonly kind: "space" | "not" | "field" | "value" | "word"
  readonly wrong: boolean
}

/** The whole text in pieces, in order. `problems` are those of this very text; while the server reads it, there are none. */
export function marksOf(query: string, problems: readonly QueryProblem[]): readonly Mark[] {
  const marks: Mark[] = []
  const put = (from: number, to: number, kind: Mark["kind"]) => {
    for (const [start, end, wrong] of cut(from, to, problems)) marks.push({ from: start, to: end, kind, wrong })
  }
  let at = 0
  for (const { from, to, field, valueFrom } of termsOf(query)) {
    put(at, from, "space")
    const nameFrom = query[from] === "-" && to > from + 1 ? from + 1 : from
    put(from, nameFrom, "not")
    put(nameFrom, Math.max(nameFrom, field === null ? nameFrom : valueFrom), "field")
    put(field === null ? nameFrom : valueFrom, to, field === null ? "word" : "value")
    at = to
  }
  put(at, query.length, "space")
  return marks
}

/** A stretch cut where a problem begins or ends. */
function cut(from: number, to: number, problems: readonly QueryProblem[]): readonly [number, number, boolean][] {
  if (to <= from) return []
  const edges = problems.flatMap((problem) => [problem.from, problem.to]).filter((edge) => edge > from && edge < to)
  const at = [...new Set([from, ...edges, to])].sort((a, b) => a - b)
  return at.slice(1).map((end, index) => {
    const start = at[index]!
    return [start, end, problems.some((problem) => problem.from <= start && end <= problem.to)]
  })
}

/** While somebody types a term, it is not finished and nothing is said of it. */
export function problemsToSay(problems: readonly QueryProblem[], query: string, caret: number | null) {
  if (caret === null) return problems
  const typed = termsOf(query).find(({ from, to }) => from <= caret && caret <= to)
  if (typed === undefined) return problems
  return problems.filter((problem) => problem.from < typed.from || problem.to > typed.to)
}

/** What was probably meant, as the query would then read; null when the server has no idea. */
export function mended(query: string, problem: QueryProblem): { readonly text: string; readonly word: string } | null {
  const word = /^Did you mean `([^`]+)`\?/.exec(problem.hint ?? "")?.[1]
  if (word === undefined) return null
  const place = problem.code === "query_unknown_field" ? fieldPlace(query, problem) : problem
  return { text: query.slice(0, place.from) + word + query.slice(place.to), word }
}

function fieldPlace(query: string, { from, to }: QueryProblem): { readonly from: number; readonly to: number } {
  const start = query[from] === "-" ? from + 1 : from
  const length = /^[\w.-]*/.exec(query.slice(start, to))![0].length
  return { from: start, to: start + length }
}
