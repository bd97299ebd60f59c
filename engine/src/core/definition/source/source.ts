/**
 * A definition's text after reading: its value as JSON, and where each part of it stands. The readers of YAML and JSON
 * make it; everything after them works on plain JSON and asks here for line and column only when there is a problem.
 */
import type { Json } from "../../json.ts"
import type { DefinitionProblemCode } from "../problem-codes.ts"

export interface Position {
  /** Both 1-based; columns in UTF-16 units. */
  readonly line: number
  readonly column: number
}

export interface Place {
  readonly pointer: string
  /** The key itself rather than its value. */
  readonly part?: "key" | "value"
  /** 0-based, inside the text value. */
  readonly offset?: number
}

export interface SourceDocument {
  readonly value: Json
  /** Null when the definition never was text. */
  locate(place: Place): Position | null
}

/** A problem of the text itself, before there is a document. */
export interface SourceProblem {
  readonly code: DefinitionProblemCode
  readonly message: string
  readonly pointer: string
  readonly position: Position | null
  readonly hint?: string
}

export interface SourceReading {
  /** Present when the value could be read, even if there are problems. */
  readonly document: SourceDocument | null
  readonly problems: readonly SourceProblem[]
}

/**
 * rule 23 and dsl.md §1. `tokensMax` and `nodesMax` bound what reading YAML costs: its library takes about 6 µs a token on
 * the engine's thread (measured: 100,000 tokens, some 2,000 states, take 0.4 s of CPU; a file of 1 MiB took 3 s). Large
 * definitions that programs write are JSON, whose reader has no such bound.
 */
export const SOURCE_LIMITS = {
  lengthMax: 1024 * 1024,
  depthMax: 64,
  aliasesMax: 1_000,
  nodesMax: 50_000,
  tokensMax: 100_000,
} as const
