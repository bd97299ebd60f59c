/** For this folder's tests: one expression in, its value or its error out. */
import {
  type Budget,
  type Evaluated,
  type ExpressionError,
  evaluate,
  type FreeName,
  parseExpression,
  type Scope,
  type ScopeValue,
  shortRepr,
  toJson,
} from "../index.ts"

export type Names = Readonly<Record<string, ScopeValue>>

export function scopeOf(names: Names): Scope {
  return {
    lookup: (name) => (Object.hasOwn(names, name) ? names[name] : undefined),
    names: () => Object.keys(names),
  }
}

export function run(source: string, names: Names = {}, budget: Budget = { stepsLeft: 200_000 }): Evaluated {
  const parsed = parseExpression(source)
  if (!parsed.ok) throw new Error(`${source} does not parse: ${parsed.error.message}`)
  return evaluate(parsed.expression, scopeOf(names), budget)
}

/** The value as the language writes it; fails the test when there is none. */
export function shown(source: string, names: Names = {}): string {
  const done = run(source, names)
  if (!done.ok) throw new Error(`${source} fails: ${done.error.message}`)
  return shortRepr(done.value)
}

export function json(source: string, names: Names = {}): unknown {
  const done = run(source, names)
  if (!done.ok) throw new Error(`${source} fails: ${done.error.message}`)
  const converted = toJson(done.value)
  if (!converted.ok) throw new Error(`${source} is not JSON: ${converted.error.message}`)
  return converted.value
}

export function errorOf(source: string, names: Names = {}, budget?: Budget): ExpressionError {
  const done = run(source, names, budget)
  if (done.ok) throw new Error(`${source} has the value ${shortRepr(done.value)}`)
  return done.error
}

export function syntaxErrorOf(source: string) {
  const parsed = parseExpression(source)
  if (parsed.ok) throw new Error(`${source} parses`)
  return parsed.error
}

export function freeNames(source: string): readonly FreeName[] {
  const parsed = parseExpression(source)
  if (!parsed.ok) throw new Error(`${source} does not parse: ${parsed.error.message}`)
  return parsed.names
}
