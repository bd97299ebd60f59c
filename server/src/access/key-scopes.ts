/** What a key is narrowed to: read from its row, and given on to a key that it makes, never more than it has. */
import { type KeyScope, keyScopes } from "@waybill/contract"
import type { KeyRow } from "@waybill/engine"
import { ProblemError } from "../http/shared/problem.ts"

/** Null: all that the role gives. A scope that nobody knows any more gives nothing. */
export function scopesOf({ scopes }: Pick<KeyRow, "scopes">): KeyScope[] | null {
  return scopes === null ? null : keyScopes.filter((one) => (JSON.parse(scopes) as string[]).includes(one))
}

/** @throws ProblemError `scope_missing` where the maker is narrowed and has not all that are asked for */
export function scopesFor(maker: readonly KeyScope[] | null, asked: readonly KeyScope[] | null): string | null {
  const given = asked ?? maker
  const lacking = maker === null ? [] : (given ?? []).filter((one) => !maker.includes(one))
  if (lacking.length > 0)
    throw new ProblemError("scope_missing", `a key gives no scope that it has not: ${lacking.join(", ")}`, {
      data: { scopes: maker, needed: lacking[0] ?? null },
    })
  return given === null ? null : JSON.stringify(keyScopes.filter((one) => given.includes(one)))
}
