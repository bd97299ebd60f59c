/**
 * One reading of one definition: the report, the shared parts it may refer to by name, and what it collects for the
 * checker. `origins` remembers where each part of the model came from; the model itself never holds a position.
 */
import { parsePath } from "../../expression/path.ts"
import { type Expression, parseExpression } from "../../expression/starlark/index.ts"
import { compileTemplate, literal } from "../../expression/template.ts"
import type { Json, JsonObject } from "../../json.ts"
import { stepsOf } from "../../json-pointer.ts"
import type { Condition, Path, RetryPolicy, State, Template } from "../model.ts"
import type { FieldReader, Node } from "./field-reader.ts"
import type { Report } from "./report.ts"

export interface SchemaUse {
  readonly pointer: string
  readonly schema: JsonObject
}

/** Where a state stands in its list. */
export interface Standing {
  readonly isLast: boolean
  /** In the workflow itself, not inside another state. */
  readonly isTop: boolean
}

/** States hold blocks and blocks hold states: blocks reach the reader of states through the reading, not by import. */
export type ReadState = (reading: Reading, node: Node, standing: Standing) => State

export class Reading {
  readonly report: Report
  readonly readState: ReadState
  private readonly document: Json
  /** JSON pointers of states, blocks, paths, templates, conditions and clauses. */
  readonly origins = new WeakMap<object, string>()
  readonly schemas = new Map<string, JsonObject>()
  /** Those that were used by name, standing alone. */
  readonly sharedSchemas = new Map<string, JsonObject>()
  /** Values in all schemas, shared ones counted at each use. */
  schemaParts = 0
  readonly retries = new Map<string, RetryPolicy>()
  /** Every schema that stands in the definition, for validation and for the warning about defaults. */
  readonly schemaUses: SchemaUse[] = []
  /** States that could not be read well enough to say anything about their routes. */
  readonly unreadable = new WeakSet<object>()

  constructor(report: Report, document: Json, readState: ReadState) {
    this.report = report
    this.document = document
    this.readState = readState
  }

  /** The text that stands at a pointer of the document, or null when it is something else. */
  textAt(pointer: string): string | null {
    let at: Json | undefined = this.document
    for (const step of stepsOf(pointer)) {
      if (typeof at !== "object" || at === null) return null
      at = Array.isArray(at)
        ? (at as readonly Json[])[Number(step)]
        : Object.hasOwn(at, step)
          ? (at as JsonObject)[step]
          : undefined
    }
    return typeof at === "string" ? at : null
  }

  /** The pointer of a part of the model. */
  originOf(part: object): string {
    return this.origins.get(part) ?? ""
  }

  keep<T extends object>(part: T, pointer: string): T {
    this.origins.set(part, pointer)
    return part
  }

  path(fields: FieldReader, name: string): Path | null {
    const node = fields.take(name)
    return node && this.asPath(fields, node)
  }

  asPath(fields: FieldReader, node: Node): Path | null {
    const text = fields.asString(node, "A path is text such as `steps.check.result`.")
    if (text === null) return null
    const parsed = parsePath(text)
    if (parsed.ok) return this.keep(parsed.path, node.pointer)
    const { message, offset, hint } = parsed
    this.report.error("invalid_path", { pointer: node.pointer, offset }, message, { actual: text, hint })
    return null
  }

  template(fields: FieldReader, name: string): Template | null {
    const node = fields.take(name)
    return node && this.asTemplate(node)
  }

  /** A template that renders to text: anything but an object, a list or nothing. */
  textTemplate(fields: FieldReader, name: string): Template | null {
    const node = fields.take(name)
    return node && this.asTextTemplate(fields, node)
  }

  asTextTemplate(fields: FieldReader, node: Node): Template | null {
    return fields.asString(node) === null ? null : this.asTemplate(node)
  }

  asTemplate(node: Node): Template {
    const compiled = compileTemplate(node.value)
    if (compiled.ok) return this.keep({ ...compiled.template }, node.pointer)
    for (const { pointer, message, hint, offset } of compiled.problems) {
      this.report.error("invalid_template", { pointer: node.pointer + pointer, offset }, message, { hint })
    }
    return this.keep(literal(node.value), node.pointer)
  }

  asLiteral(node: Node): Template {
    return this.keep(literal(node.value), node.pointer)
  }

  condition(fields: FieldReader, name: string, aliases: readonly string[] = []): Condition | null {
    const node = fields.takeAlias(name, aliases)
    return node && this.asCondition(fields, node)
  }

  asCondition(fields: FieldReader, node: Node): Condition | null {
    const word =
      typeof node.value === "boolean" ? `An expression is text: "${node.value ? "True" : "False"}".` : undefined
    const source = fields.asString(node, word)
    if (source === null) return null
    const parsed = parseExpression(source)
    if (parsed.ok) return this.keep({ source, expression: parsed.expression }, node.pointer)
    const { message, offset, hint } = parsed.error
    const braces = bracesHint(source)
    const place = { pointer: node.pointer, offset: braces ? 0 : offset }
    this.report.error("invalid_expression", place, message, { actual: source, hint: braces ?? hint })
    return this.keep({ source, expression: anything() }, node.pointer)
  }

  /** JSON that is taken as it is: metadata. */
  asObject(fields: FieldReader, node: Node): JsonObject | null {
    if (typeof node.value === "object" && node.value !== null && !Array.isArray(node.value))
      return node.value as JsonObject
    fields.wrongType(node, "this is an object", "object")
    return null
  }
}

/** Stands in for an expression that does not parse; the definition is refused anyway. */
function anything(): Expression {
  const parsed = parseExpression("True")
  if (!parsed.ok) throw new Error("`True` is an expression")
  return parsed.expression
}

function bracesHint(source: string): string | undefined {
  const inside = /^\s*(?:\{\{|\$\{)\s*(.*?)\s*\}{1,2}\s*$/s.exec(source)
  return inside ? `An expression is written without braces: ${inside[1]}` : undefined
}
