/** What a command answers with: a value and where it stands in the feed, or why it was refused. */
import type { Problem } from "../core/definition/problem.ts"
import type { Rejection } from "../core/run/commands.ts"

export type Answer<T> =
  | {
      readonly ok: true
      readonly value: T /** Feed position: a read at or after it sees this write (rule 29). */
      readonly position: number
    }
  | { readonly ok: false; readonly rejection: Rejection & { readonly problems?: readonly Problem[] } }

/** Rule 24: the header key with the scope it is unique in. */
export interface IdempotencyHeader {
  readonly scope: string
  readonly key: string
  readonly bodyHash: string
  /** What the same request was kept as under earlier keys. */
  readonly before?: readonly { readonly key: string; readonly bodyHash: string }[]
  /** How long the answer is remembered; absent: as configured. */
  readonly keepMs?: number
}
