/**
 * Templates (dsl.md §2): `{{ path }}` and `{{ path ?? literal }}` inside JSON. Compiled once at load, so that a value
 * which happens to hold `{{` is never looked at again. No calls, no loops, no second pass. Rendering needs a context
 * and lives in core/run.
 *
 * Literal braces: `\{{` stands for `{{`. A single `{` or a `}}` without an opening is plain text.
 */
import type { Placeholder, Template } from "../definition/model.ts"
import type { Json } from "../json.ts"
import { isJsonObject } from "../json.ts"
import { childPointer } from "../json-pointer.ts"
import { readJson } from "../json-reader.ts"
import { readPath } from "./path.ts"

export interface TemplateProblem {
  /** JSON pointer inside the value that was compiled. */
  readonly pointer: string
  readonly message: string
  readonly hint?: string
  /** 0-based, in the string at `pointer`. */
  readonly offset: number
}

export type TemplateCompilation =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly problems: readonly TemplateProblem[] }

export function compileTemplate(value: Json): TemplateCompilation {
  const problems: TemplateProblem[] = []
  const template = compile(value, "", problems)
  return problems.length === 0 ? { ok: true, template } : { ok: false, problems }
}

/** A value that stays as it is, braces and all. */
export function literal(value: Json): Template {
  return { kind: "literal", value }
}

/** Every placeholder with the pointer of the string it stands in. */
export function* placeholders(
  template: Template,
  pointer = "",
): Generator<{ placeholder: Placeholder; pointer: string }> {
  switch (template.kind) {
    case "literal":
      return
    case "value":
      yield { placeholder: template.placeholder, pointer }
      return
    case "text":
      for (const part of template.parts) if (typeof part !== "string") yield { placeholder: part, pointer }
      return
    case "array":
      for (const [i, item] of template.items.entries()) yield* placeholders(item, childPointer(pointer, i))
      return
    case "object":
      for (const [key, item] of template.entries) yield* placeholders(item, childPointer(pointer, key))
      return
  }
}

function compile(value: Json, pointer: string, problems: TemplateProblem[]): Template {
  if (typeof value === "string") return compileText(value, pointer, problems)
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item, i) => compile(item, childPointer(pointer, i), problems))
    return items.every(isLiteral) ? literal(items.map((item) => item.value)) : { kind: "array", items }
  }
  if (isJsonObject(value)) return compileObject(value, pointer, problems)
  return literal(value)
}

function compileObject(value: Readonly<Record<string, Json>>, pointer: string, problems: TemplateProblem[]): Template {
  const entries = Object.entries(value).map(([key, item]): readonly [string, Template] => {
    const inside = childPointer(pointer, key)
    if (key.includes("{{")) {
      problems.push({
        pointer: inside,
        message: "a key cannot be a template",
        hint: "Build the object in `resultSelector` instead.",
        offset: 0,
      })
    }
    return [key, compile(item, inside, problems)]
  })
  const values = entries.map(([, item]) => item)
  if (!values.every(isLiteral)) return { kind: "object", entries }
  return literal(Object.fromEntries(values.map((item, i) => [entries[i]?.[0] ?? "", item.value])))
}

function isLiteral(template: Template): template is Extract<Template, { kind: "literal" }> {
  return template.kind === "literal"
}

function compileText(text: string, pointer: string, problems: TemplateProblem[]): Template {
  if (!text.includes("{{")) return literal(text)
  const parts: (string | Placeholder)[] = []
  let plain = ""
  let at = 0
  while (at < text.length) {
    const open = text.indexOf("{{", at)
    if (open === -1) break
    if (text[open - 1] === "\\" && open > at) {
      plain += `${text.slice(at, open - 1)}{{`
      at = open + 2
      continue
    }
    plain += text.slice(at, open)
    const found = readPlaceholder(text, open)
    if (!found.ok) {
      problems.push({ pointer, message: found.message, hint: found.hint, offset: found.offset })
      return literal(text)
    }
    if (plain !== "") parts.push(plain)
    plain = ""
    parts.push(found.placeholder)
    at = found.end
  }
  plain += text.slice(at)
  if (plain !== "") parts.push(plain)
  return shapeOf(parts)
}

function shapeOf(parts: readonly (string | Placeholder)[]): Template {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) {
    return typeof only === "string" ? literal(only) : { kind: "value", placeholder: only }
  }
  return { kind: "text", parts }
}

type PlaceholderRead =
  | { readonly ok: true; readonly placeholder: Placeholder; readonly end: number }
  | { readonly ok: false; readonly message: string; readonly offset: number; readonly hint?: string }

const WRITE_BRACES = "To write the braces themselves, put a backslash before them: \\{{"

function readPlaceholder(text: string, open: number): PlaceholderRead {
  const close = findClose(text, open + 2)
  if (close === null)
    return { ok: false, message: "`{{` is not closed", offset: open, hint: `Close it with \`}}\`. ${WRITE_BRACES}` }
  const start = skipSpace(text, open + 2)
  if (start >= close)
    return { ok: false, message: "there is nothing between `{{` and `}}`", offset: open, hint: WRITE_BRACES }
  const read = readPath(text.slice(0, close), start)
  if (!read.ok) return { ok: false, message: read.message, offset: read.offset, hint: read.hint }
  const source = text.slice(open, close + 2)
  const after = skipSpace(text, read.end)
  if (after >= close) return { ok: true, placeholder: { source, path: read.path, hasFallback: false }, end: close + 2 }
  if (!text.startsWith("??", after)) {
    const hint =
      text[after] === "("
        ? "A template cannot call anything; compute the value in `resultSelector` or a condition."
        : "Templates hold one path: no calls, filters or operators. Compute the value in `resultSelector` or a condition."
    return {
      ok: false,
      message: `\`${text.slice(after, close).trim()}\` does not belong to a template`,
      offset: after,
      hint,
    }
  }
  const from = skipSpace(text, after + 2)
  const fallback = readFallback(text.slice(from, close).trim())
  if (fallback === undefined) {
    const hint = 'For example `{{ a.b ?? "x" }}`, `{{ a.b ?? 0 }}` or `{{ a.b ?? null }}`.'
    return { ok: false, message: "after `??` stands one JSON value", offset: from, hint }
  }
  return { ok: true, placeholder: { source, path: read.path, fallback, hasFallback: true }, end: close + 2 }
}

/** JSON, or text in single quotes, which reads better inside YAML. */
function readFallback(source: string): Json | undefined {
  const single = /^'((?:[^'\\]|\\.)*)'$/s.exec(source)
  if (single) return (single[1] ?? "").replace(/\\(.)/gs, "$1")
  const read = readJson(source)
  return read.ok ? read.value : undefined
}

/** The `}}` that closes, not looking into quotes or into the braces of a default such as `{}`. */
function findClose(text: string, from: number): number | null {
  let depth = 0
  for (let i = from; i < text.length; i++) {
    const char = text[i]
    if (char === '"' || char === "'") {
      const end = endOfQuote(text, i)
      if (end === null) return null
      i = end
    } else if (char === "{") depth++
    else if (char === "}") {
      if (depth === 0) return text[i + 1] === "}" ? i : null
      depth--
    }
  }
  return null
}

function endOfQuote(text: string, open: number): number | null {
  const quote = text[open]
  for (let i = open + 1; i < text.length; i++) {
    if (text[i] === "\\") i++
    else if (text[i] === quote) return i
  }
  return null
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (at < text.length && /\s/.test(text[at] ?? "")) at++
  return at
}
