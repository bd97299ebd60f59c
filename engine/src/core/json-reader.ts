/**
 * The one lossless reader of JSON (rule 23): every door — HTTP, files, agents, the command line — reads through here.
 * What it refuses would otherwise be changed silently: integers beyond ±(2^53−1), NUL, lone surrogates, duplicate keys;
 * and what would hurt later: depth over 64, `__proto__`. It never repairs.
 *
 * The good way is the platform's own parser, then one look over the value and one over the text (the text alone knows
 * about duplicate keys: it then has more members than the value). Anything suspicious goes to the strict parser, which
 * has the last word and knows line, column and pointer.
 */
import type { Json } from "./json.ts"
import {
  DEFAULT_JSON_LIMITS,
  isForbiddenKey,
  isSafeNumber,
  type JsonLimits,
  type JsonProblem,
  type JsonProblemCode,
  textProblem,
} from "./json-limits.ts"
import { parseJsonWithPositions } from "./json-parser.ts"
import { type PointerStep, pointerOf } from "./json-pointer.ts"

export { DEFAULT_JSON_LIMITS, type JsonLimits, type JsonProblem, type JsonProblemCode } from "./json-limits.ts"
export { type JsonPosition, parseJsonWithPositions } from "./json-parser.ts"

export type JsonRead =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly problem: JsonProblem }

export function readJson(text: string, limits: Partial<JsonLimits> = {}): JsonRead {
  const bounds = { ...DEFAULT_JSON_LIMITS, ...limits }
  if (text.length <= bounds.lengthMax) {
    const value = readPlainly(text, bounds)
    if (value !== undefined) return { ok: true, value }
  }
  const strict = parseJsonWithPositions(text, bounds)
  return strict.ok ? { ok: true, value: strict.value } : strict
}

/**
 * The same rules for a value that never was text: what an agent returned through a structured clone.
 * `undefined`, functions, dates, maps and other things that JSON does not have are refused, not dropped.
 */
export function checkJson(value: unknown, limits: Partial<JsonLimits> = {}): JsonProblem | null {
  const bounds = { ...DEFAULT_JSON_LIMITS, ...limits }
  const check = new ValueCheck(bounds)
  check.visit(value)
  return check.problem
}

/** The value, or undefined when the strict parser should look. */
function readPlainly(text: string, limits: JsonLimits): Json | undefined {
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch {
    return undefined
  }
  const members = countMembers(value, limits.depthMax)
  return members !== null && members === countMembersInText(text) ? value : undefined
}

/** Object members in the whole value, or null when something in it is not allowed. */
function countMembers(value: Json, depthLeft: number): number | null {
  if (typeof value === "string") return isPlainText(value) ? 0 : null
  if (typeof value === "number") return isSafeNumber(value) && !Object.is(value, -0) ? 0 : null
  if (value === null || typeof value === "boolean") return 0
  if (depthLeft <= 0) return null
  let members = 0
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) {
      const inside = countMembers(item, depthLeft - 1)
      if (inside === null) return null
      members += inside
    }
    return members
  }
  for (const [key, item] of Object.entries(value)) {
    if (!isPlainText(key) || isForbiddenKey(key)) return null
    const inside = countMembers(item, depthLeft - 1)
    if (inside === null) return null
    members += inside + 1
  }
  return members
}

function isPlainText(text: string): boolean {
  return textProblem(text) === null
}

/** Colons outside of strings: in a text that has been parsed, one for each member. */
function countMembersInText(text: string): number {
  let members = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x3a) members++
    else if (code === 0x22) i = closingQuote(text, i)
  }
  return members
}

function closingQuote(text: string, open: number): number {
  let close = open
  do close = text.indexOf('"', close + 1)
  while (isEscaped(text, close))
  return close
}

function isEscaped(text: string, quote: number): boolean {
  let slashes = 0
  while (text.charCodeAt(quote - 1 - slashes) === 0x5c) slashes++
  return slashes % 2 === 1
}

class ValueCheck {
  problem: JsonProblem | null = null
  private readonly steps: PointerStep[] = []
  private readonly limits: JsonLimits
  private length = 0

  constructor(limits: JsonLimits) {
    this.limits = limits
  }

  /** True while nothing is wrong. */
  visit(value: unknown): boolean {
    switch (typeof value) {
      case "string":
        return this.text(value)
      case "number":
        return this.number(value)
      case "boolean":
        return this.grow(5)
      case "object":
        return value === null ? this.grow(4) : this.container(value)
      default:
        return this.refuse(
          "not_json",
          `${typeof value} is not a JSON value`,
          value === undefined ? "Leave the property out, or use null." : undefined,
        )
    }
  }

  private number(value: number): boolean {
    if (!Number.isFinite(value)) return this.refuse("not_json", `${value} is not a JSON value`, "Use null, or text.")
    if (!isSafeNumber(value))
      return this.refuse("number_out_of_range", `the number ${value} lies beyond ±(2^53−1)`, "Return it as text.")
    return this.grow(8)
  }

  private text(value: string): boolean {
    const wrong = textProblem(value)
    return wrong === null ? this.grow(value.length + 2) : this.refuse("invalid_text", wrong)
  }

  private container(value: object): boolean {
    if (this.steps.length >= this.limits.depthMax) {
      return this.refuse(
        "too_deep",
        `the value is nested deeper than ${this.limits.depthMax} levels, or contains itself`,
      )
    }
    if (Array.isArray(value)) return this.array(value)
    const prototype: unknown = Object.getPrototypeOf(value)
    const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null
    if (!isPlain)
      return this.refuse(
        "not_json",
        `${nameOf(value)} is not a JSON value`,
        "Return plain objects, arrays, text, numbers, booleans or null.",
      )
    return this.object(value)
  }

  private array(value: readonly unknown[]): boolean {
    for (let i = 0; i < value.length; i++) {
      this.steps.push(i)
      if (!this.visit(value[i])) return false
      this.steps.pop()
    }
    return this.grow(2 + value.length)
  }

  private object(value: object): boolean {
    if (Object.getOwnPropertySymbols(value).length > 0) return this.refuse("not_json", "a symbol is not a JSON key")
    for (const [key, item] of Object.entries(value)) {
      this.steps.push(key)
      if (isForbiddenKey(key)) return this.refuse("forbidden_key", `the key ${JSON.stringify(key)} is not allowed`)
      if (!this.text(key) || !this.visit(item)) return false
      this.steps.pop()
    }
    return this.grow(2)
  }

  private grow(length: number): boolean {
    this.length += length
    return (
      this.length <= this.limits.lengthMax ||
      this.refuse("too_large", `the value is larger than ${this.limits.lengthMax} characters of JSON`)
    )
  }

  private refuse(code: JsonProblemCode, message: string, hint?: string): false {
    this.problem = { code, message, pointer: pointerOf(this.steps), hint }
    return false
  }
}

function nameOf(value: object): string {
  const maker: unknown = Object.getPrototypeOf(value)?.constructor?.name
  return typeof maker === "string" && maker !== "" ? `a ${maker}` : "this object"
}
