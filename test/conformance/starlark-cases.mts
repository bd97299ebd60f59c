/**
 * Reads the specification's test files into cases. A case is one assertion of the top level (settled 34): a call of
 * `assert_eq`, `assert_ne` or `assert_`, or a statement that is expected to fail. What a case depends on decides its
 * level: only assignments of expressions → expression level; `def`, loops, item assignments → statement level.
 * Reads the files' text, never evaluates it.
 */

export type Level = "expression" | "effects" | "statement"

export type Step = {
  readonly kind: "assign" | "effect" | "case" | "statement"
  readonly line: number
  readonly text: string
  /** For `assign`: the target as written, and the names in it. */
  readonly target: string
  readonly names: readonly string[]
  readonly expects: "true" | "failure"
  /** For failures: what any implementation's message must match. */
  readonly messages: readonly string[]
}

export type Chunk = { readonly line: number; readonly steps: readonly Step[]; readonly nestedAssertions: number }

const ANNOTATION = /^(.*?) *### *(?:(go|java|rust):)? *(.*)$/
const COMPOUND = /^(def|for|if|while|load|return|pass|break|continue)\b/
const AUGMENTED = /(?:\/\/|<<|>>|[-+*/%&|^])=$/

export function readChunks(text: string): Chunk[] {
  const chunks: Chunk[] = []
  let lines: string[] = []
  let start = 1
  text.split("\n").forEach((line, index) => {
    if (line.trimEnd() !== "---") {
      lines.push(line)
      return
    }
    chunks.push(readChunk(lines, start))
    lines = []
    start = index + 2
  })
  chunks.push(readChunk(lines, start))
  return chunks
}

function readChunk(lines: readonly string[], start: number): Chunk {
  const expected = new Map<number, string[]>()
  const code = lines.map((line, index) => {
    const match = ANNOTATION.exec(line.trimEnd())
    if (match === null) return line
    expected.set(index, [...(expected.get(index) ?? []), match[3] ?? ""])
    return match[1] ?? ""
  })
  const statements = splitStatements(code)
  const failing = failingStatement(statements, [...expected.keys()])
  const messages = [...expected.values()].flat()
  let nestedAssertions = 0
  const steps = statements.map((statement, index) => {
    if (COMPOUND.test(statement.text)) nestedAssertions += countNestedAssertions(statement.text)
    return toStep(statement, start, index === failing ? messages : undefined)
  })
  return { line: start, steps, nestedAssertions }
}

function countNestedAssertions(text: string): number {
  const [, ...body] = text.split("\n")
  return body.filter((line) => /^\s+assert_/.test(line)).length
}

type Statement = { readonly text: string; readonly first: number; readonly last: number }

/** The one that carries the annotation, or the first behind annotations that stand on lines of their own. */
function failingStatement(statements: readonly Statement[], annotated: readonly number[]): number {
  const last = annotated.at(-1)
  if (last === undefined) return -1
  const carrying = statements.findIndex(({ first, last: end }) =>
    annotated.some((line) => line >= first && line <= end),
  )
  return carrying >= 0 ? carrying : statements.findIndex(({ first }) => first > last)
}

