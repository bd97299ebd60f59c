/**
 * What a schema asks for, in the words of a form. A field says how a value is filled in, never whether it is valid: that
 * is the server's to say. Fields are read one level at a time, so that a schema which refers to itself comes to an end.
 */
import type { Json, JsonObject } from "@waybill/contract"

export type TextInput = "line" | "lines" | "date" | "date-time" | "time" | "email" | "uri"

interface Common {
  readonly title: string | null
  readonly description: string | null
  /** `undefined`: none. */
  readonly default: Json | undefined
  readonly examples: readonly Json[]
  /** `null` is a value it takes. */
  readonly nullable: boolean
  readonly deprecated: boolean
  /** What is asked of a value besides its type: `0.5 to 120`, `at most 20 characters`. */
  readonly bounds: readonly string[]
}

export interface Property {
  readonly key: string
  readonly required: boolean
  readonly field: () => Field
}

export type Field = Common &
  (
    | { readonly kind: "text"; readonly input: TextInput; readonly maxLength: number | null }
    | {
        readonly kind: "number"
        readonly whole: boolean
        readonly min: number | null
        readonly max: number | null
        readonly step: number
      }
    | { readonly kind: "boolean" }
    | { readonly kind: "enum"; readonly options: readonly EnumOption[] }
    | {
        readonly kind: "object"
        readonly properties: readonly Property[]
        /** What further properties hold; null: none are taken, or none are asked for. */
        readonly extra: (() => Field) | null
      }
    | {
        readonly kind: "list"
        /** For the first places, then for all that follow. */
        readonly first: readonly (() => Field)[]
        readonly item: () => Field
        readonly maxItems: number | null
      }
    | { readonly kind: "choice"; readonly options: readonly ChoiceOption[] }
    /** Anything at all, or what no control here can show: it is written as JSON. */
    | { readonly kind: "json" }
  )

export type FieldOf<Kind extends Field["kind"]> = Extract<Field, { readonly kind: Kind }>

export interface EnumOption {
  readonly value: Json
  readonly label: string
}

export interface ChoiceOption {
  readonly label: string
  readonly field: () => Field
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)
