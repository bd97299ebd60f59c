/**
 * What went wrong, in words: the server's own where it has spoken (every refusal has a title, a detail, a hint and a
 * request id), ours where nobody answered or a page broke.
 */
import type { Finding } from "@waybill/contract"
import { ProblemError, UnreachableError } from "@waybill/sdk"

export interface ProblemWords {
  readonly title: string
  readonly detail: string
  readonly hint: string | null
  /** A stable code of docs/problems.md, or null where the server did not speak. */
  readonly code: string | null
  /** As in the server's log. */
  readonly requestId: string | null
  readonly findings: readonly Finding[]
  /** Whether asking again can help without anything else being changed. */
  readonly canRetry: boolean
}

export function problemWords(error: unknown): ProblemWords {
  if (error instanceof ProblemError) return refused(error)
  if (error instanceof UnreachableError) {
    return {
      ...none,
      title: "The server does not answer",
      detail: error.message,
      hint: "If something was sent, it may have been done all the same: look before you send it again.",
      canRetry: true,
    }
  }
  if (isOldChunk(error)) {
    return {
      ...none,
      title: "A part of these pages could not be loaded",
      detail: "Either the server does not answer, or it has newer pages than this tab.",
      hint: null,
      canRetry: true,
    }
  }
  return {
    ...none,
    title: "This page broke",
    detail: error instanceof Error ? error.message : String(error),
    hint: "It is a bug of ours; the other pages and the runs themselves are not touched by it.",
    canRetry: true,
  }
}

/** Nothing came back: a question is asked again by itself, and of what was sent nobody knows whether it was done. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof UnreachableError
}

const AWAY: ReadonlySet<number> = new Set([502, 503, 504])

/** The server, or what stands in front of it, cannot answer now and will again: nothing is wrong with the question. */
export function isAway(error: unknown): boolean {
  return isUnanswered(error) || (error instanceof ProblemError && AWAY.has(error.problem.status))
}

/** Nobody is known by the key that was sent, or none was. */
export function needsKey(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.code === "unauthenticated"
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof ProblemError && error.problem.code === code
}

/** What the address or a row names is not there, or not any more. */
export function isMissing(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.status === 404
}

const none = { hint: null, code: null, requestId: null, findings: [] as readonly Finding[] }

function refused({ problem }: ProblemError): ProblemWords {
  return {
    title: problem.title,
    detail: problem.detail,
    hint: problem.hint === undefined || isForPrograms(problem.hint) ? null : problem.hint,
    code: problem.code,
    requestId: problem.requestId === "" ? null : problem.requestId,
    findings: problem.errors ?? [],
    canRetry: problem.status >= 500 || problem.status === 429 || problem.status === 408,
  }
}

/** A hint that names a route, a header or a field of the answer helps who calls the API; a reader of pages has neither. */
const isForPrograms = (hint: string): boolean =>
  /\b(GET|POST|PUT|PATCH|DELETE) \/|`errors`|\b(header|parameter)\b/i.test(hint)

/** The words of the browsers for a module that could not be fetched, and of the bundler for a style sheet of one. */
export function isOldChunk(error: unknown): boolean {
  return (
    error instanceof Error &&
    /dynamically imported module|module script failed|error loading dynamically|unable to preload css/i.test(
      error.message,
    )
  )
}
