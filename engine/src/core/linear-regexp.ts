/** Patterns that users write, in schemas and in queries, run on RE2 (rule 30): linear time, so none can stall the engine. */
import { RE2JS } from "re2js"

export class UnsupportedPattern extends Error {}

export interface LinearRegExp {
  /** Instructions of its program: a test takes at most this times the text's length. */
  readonly size: number
  test(text: string): boolean
}

export function linearRegExp(pattern: string): LinearRegExp {
  const compiled = compile(pattern)
  return { size: compiled.programSize(), test: (text) => compiled.matcher(text).find() }
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(withRe2Properties(pattern)))
  } catch (error) {
    throw new UnsupportedPattern(explain(pattern, error))
  }
}

/** RE2 names scripts and categories without their kind: `\p{Script=Greek}` is `\p{Greek}`. */
function withRe2Properties(pattern: string): string {
  return pattern.replace(
    /\\([pP])\{(?:Script|sc|Script_Extensions|scx|General_Category|gc)=([A-Za-z_]+)\}/g,
    "\\$1{$2}",
  )
}

function explain(pattern: string, error: unknown): string {
  const shown = pattern.length > 80 ? `${pattern.slice(0, 80)}…` : pattern
  if (/\(\?<?[=!]/.test(pattern))
    return `the pattern ${shown} looks ahead or behind, which needs backtracking and is not supported`
  if (/\\[1-9]|\\k</.test(pattern))
    return `the pattern ${shown} refers back to a group, which needs backtracking and is not supported`
  const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : String(error)
  return `the pattern ${shown} cannot be used: ${reason}`
}
