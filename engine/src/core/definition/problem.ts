/** One finding of the checker: what, where and how to mend it (dsl.md §1). */
import type { Json } from "../json.ts"

export interface Problem {
  /** Stable, snake_case; the list is docs/problems.md. */
  readonly code: string
  readonly severity: "error" | "warning" | "hint"
  readonly message: string
  readonly file: string | null
  /** 1-based; null where the text has no positions (a definition that came as parsed JSON). */
  readonly line: number | null
  readonly column: number | null
  /** JSON pointer into the document. */
  readonly pointer: string
  readonly expected?: Json
  readonly actual?: Json
  readonly hint?: string
}
