/**
 * What JSON may hold here (rule 23), in one place: the text reader, the check of values that arrive by structured clone
 * and the YAML reader all ask these questions, so that no door is wider than another.
 */
export interface JsonLimits {
  /** Nesting of arrays and objects; a scalar has depth 0. */
  readonly depthMax: number
  /** Length of the text in UTF-16 units, or the estimated length of a value's JSON text. */
  readonly lengthMax: number
}

/** rule 20: a value is at most 8 MiB and 64 levels deep unless the configuration says otherwise. */
export const DEFAULT_JSON_LIMITS: JsonLimits = { depthMax: 64, lengthMax: 8 * 1024 * 1024 }

export type JsonProblemCode =
  | "json_syntax"
  | "duplicate_key"
  | "forbidden_key"
  | "invalid_text"
  | "number_out_of_range"
  | "not_json"
  | "too_deep"
  | "too_large"

export interface JsonProblem {
  readonly code: JsonProblemCode
  readonly message: string
  readonly pointer: string
  readonly hint?: string
  /** 0-based offset in UTF-16 units; absent for values that never were text. */
  readonly offset?: number
  /** 1-based. */
  readonly line?: number
  readonly column?: number
}

/** Names that would reach an object's machinery instead of its data. Only `__proto__` does so as a JSON key. */
export function isForbiddenKey(key: string): boolean {
  return key === "__proto__"
}

const LONE_SURROGATE = /\p{Surrogate}/u

/** What is wrong with a text, or null. */
export function textProblem(text: string): string | null {
  if (text.includes("\u0000")) return "the text holds a NUL character"
  if (LONE_SURROGATE.test(text)) return "the text holds half of a surrogate pair, which UTF-8 cannot write"
  return null
}

/**
 * Doubles beyond 2^53−1 are whole numbers that may differ from what was written, whatever their notation; so the bound
 * holds for `1e300` as for `9007199254740993` (rule 23).
 */
export function isSafeNumber(value: number): boolean {
  return value >= -Number.MAX_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
}
