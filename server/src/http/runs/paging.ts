/** Pages by number, found by walking there, and the tokens of a run's steps. */
import type { ListedRun } from "@waybill/engine"
import { LIST_LIMIT_MAX } from "../shared/parameters.ts"
import { ProblemError } from "../shared/problem.ts"
import type { ListRequest } from "./list-query.ts"

interface Page {
  readonly items: readonly ListedRun[]
  readonly nextCursor: string | null
}

/** A numbered page is found by walking there; a page may hold fewer than asked for and still have a next one. */
export async function pageOf(
  { token, skip, limit: size }: ListRequest,
  read: (cursor: string | null, size: number) => Promise<Page>,
): Promise<{ readonly rows: readonly ListedRun[]; readonly next: string | null }> {
  let cursor = token
  for (let left = skip; left > 0; ) {
    const { items, nextCursor } = await read(cursor, Math.min(left, LIST_LIMIT_MAX))
    left -= items.length
    cursor = nextCursor
    if (cursor === null) return { rows: [], next: null }
  }
  const { items, nextCursor } = await read(cursor, size)
  return { rows: items, next: nextCursor }
}

export function stepsToken(runId: string, seq: number): string {
  return Buffer.from(JSON.stringify([runId, seq])).toString("base64url")
}

export function stepsAfter(runId: string, token: string | undefined): number {
  if (token === undefined) return 0
  const refused = new ProblemError("cursor_mismatch", "the next_token is not one of this list")
  try {
    const [of, seq] = JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as [unknown, unknown]
    if (of === runId && Number.isSafeInteger(seq)) return seq as number
  } catch {
    throw refused
  }
  throw refused
}
