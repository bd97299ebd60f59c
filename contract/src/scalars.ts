/** The small types every document is made of. Times are RFC 3339 UTC with milliseconds; durations are `…Ms` numbers. */
import { type Static, type TSchema, Type } from "typebox"

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json }

export function json(description?: string) {
  return Type.Unsafe<Json>(description === undefined ? {} : { description })
}

export function jsonObject(description?: string) {
  return Type.Unsafe<JsonObject>({ type: "object", additionalProperties: true, ...(description && { description }) })
}

/** One `type` list instead of `anyOf`: OpenAPI 3.1 reads it, and the serializer need not try alternatives. */
export function nullable<T extends TSchema>(schema: T) {
  const { type, enum: values, ...rest } = schema as T & { type?: string; enum?: readonly unknown[] }
  return Type.Unsafe<Static<T> | null>({
    ...rest,
    type: [type, "null"],
    ...(values && { enum: [...values, null] }),
  })
}

export function oneOf<const V extends readonly string[]>(values: V, description?: string) {
  return Type.Unsafe<V[number]>({ type: "string", enum: [...values], ...(description && { description }) })
}

/** A body: what it does not name is refused, with the nearest name. */
export function request<const P extends { [key: string]: TSchema }>(
  title: string,
  properties: P,
  description?: string,
) {
  return Type.Object(properties, { title, additionalProperties: false, ...(description && { description }) })
}

/** An answer: later releases may add fields, so clients must not refuse them. */
export function answer<const P extends { [key: string]: TSchema }>(title: string, properties: P, description?: string) {
  return Type.Object(properties, { title, ...(description && { description }) })
}

export function page<T extends TSchema>(title: string, item: T) {
  return Type.Object(
    {
      items: Type.Array(item),
      nextCursor: nullable(Type.String({ description: "Pass it as `cursor` for the next page; null on the last." })),
      total: Type.Optional(
        Type.Object({
          value: Type.Integer(),
          exact: Type.Boolean({ description: "False above 10,000: at least so many." }),
        }),
      ),
    },
    { title },
  )
}

export const text = Type.String()
export const textOrNull = nullable(Type.String())
export const count = Type.Integer({ minimum: 0 })
export const time = Type.String({ format: "date-time", description: "RFC 3339, UTC, milliseconds." })
export const timeOrNull = nullable(time)
export const durationMs = Type.Number({ minimum: 0, description: "Milliseconds." })
export const durationMsOrNull = nullable(durationMs)

export const Action = answer("Action", {
  name: Type.String({ description: "The route's last word: `cancel`, `approve` …" }),
  allowed: Type.Boolean(),
  reason: Type.Optional(Type.String({ description: "Why not." })),
})
export type Action = Static<typeof Action>
