/**
 * A definition written in YAML 1.2, core schema. The library makes the tree; what becomes of it is decided here, because
 * its own conversion looks at duplicate keys in quadratic time and expands aliases as often as asked. Everything is
 * bounded: length, depth, aliases, and the nodes that aliases unfold to. Tags beyond the core schema are refused.
 */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type ParsedNode,
  parseAllDocuments,
  Scalar,
  type YAMLError,
  type YAMLMap,
  type YAMLSeq,
} from "yaml"
import type { Json } from "../../json.ts"
import { isForbiddenKey, isSafeNumber, textProblem } from "../../json-limits.ts"
import { type PointerStep, pointerOf } from "../../json-pointer.ts"
import type { DefinitionProblemCode } from "../problem-codes.ts"
import { SOURCE_LIMITS, type SourceProblem, type SourceReading } from "./source.ts"
import { rawOffset, type ScalarStyle } from "./text-offset.ts"

interface Spot {
  readonly key: number | null
  readonly value: number
  readonly raw: readonly [start: number, end: number]
  readonly style: ScalarStyle
}

export function readYamlSource(text: string): SourceReading {
  if (text.length > SOURCE_LIMITS.lengthMax) {
    return refused("too_large", `the file is larger than ${SOURCE_LIMITS.lengthMax / 1024 / 1024} MiB`)
  }
  const beyond = isBeyondBounds(text)
  if (beyond === "too_large") {
    const hint = "Write it as JSON, which is read faster, or give parts of it to a workflow of their own with `run`."
    return refused("too_large", `the file has more than ${SOURCE_LIMITS.tokensMax} parts`, hint)
  }
  if (beyond === "too_deep")
    return refused("too_deep", `the document is nested deeper than ${SOURCE_LIMITS.depthMax} levels`)
  const lines = new LineCounter()
  const documents = compose(text, lines)
  if (documents === "exhausted")
    return refused("too_deep", `the document is nested deeper than ${SOURCE_LIMITS.depthMax} levels`)
  const [document, second] = documents
  if (!document || (document.contents === null && document.errors.length === 0))
    return refused("empty_document", "the file holds nothing")
  const conversion = new Conversion(text, lines)
  for (const error of document.errors) conversion.syntax(error)
  const { version, explicit } = document.directives?.yaml ?? {}
  if (explicit && version !== "1.2")
    conversion.report(
      "yaml_version",
      `YAML ${version} is not read`,
      0,
      "Remove the %YAML line; the language is YAML 1.2.",
    )
  if (second)
    conversion.report(
      "multiple_documents",
      "the file holds more than one document",
      second.range[0],
      "One workflow a file: remove what follows the `---`.",
    )
  if (conversion.problems.length > 0) return { document: null, problems: conversion.problems }
  const value = conversion.run(document.contents)
  return {
    document:
      conversion.problems.length > 0 && value === undefined
        ? null
        : { value: value ?? null, locate: (place) => conversion.locate(place) },
    problems: conversion.problems,
  }
}

function compose(text: string, lineCounter: LineCounter): readonly Document.Parsed[] | "exhausted" {
  try {
    const parsed = parseAllDocuments(text, {
      version: "1.2",
      schema: "core",
      intAsBigInt: true,
      uniqueKeys: false,
      merge: false,
      prettyErrors: false,
      logLevel: "silent",
      lineCounter,
    })
    const documents = Array.isArray(parsed) ? parsed : []
    return documents.some((document) => document.errors.some((error) => error.code === "RESOURCE_EXHAUSTION"))
      ? "exhausted"
      : documents
  } catch (error) {
    if (error instanceof RangeError) return "exhausted"
    throw error
  }
}

/** The library composes recursively and slowly; what it would choke on is refused by its lexer, which does neither. */
function isBeyondBounds(text: string): "too_deep" | "too_large" | null {
  let depth = 0
  let tokens = 0
  for (const token of new Lexer().lex(text)) {
    if (token === "[" || token === "{") depth++
    else if (token === "]" || token === "}") depth = Math.max(0, depth - 1)
    if (depth > 2 * SOURCE_LIMITS.depthMax) return "too_deep"
    if (++tokens > SOURCE_LIMITS.tokensMax) return "too_large"
  }
  return null
}

