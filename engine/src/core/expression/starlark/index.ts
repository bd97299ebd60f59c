/**
 * Starlark expressions: conditions, selectors, guards and bounds (dsl §3). Parse once, evaluate often; the official
 * specification's expression language, its built-ins and methods, with our own lexer, parser and tree walker.
 * Never runs statements, never does I/O, never throws, never changes or copies its inputs, never runs without a bound.
 */
import { BUILTINS } from "./builtins.ts"
import { type ExpressionError, Failure, positionsIn, SyntaxFailure, type SyntaxProblem } from "./error.ts"
import { Evaluator } from "./evaluator.ts"
import type { Scope } from "./input.ts"
import { SOURCE_BYTES_MAX } from "./limits.ts"
import { UNMETERED } from "./meter.ts"
import { parse } from "./parser.ts"
import { resolve } from "./resolver.ts"
import type { Expression, FreeName } from "./syntax.ts"
import { shortRepr } from "./text.ts"
import { utf8Length } from "./utf8.ts"
import { truth as truthOf, typeOf, type Value } from "./values.ts"

export type { ExpressionError, ExpressionErrorCode, SeenValue, SyntaxProblem } from "./error.ts"
export { Given, type LazyObject, type Scope, type ScopeValue } from "./input.ts"
export { STEPS_MAX } from "./limits.ts"
export { type OutputError, toJson } from "./output.ts"
export type { Expression, FreeName } from "./syntax.ts"
export { shortRepr, typeOf, type Value }

/** Names that are defined everywhere unless the scope hides them. */
export const BUILTIN_NAMES: ReadonlySet<string> = new Set(BUILTINS.keys())

/** Steps that the expressions of one command share (rule 1); every evaluation takes its steps from it. */
export type Budget = { stepsLeft: number }

export type Parsed =
  | { readonly ok: true; readonly expression: Expression; readonly names: readonly FreeName[] }
  | { readonly ok: false; readonly error: SyntaxProblem }

export type Evaluated =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: ExpressionError }

/** `source`: one expression, at most 64 KiB of UTF-8; line breaks are white space. */
export function parseExpression(source: string): Parsed {
  try {
    if (source.length > SOURCE_BYTES_MAX || utf8Length(source) > SOURCE_BYTES_MAX) {
      throw new SyntaxFailure(`the expression is longer than ${SOURCE_BYTES_MAX / 1024} KiB`, 0)
    }
    const root = parse(source)
    const names = resolve(root, source)
    return { ok: true, expression: { source, root, names }, names }
  } catch (failure) {
    const known = failure instanceof SyntaxFailure ? failure : new SyntaxFailure("the expression cannot be read", 0)
    const { message, offset, hint } = known
    return { ok: false, error: { message, ...positionsIn(source)(offset), ...(hint === undefined ? {} : { hint }) } }
  }
}

/** The value may be read by `truth`, `toJson`, `shortRepr`, or handed to a later expression as `new Given(value)`. */
export function evaluate(expression: Expression, scope: Scope, budget: Budget): Evaluated {
  const evaluator = new Evaluator(scope, expression.source, budget.stepsLeft)
  try {
    return { ok: true, value: evaluator.evaluate(expression.root, undefined) }
  } catch (failure) {
    return { ok: false, error: describe(failure, expression.source, evaluator) }
  } finally {
    budget.stepsLeft -= evaluator.stepsUsed
  }
}

/** `None`, `False`, zeros and empty collections are false. */
export function truth(value: Value): boolean {
  return truthOf(value, UNMETERED)
}

const TEXT_CHARS_MAX = 200

function describe(thrown: unknown, source: string, { from, to }: Evaluator): ExpressionError {
  const failure = thrown instanceof Failure ? thrown : unexpected(thrown)
  const { code, message, names, values, hint } = failure
  const text = source.slice(from, to)
  return {
    code,
    message,
    ...positionsIn(source)(from),
    text: text.length > TEXT_CHARS_MAX ? `${text.slice(0, TEXT_CHARS_MAX)}…` : text,
    values,
    names,
    ...(hint === undefined ? {} : { hint }),
  }
}

/**
 * A scope that throws, or a stack that the caller had nearly used up: the expression fails, no error escapes. What is
 * thrown and is no error belongs to the caller: a value that must be loaded before the question can be asked (rule 20).
 */
function unexpected(thrown: unknown): Failure {
  if (!(thrown instanceof Error)) throw thrown
  if (thrown instanceof RangeError) {
    return new Failure("the evaluation needs more stack than there is", { code: "expression_budget" })
  }
  return new Failure(`unexpected failure: ${thrown.message}`)
}
