/** A JSON Schema (2020-12) read as a field. What it cannot show in a control of its own is filled in as JSON. */
import type { Json, JsonObject } from "@waybill/contract"
import { boundsOf } from "./bounds.ts"
import {
  type ChoiceOption,
  type EnumOption,
  type Field,
  isList,
  isObject,
  type Property,
  type TextInput,
} from "./field.ts"
import { type Node, nodeOf, type Roots } from "./node.ts"

export const readField = (schema: Json | undefined, roots: Roots): Field => fieldOf(nodeOf(schema, roots), 0)

/** Forms within forms at one place; a schema may be a form of itself. */
const FORMS_DEEP_MAX = 3

type Common = Omit<Extract<Field, { kind: "json" }>, "kind">

function fieldOf(node: Node, deep: number): Field {
  const { schema } = node
  const common: Common = {
    title: textOr(schema.title),
    description: textOr(schema.description),
    default: schema.default,
    examples: isList(schema.examples) ? schema.examples : [],
    nullable: takesNull(schema),
    deprecated: schema.deprecated === true,
    bounds: boundsOf(schema),
  }
  if (Object.hasOwn(schema, "const")) return { ...common, kind: "enum", options: [enumOption(schema.const ?? null)] }
  if (isList(schema.enum)) return enumField(common, schema.enum)
  const forms = formsOf(schema)
  if (forms !== null)
    return deep < FORMS_DEEP_MAX ? choiceField(common, node, forms, deep + 1) : { ...common, kind: "json" }
  const types = typesOf(schema)
  if (types.length > 1) return typeChoice(common, node, types)
  return typed(common, node, types[0])
}

const textOr = (value: Json | undefined): string | null => (typeof value === "string" && value !== "" ? value : null)
const numberOr = (value: Json | undefined): number | null => (typeof value === "number" ? value : null)

