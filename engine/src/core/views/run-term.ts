/**
 * One condition on a run, as data: what a query's term means, the same for a row in memory and for SQL. A term whose
 * field the run does not have does not hold, so its negation does. Times may be given from now; `resolveTerms` fixes
 * them once for all pages of a list.
 */
import { linearRegExp } from "../linear-regexp.ts"
import { resolutionWord, type Standing } from "../remarks/standing.ts"
import type { Leaf } from "../search/leaves.ts"
import { hasPhrase, type RunValues } from "../search/run-values.ts"
import { phraseOf } from "../search/words.ts"
import { type DurationLimit, isLate } from "./late-runs.ts"
import type { RunRow } from "./rows.ts"
import { containsText, durationMs, lowerAscii, sortTime } from "./run-facts.ts"

export type TextField =
  | "runId"
  | "workflowId"
  | "environment"
  /** A label; `is` takes a versionNumber in digits too. */
  | "version"
  | "status"
  | "reason"
  | "hitl"
  | "actor"
  | "triggerKind"
  | "origin"
  | "tag"
  | "owner"
  | "resolution"
  | "errorCode"
  | "errorClass"
  | "errorMessage"
  | "errorStep"
  /** Of its failure, behind the run's end by a moment where a store counts it. */
  | "issue"
  | "businessEventId"
  | "correlationId"
  | "traceId"
  | "parentRunId"
  | "rootRunId"
  | "rerunOf"

export type NumberField =
  /** Of a run that goes on: the time since its start. */
  | "durationMs"
  /** The start, or the creation until there is one (rule 32). */
  | "sortAt"
  | "createdAt"
  | "completedAt"
  | "stepCount"
  | "retryCount"
  | "tokens"
  | "costUsd"

export type PresentField =
  | "error"
  | "hitl"
  | "tag"
  | "note"
  | "owner"
  | "parent"
  | "event"
  | "rerun"
  | "retry"
  | "output"

export type TextMatch =
  | { readonly kind: "is"; readonly text: string }
  /** In any place, ASCII letters in either case. */
  | { readonly kind: "has"; readonly text: string }
  /** `*` is any text; nothing else is special. */
  | { readonly kind: "glob"; readonly pattern: string }
  | { readonly kind: "pattern"; readonly source: string }

export type ValueMatch =
  /** As it is written; of a number its value. */
  | { readonly kind: "is"; readonly text: string }
  /** Of texts only. */
  | Extract<TextMatch, { readonly kind: "glob" | "pattern" }>
  /** Of numbers only. */
  | { readonly kind: "range"; readonly range: Range }

export interface Edge {
  readonly value: number
  readonly from: "zero" | "now" | "today"
  readonly included: boolean
}

export interface Range {
  readonly least: Edge | null
  readonly most: Edge | null
}

export type RunTest =
  | { readonly kind: "text"; readonly field: TextField; readonly any: readonly TextMatch[] }
  /** `now`: up to when the duration of a run that goes on is counted; null until it is resolved. */
  | {
      readonly kind: "number"
      readonly field: NumberField
      readonly any: readonly Range[]
      readonly now: number | null
    }
  | { readonly kind: "present"; readonly any: readonly PresentField[] }
  /** What its events tell lies in the archive; resolved it asks for the run's end, as where a run lies follows from it. */
  | { readonly kind: "archived" }
  /** Its agent has not been heard of for longer than it should: only the runtime knows. */
  | { readonly kind: "stalled" }
  /** It takes longer than a target allows; resolved it knows the targets, and up to when a run that goes on is counted. */
  | { readonly kind: "late"; readonly limits?: readonly DurationLimit[]; readonly now?: number }
  /** Free words: in the run's id, workflow id or name, business event id or correlation id, or a phrase in a value. */
  | { readonly kind: "words"; readonly text: string }
  /** A scalar at a path of the run's input or output. */
  | {
      readonly kind: "value"
      readonly side: "in" | "out"
      readonly path: string
      readonly any: readonly ValueMatch[]
    }

export interface RunTerm {
  readonly negated: boolean
  readonly test: RunTest
}

