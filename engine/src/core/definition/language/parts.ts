/** Building blocks of the published JSON Schema. Descriptions are what an editor shows beside the field. */
import type { Json, JsonObject } from "../../json.ts"

export type Properties = Readonly<Record<string, JsonObject>>

/** An object that refuses what it does not know, except `x-*`, as the parser does. */
export function closed(
  description: string,
  properties: Properties,
  required: readonly string[] = [],
  more: JsonObject = {},
): JsonObject {
  return {
    type: "object",
    description,
    properties,
    ...(required.length > 0 && { required }),
    patternProperties: { "^x-": true },
    additionalProperties: false,
    ...more,
  }
}

export function ref(name: string, description?: string): JsonObject {
  return { $ref: `#/$defs/${name}`, ...(description !== undefined && { description }) }
}

export function text(description: string, more: JsonObject = {}): JsonObject {
  return { type: "string", description, ...more }
}

export function flag(description: string, fallback: boolean): JsonObject {
  return { type: "boolean", description, default: fallback }
}

export function choice(description: string, values: readonly string[], fallback?: string): JsonObject {
  return { enum: values, description, ...(fallback !== undefined && { default: fallback }) }
}

export function whole(description: string, minimum: number, maximum?: number, fallback?: number): JsonObject {
  return {
    type: "integer",
    description,
    minimum,
    ...(maximum !== undefined && { maximum }),
    ...(fallback !== undefined && { default: fallback }),
  }
}

/** Seconds; the parser takes a thousandth as the least. */
export function seconds(description: string, { allowZero = false }: { readonly allowZero?: boolean } = {}): JsonObject {
  return {
    type: "number",
    description: `${description} Seconds, fractions allowed.`,
    minimum: allowZero ? 0 : 0.001,
    maximum: 3_155_760_000,
  }
}

export function list(description: string, items: JsonObject, more: JsonObject = {}): JsonObject {
  return { type: "array", description, items, ...more }
}

export function anything(description: string): JsonObject {
  return { description }
}

export function constant(value: Json, description: string): JsonObject {
  return { const: value, description }
}