/** The types it names, or the one its keywords speak of. */
function typesOf(schema: JsonObject): readonly string[] {
  const named = typeof schema.type === "string" ? [schema.type] : isList(schema.type) ? schema.type.map(String) : []
  const types = named.filter((type) => type !== "null")
  // A number is asked for once, whatever else is said of it.
  if (types.includes("number")) return types.filter((type) => type !== "integer")
  if (types.length > 0 || named.length > 0) return types
  const spoken = (words: readonly string[]) => words.some((word) => Object.hasOwn(schema, word))
  if (spoken(["properties", "required", "minProperties", "maxProperties"])) return ["object"]
  if (isObject(schema.additionalProperties)) return ["object"]
  if (spoken(["items", "prefixItems", "minItems", "maxItems"])) return ["array"]
  if (spoken(["minLength", "maxLength", "pattern", "format"])) return ["string"]
  if (spoken(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"])) return ["number"]
  return []
}

function takesNull(schema: JsonObject): boolean {
  if (isList(schema.type)) return schema.type.includes("null")
  if (isList(schema.enum)) return schema.enum.includes(null)
  return [schema.anyOf, schema.oneOf].some((forms) => isList(forms) && forms.some(isNullForm))
}

const isNullForm = (form: Json) => isObject(form) && (form.type === "null" || form.const === null)

function typed(common: Common, node: Node, type: string | undefined): Field {
  const { schema } = node
  switch (type) {
    case "string":
      return { ...common, kind: "text", input: textInput(schema), maxLength: numberOr(schema.maxLength) }
    case "number":
    case "integer":
      return {
        ...common,
        kind: "number",
        whole: type === "integer",
        min: numberOr(schema.minimum),
        max: numberOr(schema.maximum),
        step: numberOr(schema.multipleOf) ?? 1,
      }
    case "boolean":
      return { ...common, kind: "boolean" }
    case "object":
      return objectField(common, node)
    case "array":
      return listField(common, node)
    default:
      return { ...common, kind: "json" }
  }
}

/** Beyond this a text is likely to be more than one line. */
const LINE_MAX = 200

function textInput({ format, maxLength, contentMediaType }: JsonObject): TextInput {
  if (format === "date" || format === "date-time" || format === "time" || format === "email" || format === "uri")
    return format
  return contentMediaType !== undefined || (typeof maxLength === "number" && maxLength > LINE_MAX) ? "lines" : "line"
}

function objectField(common: Common, { schema, roots }: Node): Field {
  const declared = isObject(schema.properties) ? schema.properties : {}
  const required = isList(schema.required) ? schema.required : []
  const names = [...Object.keys(declared), ...required.map(String).filter((key) => !Object.hasOwn(declared, key))]
  const properties = names.map(
    (key): Property => ({
      key,
      required: required.includes(key),
      field: () => readField(Object.hasOwn(declared, key) ? declared[key] : {}, roots),
    }),
  )
  return { ...common, kind: "object", properties, extra: extraOf(schema, roots, names.length === 0) }
}

/** A schema that says nothing of further properties takes them; they are asked for only where nothing else is. */
function extraOf(schema: JsonObject, roots: Roots, isOnly: boolean): (() => Field) | null {
  const { additionalProperties: rest, patternProperties } = schema
  if (isObject(rest)) return () => readField(rest, roots)
  if (isObject(patternProperties)) return () => readField(Object.values(patternProperties)[0], roots)
  return rest === false || !(rest === true || isOnly) ? null : () => readField({}, roots)
}

function listField(common: Common, { schema, roots }: Node): Field {
  const first = isList(schema.prefixItems) ? schema.prefixItems : []
  return {
    ...common,
    kind: "list",
    first: first.map((one) => () => readField(one, roots)),
    item: () => readField(schema.items, roots),
    maxItems: schema.items === false ? first.length : numberOr(schema.maxItems),
  }
}

const enumOption = (value: Json, label?: Json): EnumOption => ({
  value,
  label: textOr(label) ?? (typeof value === "string" && value !== "" ? value : JSON.stringify(value)),
})

function enumField(common: Common, values: readonly Json[]): Field {
  return { ...common, kind: "enum", options: values.map((value) => enumOption(value)) }
}

/** The forms among which a value chooses; null where they only narrow what stands beside them. */
function formsOf(schema: JsonObject): readonly JsonObject[] | null {
  const listed = isList(schema.oneOf) ? schema.oneOf : isList(schema.anyOf) ? schema.anyOf : null
  const forms = listed?.filter(isObject).filter((form) => !isNullForm(form)) ?? []
  const shapes = ["type", "properties", "items", "const", "enum", "$ref", "allOf", "anyOf", "oneOf"]
  const isShape = (form: JsonObject) => shapes.some((word) => Object.hasOwn(form, word))
  return forms.length > 0 && forms.every(isShape) ? forms : null
}

function choiceField(common: Common, { schema, roots }: Node, forms: readonly JsonObject[], deep: number): Field {
  const { oneOf: _one, anyOf: _any, title: _title, description: _description, default: _default, ...beside } = schema
  const nodes = forms.map((form) => nodeOf(form, roots))
  if (nodes.every((one) => Object.hasOwn(one.schema, "const")))
    return { ...common, kind: "enum", options: nodes.map((one) => enumOption(one.schema.const!, one.schema.title)) }
  const alone = forms.length === 1 ? nodes[0] : undefined
  const read = (form: JsonObject) => fieldOf(nodeOf({ allOf: [form, beside] }, roots), deep)
  if (alone !== undefined) {
    const only = read(forms[0]!)
    return { ...only, ...present(common), nullable: common.nullable || only.nullable }
  }
  const options = forms.map(
    (form, at): ChoiceOption => ({
      label: formLabel(nodes[at]!.schema, at),
      field: () => read(form),
    }),
  )
  return { ...common, kind: "choice", options }
}

function present(common: Common): Partial<Common> {
  return {
    ...(common.title !== null && { title: common.title }),
    ...(common.description !== null && { description: common.description }),
    ...(common.default !== undefined && { default: common.default }),
  }
}

function typeChoice(common: Common, { schema, roots }: Node, types: readonly string[]): Field {
  const { title: _title, description: _description, default: _default, ...rest } = schema
  return {
    ...common,
    kind: "choice",
    options: types.map((type) => ({
      label: typeWords[type] ?? type,
      field: () => readField({ ...rest, type }, roots),
    })),
  }
}

export const typeWords: Readonly<Record<string, string>> = {
  string: "text",
  number: "number",
  integer: "whole number",
  boolean: "true or false",
  object: "object",
  array: "list",
}

/** Its title, the constant by which it is told apart, or its type. */
function formLabel(schema: JsonObject, at: number): string {
  if (typeof schema.title === "string") return schema.title
  const properties = isObject(schema.properties) ? Object.entries(schema.properties) : []
  for (const [, property] of properties)
    if (isObject(property) && typeof property.const === "string") return property.const
  const required = isList(schema.required) ? schema.required.map(String) : []
  if (required.length > 0) return `with ${required.slice(0, 3).join(", ")}`
  const [type, another] = typesOf(schema)
  return type !== undefined && another === undefined ? (typeWords[type] ?? type) : `form ${at + 1}`
}
