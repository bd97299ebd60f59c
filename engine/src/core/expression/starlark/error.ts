/**
 * How an expression fails. Inside the folder a `Failure` is thrown and caught once, at the door (`evaluate`, `toJson`);
 * outside there are only values. A `Failure` is no `Error`: it carries no stack, because the position that matters is the
 * one in the expression.
 */
export type ExpressionErrorCode = "expression_failed" | "expression_budget" | "number_out_of_range" | "value_not_json"

/** An operand the failing operation looked at: its text in the source and a short form of its value. */
export type SeenValue = { readonly text: string; readonly value: string }

export type SourcePosition = {
  /** UTF-16 offset into the source, from 0. */
  readonly offset: number
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units. */
  readonly column: number
}

export type SyntaxProblem = SourcePosition & { readonly message: string; readonly hint?: string }

export type ExpressionError = SourcePosition & {
  readonly code: ExpressionErrorCode
  readonly message: string
  /** The part of the source that failed, cut at 200 characters. */
  readonly text: string
  readonly values: readonly SeenValue[]
  /** Names that could have been used instead, nearest first. */
  readonly names: readonly string[]
  readonly hint?: string
}

type Details = {
  readonly code?: ExpressionErrorCode
  readonly names?: readonly string[]
  readonly hint?: string
}

export class Failure {
  readonly code: ExpressionErrorCode
  readonly message: string
  readonly names: readonly string[]
  readonly hint: string | undefined
  values: readonly SeenValue[] = []

  constructor(message: string, details: Details = {}) {
    this.message = message
    this.code = details.code ?? "expression_failed"
    this.names = details.names ?? []
    this.hint = details.hint
  }
}

/** Throws: the expression fails here. */
export function fail(message: string, details?: Details): never {
  throw new Failure(message, details)
}

/** A static error: thrown by lexer, parser and resolver, caught by `parseExpression`. */
export class SyntaxFailure {
  readonly message: string
  readonly offset: number
  readonly hint: string | undefined

  constructor(message: string, offset: number, hint?: string) {
    this.message = message
    this.offset = offset
    this.hint = hint
  }
}

/** Line and column of offsets: the line starts are found once, each look-up is a binary search. */
export function positionsIn(source: string): (offset: number) => SourcePosition {
  const starts = [0]
  for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1)) starts.push(at + 1)
  return (offset) => {
    let low = 0
    let high = starts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return { offset, line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
  }
}