/** A statement goes on while a bracket or a triple quote is open, behind a backslash, and over indented lines. */
function splitStatements(lines: readonly string[]): Statement[] {
  const statements: Statement[] = []
  let open: { first: number; lines: string[] } | undefined
  const scanner = new LineScanner()
  const close = (last: number) => {
    if (open?.lines.some((line) => line.trim() !== "")) {
      statements.push({ text: open.lines.join("\n").trim().replace(/;$/, ""), first: open.first, last })
    }
    open = undefined
  }
  lines.forEach((line, index) => {
    const startsStatement = !scanner.continues && line.trim() !== "" && !/^[ \t#]/.test(line)
    const isLooseComment = !scanner.continues && /^\s*(#|$)/.test(line)
    if (startsStatement) {
      close(index - 1)
      open = { first: index, lines: [] }
    }
    const code = isLooseComment ? "" : scanner.read(line)
    if (open !== undefined && !isLooseComment) open.lines.push(code)
    // A simple statement ends with its line; only a compound one takes the indented lines behind it.
    if (open !== undefined && !scanner.continues && !COMPOUND.test(open.lines[0] ?? "")) close(index)
  })
  close(lines.length - 1)
  return statements
}

/** Follows brackets and quotes from line to line. */
class LineScanner {
  private depth = 0
  private quote = ""
  private escaped = false

  get continues(): boolean {
    return this.depth > 0 || this.quote.length === 3 || this.escaped
  }

  /** The line without its comment. */
  read(line: string): string {
    this.escaped = false
    let at = 0
    while (at < line.length) {
      const rest = line.slice(at)
      if (this.quote !== "") {
        if (rest.startsWith("\\")) at++
        else if (rest.startsWith(this.quote)) {
          at += this.quote.length - 1
          this.quote = ""
        }
      } else if (rest.startsWith("#")) break
      else if (rest === "\\") this.escaped = true
      else this.readCode(rest)
      at += this.quote.length === 3 && rest.startsWith(this.quote) ? 3 : 1
    }
    if (this.quote.length === 1) this.quote = ""
    return line.slice(0, at)
  }

  private readCode(rest: string): void {
    const character = rest[0] ?? ""
    if ("([{".includes(character)) this.depth++
    else if (")]}".includes(character)) this.depth = Math.max(0, this.depth - 1)
    else if (character === '"' || character === "'") {
      this.quote = rest.startsWith(character.repeat(3)) ? character.repeat(3) : character
    }
  }
}

function toStep(statement: Statement, start: number, messages: readonly string[] | undefined): Step {
  const { text } = statement
  const line = start + statement.first
  const base = { line, text, target: "", names: [], expects: "true" as const, messages: messages ?? [] }
  const assignment = splitAssignment(text)
  if (COMPOUND.test(text) || assignment === "not simple") {
    return { ...base, kind: "statement", names: text.match(/[A-Za-z_]\w*/g) ?? [] }
  }
  if (messages !== undefined) {
    return { ...base, kind: "case", text: assignment?.value ?? text, expects: "failure" }
  }
  if (assignment !== undefined) {
    const names = assignment.target.match(/[A-Za-z_]\w*/g) ?? []
    return { ...base, kind: "assign", text: assignment.value, target: assignment.target, names }
  }
  return { ...base, kind: /^assert_(eq|ne)?\s*\(/.test(text) ? "case" : "effect" }
}

/** Undefined for an expression; "not simple" for `x[i] = …`, `x.f = …`, `x += …`. */
function splitAssignment(text: string): { target: string; value: string } | "not simple" | undefined {
  let depth = 0
  let quote = ""
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ""
    if (quote !== "") {
      if (character === "\\") at++
      else if (text.startsWith(quote, at)) {
        at += quote.length - 1
        quote = ""
      }
    } else if (character === '"' || character === "'") {
      quote = text.startsWith(character.repeat(3), at) ? character.repeat(3) : character
      at += quote.length - 1
    } else if ("([{".includes(character)) depth++
    else if (")]}".includes(character)) depth--
    else if (character === "=" && depth === 0) {
      if (text[at + 1] === "=") at++
      else if (!/[!<>=]/.test(text[at - 1] ?? "")) return assignmentAt(text, at)
      else if (AUGMENTED.test(text.slice(0, at + 1))) return "not simple"
    }
  }
  return undefined
}

function assignmentAt(text: string, at: number): { target: string; value: string } | "not simple" {
  const target = text.slice(0, at).trim()
  const isSimple = /^[\w\s,()[\]]+$/.test(target) && !/[\w)\]]\s*[[(]/.test(target)
  if (AUGMENTED.test(text.slice(0, at + 1)) || !isSimple) return "not simple"
  return { target, value: text.slice(at + 1).trim() }
}