function refused(code: DefinitionProblemCode, message: string, hint?: string): SourceReading {
  return { document: null, problems: [{ code, message, pointer: "", position: { line: 1, column: 1 }, hint }] }
}

const HINTS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: "Indent with spaces.",
  BAD_INDENT: "Lines of one mapping or list begin in the same column.",
  MISSING_CHAR: "Is a closing quote, bracket or brace missing?",
  BLOCK_AS_IMPLICIT_KEY: "Text that holds `: ` is put in quotes.",
  MULTILINE_IMPLICIT_KEY: "Is a colon missing after the key, or a closing quote?",
  BAD_SCALAR_START: "Text that begins with @, ` or % is put in quotes.",
}

class Conversion {
  readonly problems: SourceProblem[] = []
  private readonly spots = new Map<string, Spot>()
  private readonly anchors = new Map<string, Node>()
  private readonly open = new Set<Node>()
  private readonly steps: PointerStep[] = []
  private readonly text: string
  private readonly lines: LineCounter
  private aliases = 0
  private nodes = 0
  private stopped = false

  constructor(text: string, lines: LineCounter) {
    this.text = text
    this.lines = lines
  }

  run(contents: ParsedNode | null): Json | undefined {
    const value = this.node(contents, null)
    return this.stopped ? undefined : value
  }

  locate(place: { pointer: string; part?: "key" | "value"; offset?: number }) {
    const spot = this.spots.get(place.pointer)
    if (!spot) return null
    if (place.part === "key" && spot.key !== null) return this.position(spot.key)
    if (place.offset === undefined) return this.position(spot.value)
    return this.position(spot.raw[0] + rawOffset(this.text.slice(...spot.raw), spot.style, place.offset))
  }

  syntax(error: YAMLError): void {
    const message = error.message.split("\n")[0] ?? error.code
    this.report("yaml_syntax", message, error.pos[0], HINTS[error.code])
  }

  report(code: DefinitionProblemCode, message: string, offset: number, hint?: string): void {
    if (this.problems.length >= 100) return
    this.problems.push({ code, message, pointer: pointerOf(this.steps), position: this.position(offset), hint })
  }

  private position(offset: number): { line: number; column: number } {
    const { line, col } = this.lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }

  private stop(code: DefinitionProblemCode, message: string, offset: number, hint?: string): Json {
    if (!this.stopped) this.report(code, message, offset, hint)
    this.stopped = true
    return null
  }

  private node(node: Node | null | undefined, keyAt: number | null): Json {
    const offset = node?.range?.[0] ?? keyAt ?? 0
    if (this.stopped) return null
    if (++this.nodes > SOURCE_LIMITS.nodesMax)
      return this.stop("too_many_aliases", `the document unfolds to more than ${SOURCE_LIMITS.nodesMax} values`, offset)
    if (isAlias(node)) return this.alias(node, keyAt, offset)
    this.spots.set(pointerOf(this.steps), this.spot(node ?? null, keyAt, offset))
    if (!node) return null
    if (node.anchor) this.anchors.set(node.anchor, node)
    this.tag(node, offset)
    if (isScalar(node)) return this.scalar(node, offset)
    if (this.steps.length >= SOURCE_LIMITS.depthMax)
      return this.stop("too_deep", `the document is nested deeper than ${SOURCE_LIMITS.depthMax} levels`, offset)
    this.open.add(node)
    const value = isMap(node) ? this.map(node) : isSeq(node) ? this.list(node) : null
    this.open.delete(node)
    return value
  }

  private spot(node: Node | null, keyAt: number | null, offset: number): Spot {
    if (!isScalar(node)) return { key: keyAt, value: offset, raw: [offset, offset], style: "other" }
    const end = node.range?.[1] ?? offset
    return { key: keyAt, value: offset, raw: [offset, end], style: styleOf(node) }
  }

