/** Where in a run a query's words and values stand, with a piece of the text around them: what a person is shown of a hit. */
import type { RunRow } from "../views/rows.ts"
import { matchesLeaf, type RunTerm } from "../views/run-term.ts"
import type { RunValues } from "./run-values.ts"
import type { SearchedPart } from "./searched-event.ts"
import { type Phrase, phraseAt, phraseOf, withoutStar, wordPlaces } from "./words.ts"

export interface SearchPlace {
  /** `run`: in its id or a name. */
  readonly part: SearchedPart | "run"
  /** Of the scalar within the part. */
  readonly path: string
  /** Whose result or error it is. */
  readonly stepId: string | null
  readonly snippet: string
  /** Of the snippet: from and to, in UTF-16 units. */
  readonly marks: readonly (readonly [number, number])[]
}

/** Characters of a snippet, and places that are told of one run. */
const snippetChars = 160
const placesMax = 5

/** @param terms those of the query; the others say nothing of a place */
export function searchPlaces(run: RunRow, values: RunValues, terms: readonly RunTerm[]): readonly SearchPlace[] {
  const places: SearchPlace[] = []
  for (const { negated, test } of terms) {
    if (negated) continue
    if (test.kind === "words") places.push(...placesOfWord(run, values, test.text))
    if (test.kind !== "value") continue
    const part = test.side === "in" ? "input" : "output"
    const leaf = values[test.side].find(
      (one) => one.path === test.path && test.any.some((any) => matchesLeaf(one, any)),
    )
    if (leaf !== undefined) places.push(whole(part, leaf.path, String(leaf.value)))
  }
  return places.slice(0, placesMax)
}

function placesOfWord(run: RunRow, values: RunValues, text: string): readonly SearchPlace[] {
  const places: SearchPlace[] = []
  for (const [path, name] of namesOf(run)) {
    const place = placeOfText(name, withoutStar(text))
    if (place !== null) places.push({ part: "run", path, stepId: null, ...place })
  }
  const phrase = phraseOf(text)
  for (const { part, path, stepId, text: said } of values.texts) {
    if (places.length >= placesMax) break
    const place = placeOfPhrase(said, phrase)
    if (place !== null) places.push({ part, path, stepId, ...place })
  }
  return places
}

function namesOf(run: RunRow): readonly (readonly [string, string])[] {
  const { runId, workflowId, workflowName, businessEventId, correlationId } = run
  return [
    ["runId", runId],
    ["workflowId", workflowId],
    ["workflowName", workflowName],
    ["businessEventId", businessEventId ?? ""],
    // As long as nobody gave one it is the run's own.
    ["correlationId", correlationId === runId ? "" : correlationId],
  ]
}

/** Plain text in any place, in either case. */
export function placeOfText(text: string, wanted: string): Pick<SearchPlace, "snippet" | "marks"> | null {
  const at = text.toLowerCase().indexOf(wanted.toLowerCase())
  return at === -1 ? null : around(text, at, Math.min(text.length, at + wanted.length))
}

function placeOfPhrase(text: string, phrase: Phrase): Pick<SearchPlace, "snippet" | "marks"> | null {
  const places = [...wordPlaces(text)]
  const words = places.map(({ word }) => word)
  const at = phraseAt(words, phrase)
  return at === -1 ? null : around(text, places[at]!.from, places[at + phrase.words.length - 1]!.to)
}

function whole(part: SearchedPart, path: string, text: string): SearchPlace {
  return { part, path, stepId: null, ...around(text, 0, text.length) }
}

/** A piece of the text with [from, to) about in its middle. */
function around(text: string, from: number, to: number): Pick<SearchPlace, "snippet" | "marks"> {
  const end = Math.min(to, from + snippetChars)
  const room = snippetChars - (end - from)
  const first = Math.max(0, Math.min(from - Math.floor(room / 2), text.length - snippetChars))
  const before = first > 0 ? "…" : ""
  const last = Math.min(text.length, first + snippetChars)
  const shift = before.length - first
  return {
    snippet: `${before}${text.slice(first, last)}${last < text.length ? "…" : ""}`,
    marks: [[from + shift, end + shift]],
  }
}