const dayMs = 86_400_000

/** Between which ends of runs, both included, those lie that are archived. */
export interface ArchivedEnds {
  readonly from: number
  readonly to: number
}

/**
 * Times from now become times, and what is archived becomes ends of runs; the terms then mean the same for as long as they
 * are used.
 */
export function resolveTerms(
  terms: readonly RunTerm[],
  now: number,
  archived: readonly ArchivedEnds[],
  stalled: readonly string[] = [],
  late: readonly DurationLimit[] = [],
): readonly RunTerm[] {
  return terms.map(({ negated, test }) => {
    if (test.kind === "late") return { negated, test: { ...test, limits: test.limits ?? late, now } }
    if (test.kind === "stalled") return { negated, test: oneOfRuns(stalled) }
    if (test.kind === "archived") return { negated, test: endedWithin(archived, now) }
    if (test.kind !== "number") return { negated, test }
    return { negated, test: { ...test, now, any: test.any.map((range) => resolveRange(range, now)) } }
  })
}

function oneOfRuns(runIds: readonly string[]): RunTest {
  // An empty list would be an index without a use.
  const any = (runIds.length === 0 ? [""] : runIds).map((text) => ({ kind: "is" as const, text }))
  return { kind: "text", field: "runId", any }
}

export function asksStalled(terms: readonly RunTerm[]): boolean {
  return terms.some(({ test }) => test.kind === "stalled")
}

export function asksLate(terms: readonly RunTerm[]): boolean {
  return terms.some(({ test }) => test.kind === "late")
}

/** Where nobody is asked for the targets any more: each term has them in it. */
export function withLimits(terms: readonly RunTerm[], limits: readonly DurationLimit[]): readonly RunTerm[] {
  return terms.map(({ negated, test }) => ({ negated, test: test.kind === "late" ? { ...test, limits } : test }))
}

export function asksArchived(terms: readonly RunTerm[]): boolean {
  return terms.some(({ test }) => test.kind === "archived")
}

/** No run ended then: a range that an index can be asked for. */
const never: ArchivedEnds = { from: -1, to: -1 }

function endedWithin(archived: readonly ArchivedEnds[], now: number): RunTest {
  const edge = (value: number): Edge => ({ value, from: "zero", included: true })
  const ends = archived.length === 0 ? [never] : archived
  const any = ends.map(({ from, to }) => ({ least: edge(from), most: edge(to) }))
  return { kind: "number", field: "completedAt", any, now }
}

function resolveRange({ least, most }: Range, now: number): Range {
  return { least: resolveEdge(least, now), most: resolveEdge(most, now) }
}

function resolveEdge(edge: Edge | null, now: number): Edge | null {
  if (edge === null || edge.from === "zero") return edge
  const base = edge.from === "now" ? now : Math.floor(now / dayMs) * dayMs
  return { value: base + edge.value, from: "zero", included: edge.included }
}

/** Whether a term looks at what a run was given and gave, not only at its row. */
export function asksValues(term: RunTerm): boolean {
  return term.test.kind === "words" || term.test.kind === "value" || asksIssue(term)
}

export function asksIssue({ test }: RunTerm): boolean {
  return test.kind === "text" && test.field === "issue"
}

/** @param term resolved */
export function matchesTerm(run: RunRow, standing: Standing, values: RunValues, { negated, test }: RunTerm): boolean {
  return holds(run, standing, values, test) !== negated
}

function holds(run: RunRow, standing: Standing, values: RunValues, test: RunTest): boolean {
  switch (test.kind) {
    case "text":
      return test.any.some((match) =>
        textOf(run, standing, values, test.field, match).some((text) => matchesText(text, match)),
      )
    case "number": {
      const value = numberOf(run, test.field, test.now)
      return value !== null && test.any.some((range) => within(value, range))
    }
    case "present":
      return test.any.some((field) => isPresent(run, standing, field))
    // Of none, before it was resolved.
    case "archived":
    case "stalled":
      return false
    case "late":
      return isLate(run, test.limits ?? [], test.now ?? 0)
    case "words":
      return containsText(run, test.text) || hasPhrase(values, phraseOf(test.text))
    case "value":
      return values[test.side].some((leaf) => leaf.path === test.path && test.any.some((one) => matchesLeaf(leaf, one)))
  }
}

