/** Arguments of built-ins: counts, names and types, with messages that name the function and the parameter. */
import { fail } from "./error.ts"
import { type NamedArguments, typeOf, type Value } from "./values.ts"

type Shape = {
  readonly required: readonly string[]
  readonly optional?: readonly string[]
  /** Optional parameters that may be given by name; built-ins take positional arguments except where noted. */
  readonly byName?: readonly string[]
}

/** The arguments in the order of the parameters; undefined for optional ones that are not given. */
export function unpack(
  name: string,
  positional: readonly Value[],
  named: NamedArguments | undefined,
  { required, optional = [], byName = [] }: Shape,
): (Value | undefined)[] {
  const parameters = [...required, ...optional]
  if (positional.length > parameters.length) {
    fail(`${name}: got ${positional.length} positional arguments, want at most ${parameters.length}`)
  }
  const values: (Value | undefined)[] = parameters.map((_, index) => positional[index])
  for (const [key, value] of named ?? []) {
    const index = byName.includes(key) ? parameters.indexOf(key) : -1
    if (index < 0) fail(`${name}: unexpected keyword argument ${key}`, { names: byName })
    if (values[index] !== undefined) fail(`${name}: got multiple values for parameter ${key}`)
    values[index] = value
  }
  for (let index = 0; index < required.length; index++) {
    if (values[index] === undefined) fail(`${name}: missing argument for ${required[index]}`)
  }
  return values
}

export function onlyPositional(name: string, named: NamedArguments | undefined): void {
  for (const key of named?.keys() ?? []) fail(`${name}: unexpected keyword argument ${key}`)
}

/** Functions of exactly one argument. */
export function single(name: string, positional: readonly Value[], named: NamedArguments | undefined): Value {
  return unpack(name, positional, named, { required: ["x"] })[0] ?? null
}

export function wantString(name: string, parameter: string, value: Value | undefined): string {
  if (typeof value === "string") return value
  return failType(name, parameter, value, "string")
}

export function wantBool(name: string, parameter: string, value: Value | undefined): boolean {
  if (typeof value === "boolean") return value
  return failType(name, parameter, value, "bool")
}

const LIMIT = BigInt(Number.MAX_SAFE_INTEGER)

/** An int that is a number for JavaScript; larger ones are clamped, which no length or index can tell apart. */
export function wantInt(name: string, parameter: string, value: Value | undefined): number {
  if (typeof value !== "bigint") return failType(name, parameter, value, "int")
  return Number(value > LIMIT ? LIMIT : value < -LIMIT ? -LIMIT : value)
}

/** Where the value itself matters, not only which side of a length it lies on. */
export function wantExactInt(name: string, parameter: string, value: Value | undefined): number {
  if (typeof value === "bigint" && (value > LIMIT || value < -LIMIT)) {
    fail(`${name}: ${parameter} is out of range: want a value within ±(2^53−1)`, { code: "number_out_of_range" })
  }
  return wantInt(name, parameter, value)
}

/** `None` and absent mean the default. */
export function wantIntOr(name: string, parameter: string, value: Value | undefined, otherwise: number): number {
  return value === undefined || value === null ? otherwise : wantInt(name, parameter, value)
}

export function failType(name: string, parameter: string, value: Value | undefined, wanted: string): never {
  return fail(`${name}: for parameter ${parameter}: got ${typeOf(value ?? null)}, want ${wanted}`)
}

/** Start and end of a subsequence by the indexing conventions: negative from the end, clamped to 0 … length. */
export function clampRange(
  name: string,
  start: Value | undefined,
  end: Value | undefined,
  length: number,
): { start: number; end: number } {
  const clamp = (index: number) => Math.max(0, Math.min(length, index < 0 ? index + length : index))
  return { start: clamp(wantIntOr(name, "start", start, 0)), end: clamp(wantIntOr(name, "end", end, length)) }
}
