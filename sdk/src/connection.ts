/** How a client reaches its server, and the two ways in which that fails. */
import type { Problem } from "@waybill/contract"

export interface ClientOptions {
  /** `http://127.0.0.1:7420` */
  readonly url: string
  readonly apiKey?: string
  readonly workspace?: string
  readonly fetch?: typeof fetch
  /** A request that takes longer is given up; streams and `wait` are not bound by it. Default 30 s. */
  readonly timeoutMs?: number
}

/** The server said no: RFC 9457 with a stable `code` (docs/problems.md). */
export class ProblemError extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.detail}`)
    this.name = "ProblemError"
    this.problem = problem
  }
}

/** Nobody answers at the address, or not in time. */
export class UnreachableError extends Error {
  readonly url: string
  constructor(url: string, cause: unknown) {
    super(`no answer from ${url}: ${reasonOf(cause)}`, { cause })
    this.name = "UnreachableError"
    this.url = url
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const inner = cause.cause instanceof Error ? cause.cause : cause
  return "code" in inner && typeof inner.code === "string" ? inner.code : inner.message
}

export function authHeaders(options: ClientOptions): Record<string, string> {
  return {
    ...(options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` }),
    ...(options.workspace === undefined ? {} : { "x-workspace-slug": options.workspace }),
  }
}