  private alias(alias: Alias, keyAt: number | null, offset: number): Json {
    if (++this.aliases > SOURCE_LIMITS.aliasesMax)
      return this.stop("too_many_aliases", `there are more than ${SOURCE_LIMITS.aliasesMax} aliases`, offset)
    const target = this.anchors.get(alias.source)
    if (!target) {
      this.spots.set(pointerOf(this.steps), this.spot(null, keyAt, offset))
      this.report(
        "unknown_anchor",
        `nothing before this is anchored as &${alias.source}`,
        offset,
        "Text that begins with * is put in quotes.",
      )
      return null
    }
    if (this.open.has(target)) return this.stop("too_many_aliases", `*${alias.source} contains itself`, offset)
    return this.node(target, keyAt)
  }

  private tag(node: Node, offset: number): void {
    const tag = "tag" in node && typeof node.tag === "string" ? node.tag : null
    if (tag === null || CORE_TAGS.has(tag)) return
    this.report(
      "tag_not_allowed",
      `the tag ${tag.replace("tag:yaml.org,2002:", "!!")} is not allowed`,
      offset,
      "Only the types of JSON are read; remove the tag.",
    )
  }

  private scalar(node: Scalar, offset: number): Json {
    const { value } = node
    if (typeof value === "bigint" || typeof value === "number") return this.number(Number(value), node, offset)
    if (typeof value === "string") {
      const wrong = textProblem(value)
      if (wrong !== null) this.report("invalid_text", wrong, offset)
      return wrong === null ? value : ""
    }
    return typeof value === "boolean" ? value : null
  }

  private number(value: number, node: Scalar, offset: number): Json {
    if (isSafeNumber(value)) return value === 0 ? 0 : value
    const written = (node.source ?? String(value)).slice(0, 40)
    const message = Number.isFinite(value)
      ? `the number ${written} lies beyond ±(2^53−1) and would be changed silently`
      : `${written} is not a number of JSON`
    this.report("number_out_of_range", message, offset, "Write it as text in quotes.")
    return 0
  }

  private list(node: YAMLSeq): Json {
    return node.items.map((item, i) => {
      this.steps.push(i)
      const value = this.node(item as Node | null, null)
      this.steps.pop()
      return value
    })
  }

  private map(node: YAMLMap): Json {
    const object: Record<string, Json> = {}
    for (const pair of node.items) {
      const keyNode = pair.key as Node | null
      const keyAt = keyNode?.range?.[0] ?? node.range?.[0] ?? 0
      const key = this.key(keyNode, keyAt)
      if (key === null) continue
      this.steps.push(key)
      if (isForbiddenKey(key)) this.report("forbidden_key", `the key ${key} is not allowed`, keyAt)
      else if (Object.hasOwn(object, key))
        this.report("duplicate_key", `the key \`${key}\` stands twice in one mapping`, keyAt, "Keep one of the two.")
      else object[key] = this.node(pair.value as Node | null, keyAt)
      this.steps.pop()
    }
    return object
  }

  /** Keys are text in JSON; numbers and booleans keep their spelling. */
  private key(node: Node | null, offset: number): string | null {
    if (isScalar(node) && node.value !== null) {
      if (node.anchor) this.anchors.set(node.anchor, node)
      this.tag(node, offset)
      const key = typeof node.value === "string" ? node.value : (node.source ?? String(node.value))
      const wrong = textProblem(key)
      if (wrong === null) return key
      this.report("invalid_text", wrong, offset)
      return null
    }
    this.report(
      "key_not_text",
      "a key is plain text",
      offset,
      'Templates and text with braces are put in quotes: "{{ … }}".',
    )
    return null
  }
}

const CORE_TAGS = new Set(
  ["str", "int", "float", "bool", "null", "map", "seq"].map((name) => `tag:yaml.org,2002:${name}`),
)

function styleOf(node: Scalar): ScalarStyle {
  switch (node.type) {
    case Scalar.PLAIN:
      return "plain"
    case Scalar.QUOTE_SINGLE:
      return "single"
    case Scalar.QUOTE_DOUBLE:
      return "double"
    case Scalar.BLOCK_LITERAL:
      return "literal"
    default:
      return "other"
  }
}
