/** Tags as every list takes them: plain values, which have an index, and patterns in slashes, which run in linear time. */
import { noFilter, parseRunQuery, type RunFilter, withQuery } from "@waybill/engine"
import { Type } from "typebox"
import { invalidParameter } from "./parameters.ts"

export const tagParameter = Type.Optional(
  Type.String({ maxLength: 8192, description: "Values, or patterns in slashes: `prod,/^batch-\\d+$/`." }),
)

/** With a pattern among them all become one term of the query language. */
export function tagFilter(text: string | undefined): Pick<RunFilter, "tag" | "terms"> {
  const pieces = text === undefined ? [] : tagPieces(text)
  if (!pieces.some(isPattern)) return { tag: pieces, terms: [] }
  const values = pieces.map((piece) => (isPattern(piece) ? piece : `"${piece.replace(/["\\]/g, "\\$&")}"`))
  const parsed = parseRunQuery(`tag:${values.join(",")}`)
  const [problem] = parsed.problems
  if (problem !== undefined) throw invalidParameter("tag", problem.message, problem.hint ?? undefined)
  return { tag: [], terms: withQuery(noFilter, parsed).terms }
}

function isPattern(piece: string): boolean {
  return piece.length > 1 && piece.startsWith("/")
}

/** A comma within slashes belongs to the pattern. */
function tagPieces(text: string): readonly string[] {
  const pieces = text.match(/\s*\/(?:\\.|[^\\/])+\/\s*(?=,|$)|[^,]+/g) ?? []
  return [...new Set(pieces.map((piece) => piece.trim()).filter((piece) => piece !== ""))]
}