/** A text that is a number in all its letters is asked of numbers as one. */
export function asNumber(text: string): number | null {
  return /^-?\d{1,15}(\.\d{1,15})?([eE][+-]?\d{1,3})?$/.test(text) ? Number(text) : null
}

/** Whether a scalar is one of those that are meant. */
export function matchesLeaf({ value }: Leaf, match: ValueMatch): boolean {
  switch (match.kind) {
    case "is":
      return typeof value === "number" ? value === asNumber(match.text) : String(value) === match.text
    case "range":
      return typeof value === "number" && within(value, match.range)
    default:
      return typeof value === "string" && matchesText(value, match)
  }
}

function textOf(
  run: RunRow,
  standing: Standing,
  values: RunValues,
  field: TextField,
  match: TextMatch,
): readonly string[] {
  switch (field) {
    case "issue":
      return values.issueId === null ? [] : [values.issueId]
    case "tag":
      return standing.tags
    case "owner":
      return standing.owner === null ? [] : [standing.owner]
    case "resolution": {
      const word = resolutionWord(run, standing)
      return word === null ? [] : [word]
    }
    case "version":
      return match.kind === "is" ? [run.workflowVersion, String(run.versionNumber)] : [run.workflowVersion]
    default: {
      const value = run[field]
      return value === null ? [] : [value]
    }
  }
}

export function matchesText(text: string, match: TextMatch): boolean {
  switch (match.kind) {
    case "is":
      return text === match.text
    case "has":
      return lowerAscii(text).includes(lowerAscii(match.text))
    case "glob":
      return matchesGlob(text, match.pattern)
    case "pattern":
      return compiled(match.source).test(text)
  }
}

/** Between the stars each piece is looked for behind the one before: linear, whatever the pattern. */
function matchesGlob(text: string, pattern: string): boolean {
  const pieces = pattern.split("*")
  const first = pieces[0]!
  const last = pieces[pieces.length - 1]!
  if (pieces.length === 1) return text === pattern
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false
  const end = text.length - last.length
  let at = first.length
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at)
    if (found === -1 || found + piece.length > end) return false
    at = found + piece.length
  }
  return at <= end
}

const keptPatterns = 64
const patterns = new Map<string, ReturnType<typeof linearRegExp>>()

function compiled(source: string): ReturnType<typeof linearRegExp> {
  const found = patterns.get(source)
  if (found !== undefined) return found
  const made = linearRegExp(source)
  if (patterns.size >= keptPatterns) patterns.delete(patterns.keys().next().value!)
  patterns.set(source, made)
  return made
}

/** For adapters that ask it of a single text; the same pattern as in `matchesTerm`. */
export function matchesPattern(source: string, text: string): boolean {
  return compiled(source).test(text)
}

function numberOf(run: RunRow, field: NumberField, now: number | null): number | null {
  switch (field) {
    case "sortAt":
      return sortTime(run)
    case "durationMs":
      return durationMs(run) ?? (now === null ? null : Math.max(0, now - sortTime(run)))
    default:
      return run[field]
  }
}

function within(value: number, { least, most }: Range): boolean {
  if (least !== null && (value < least.value || (value === least.value && !least.included))) return false
  return most === null || value < most.value || (value === most.value && most.included)
}

function isPresent(run: RunRow, standing: Standing, field: PresentField): boolean {
  switch (field) {
    case "error":
      return run.errorCode !== null
    case "hitl":
      return run.hitl !== null
    case "tag":
      return standing.tags.length > 0
    case "note":
      return standing.notes > 0
    case "owner":
      return standing.owner !== null
    case "parent":
      return run.parentRunId !== null
    case "event":
      return run.businessEventId !== null
    case "rerun":
      return run.rerunOf !== null
    case "retry":
      return run.retryCount > 0
    case "output":
      return run.outputSeq !== null
  }
}
