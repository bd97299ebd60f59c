/**
 * Paths, one grammar for reading and writing (dsl.md §2): `ctx.steps.check`, `items[0].name`, `labels["any key"]`.
 * This file reads the text; it never touches a context. `__proto__`, `prototype` and `constructor` are refused in every
 * spelling, so that no path can reach an object's machinery.
 */
import type { Path } from "../definition/model.ts"

export type PathParse =
  | { readonly ok: true; readonly path: Path }
  | { readonly ok: false; readonly message: string; readonly offset: number; readonly hint?: string }

/** As `PathParse`, but the path may be followed by something else: `end` is where it stops. */
export type PathPrefix = (PathParse & { ok: true; readonly end: number }) | (PathParse & { ok: false })

const FORBIDDEN = new Set(["__proto__", "prototype", "constructor"])
/** A dot segment: anything that is neither punctuation of paths, templates and expressions nor white space. */
const WORD = /[^\s.[\]{}()"'`?:,;|=<>!&+*/\\%^~$#]+/y
const INDEX = /\[\s*([0-9]{1,9})\s*\]/y
const QUOTED = /\[\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\]/y
const INDEX_MAX = 1_000_000
const SEGMENTS_MAX = 64

class PathError extends Error {
  readonly offset: number
  readonly hint: string | undefined

  constructor(message: string, offset: number, hint?: string) {
    super(message)
    this.offset = offset
    this.hint = hint
  }
}

/** The whole text is one path. */
export function parsePath(text: string): PathParse {
  const braces = /^\s*\{\{\s*(.*?)\s*\}\}\s*$/s.exec(text)
  if (braces) {
    return { ok: false, message: "a path is written without braces", offset: 0, hint: `Write \`${braces[1]}\`.` }
  }
  const start = text.length - text.trimStart().length
  const read = readPath(text, start)
  if (!read.ok) return read
  const rest = text.slice(read.end)
  if (rest.trim() === "") return { ok: true, path: read.path }
  const offset = read.end + (rest.length - rest.trimStart().length)
  return {
    ok: false,
    message: `\`${text.slice(offset, offset + 12)}\` does not belong to a path`,
    offset,
    hint: hintFor(text, offset),
  }
}

/** The longest path that begins at `start`. */
export function readPath(text: string, start: number): PathPrefix {
  try {
    return scan(text, start)
  } catch (error) {
    if (!(error instanceof PathError)) throw error
    return { ok: false, message: error.message, offset: error.offset, hint: error.hint }
  }
}

function scan(text: string, start: number): PathPrefix {
  const segments: (string | number)[] = []
  let at = start
  for (;;) {
    const segment = bracket(text, at) ?? word(text, at, segments.length === 0)
    if (segment === null) break
    if (segments.length > SEGMENTS_MAX) throw new PathError(`a path has at most ${SEGMENTS_MAX} segments`, at)
    segments.push(segment.value)
    at = segment.end
  }
  if (segments.length === 0) throw new PathError("expected a path", start, hintFor(text, start))
  const rooted = segments[0] === "ctx" && text[start] !== "["
  const path = { text: text.slice(start, at), segments: rooted ? segments.slice(1) : segments, rooted }
  return { ok: true, path, end: at }
}

function bracket(text: string, at: number): { value: string | number; end: number } | null {
  if (text[at] !== "[") return null
  INDEX.lastIndex = at
  const index = INDEX.exec(text)
  if (index) {
    const value = Number(index[1])
    if (value > INDEX_MAX) throw new PathError(`an index is at most ${INDEX_MAX}`, at)
    return { value, end: INDEX.lastIndex }
  }
  QUOTED.lastIndex = at
  const quoted = QUOTED.exec(text)
  if (!quoted)
    throw new PathError(
      "inside [ ] stands a number from 0 up or a key in quotes",
      at,
      'For example `items[0]` or `labels["any key"]`.',
    )
  return { value: allowed(unquote(quoted[1] ?? "", at), at), end: QUOTED.lastIndex }
}

function word(text: string, at: number, isFirst: boolean): { value: string; end: number } | null {
  if (!isFirst && text[at] !== ".") return null
  const from = isFirst ? at : at + 1
  WORD.lastIndex = from
  const found = WORD.exec(text)?.[0]
  if (found === undefined) {
    if (isFirst) return null
    throw new PathError("a name is missing after the dot", from, 'A key that is not a plain word is written `["…"]`.')
  }
  if (/^-?[0-9]+$/.test(found))
    throw new PathError(
      `\`${found}\` is not a name`,
      from,
      `For an index write \`[${found}]\`, for a key \`["${found}"]\`.`,
    )
  return { value: allowed(found, from), end: from + found.length }
}

function allowed(segment: string, offset: number): string {
  if (FORBIDDEN.has(segment)) throw new PathError(`\`${segment}\` is not allowed in a path`, offset)
  if (segment === "") throw new PathError("a key must not be empty", offset)
  return segment
}

function unquote(quoted: string, offset: number): string {
  const text = quoted.startsWith("'")
    ? `"${quoted.slice(1, -1).replaceAll("\\'", "'").replaceAll('"', '\\"')}"`
    : quoted
  try {
    return String(JSON.parse(text))
  } catch {
    throw new PathError("the key in quotes is not written as JSON text", offset)
  }
}

function hintFor(text: string, offset: number): string {
  const rest = text.slice(offset)
  if (text.trimStart().startsWith("$")) return "Paths have no `$`: write `ctx.a.b` or `a.b`."
  if (rest.startsWith("(")) return "A path cannot call anything; compute the value in `resultSelector` or a condition."
  if (/^[|+*/%=<>!&-]/.test(rest)) return "A path cannot compute; compute the value in `resultSelector` or a condition."
  return 'A path is dot segments, `[n]` and `["any key"]`, for example `ctx.items[0].name`.'
}
