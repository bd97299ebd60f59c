/**
 * What the form shows of a value: a tree of controls, each with the value it stands for. `controlValue(controlOf(f, v))` is
 * `v` whatever the schema says: a value that its field's own control cannot show is shown as JSON.
 */
import type { Json } from "@waybill/contract"
import { type Keys, pointerOf } from "../../../ui/json/json-path.ts"
import { type Field, type FieldOf, isList, isObject, type TextInput } from "../schema/field.ts"
import { fits, tells } from "./fits.ts"
import { fitsInField, isDate, numberText, readNumber, sameJson } from "./scalar-text.ts"

interface Place {
  readonly field: Field
  readonly keys: Keys
  readonly pointer: string
  /** It is there; otherwise the control is empty and stands for nothing. */
  readonly given: boolean
  /** Levels above it, up to the last value that is there. */
  readonly empty: number
}

export interface Entry {
  readonly key: string
  readonly required: boolean
  /** The schema names it; otherwise somebody has added it. */
  readonly declared: boolean
  readonly control: Control
}

export type Control = Place &
  (
    | { readonly kind: "text"; readonly input: TextInput; readonly text: string }
    | { readonly kind: "number"; readonly field: FieldOf<"number">; readonly text: string }
    | { readonly kind: "boolean"; readonly checked: boolean }
    | { readonly kind: "enum"; readonly field: FieldOf<"enum">; readonly at: number }
    | { readonly kind: "object"; readonly field: FieldOf<"object">; readonly entries: readonly Entry[] }
    | { readonly kind: "list"; readonly field: FieldOf<"list">; readonly items: readonly Control[] }
    | {
        readonly kind: "choice"
        readonly field: FieldOf<"choice">
        readonly at: number
        readonly inner: Control | null
      }
    | { readonly kind: "null" }
    | { readonly kind: "json"; readonly value: Json | undefined }
  )

export type ControlOf<Kind extends Control["kind"]> = Extract<Control, { readonly kind: Kind }>

/** Which form was chosen, by pointer: two forms may take the same value. */
export type Picks = ReadonlyMap<string, number>
export const noPicks: Picks = new Map()

const DEPTH_MAX = 12
/** So many levels are laid out below the last value that is there: a schema may hold itself, more than once. */
const EMPTY_DEPTH_MAX = 3

export function controlOf(field: Field, value: Json | undefined, picks: Picks = noPicks, keys: Keys = []): Control {
  return controlAt(field, value, picks, keys, 0)
}

/** `empty`: how many levels above it have no value. */
function controlAt(field: Field, value: Json | undefined, picks: Picks, keys: Keys, empty: number): Control {
  const given = value !== undefined
  const place = { field, keys, pointer: pointerOf(keys), given, empty: given ? 0 : empty }
  if (keys.length > DEPTH_MAX || place.empty > EMPTY_DEPTH_MAX) return { ...place, kind: "json", value }
  if (value === null && !isEnumOf(field, null)) return { ...place, kind: "null" }
  return own(place, field, value, picks) ?? { ...place, kind: "json", value }
}

/** The field's own control, where it can show the value. */
function own(place: Place, field: Field, value: Json | undefined, picks: Picks): Control | null {
  switch (field.kind) {
    case "text":
      return textControl(place, field, value)
    case "number": {
      const text = value === undefined ? "" : numberText(value)
      return text === null ? null : { ...place, kind: "number", field, text }
    }
    case "boolean":
      if (value !== undefined && typeof value !== "boolean") return null
      return { ...place, kind: "boolean", checked: value ?? false }
    case "enum": {
      const at = value === undefined ? -1 : field.options.findIndex((option) => sameJson(option.value, value))
      return at === -1 && value !== undefined ? null : { ...place, kind: "enum", field, at }
    }
    case "object":
      if (value !== undefined && !isObject(value)) return null
      return { ...place, kind: "object", field, entries: entriesOf(field, value, picks, place) }
    case "list":
      if (value !== undefined && !isList(value)) return null
      return { ...place, kind: "list", field, items: itemsOf(field, value ?? [], picks, place) }
    case "choice":
      return choiceControl(place, field, value, picks)
    case "json":
      return null
  }
}

function textControl(place: Place, field: FieldOf<"text">, value: Json | undefined): Control | null {
  if (value === undefined) return { ...place, kind: "text", input: field.input, text: "" }
  if (typeof value !== "string") return null
  const input = inputFor(field.input, value)
  return input === null ? null : { ...place, kind: "text", input, text: value }
}

/** A calendar shows dates and nothing else; what has lines needs a field with lines. */
function inputFor(wanted: TextInput, text: string): TextInput | null {
  const input = wanted === "date" && !isDate(text) ? "line" : wanted
  if (fitsInField(text, input === "lines")) return input
  return fitsInField(text, true) ? "lines" : null
}

type Above = Pick<Place, "keys" | "empty">

function entriesOf(field: FieldOf<"object">, value: Json | undefined, picks: Picks, above: Above): readonly Entry[] {
  const { keys, empty } = above
  const object = isObject(value) ? value : {}
  const declared = field.properties.map(({ key, required, field: inner }): Entry => {
    const is = Object.hasOwn(object, key) ? object[key] : undefined
    return { key, required, declared: true, control: controlAt(inner(), is, picks, [...keys, key], empty + 1) }
  })
  const known = new Set(field.properties.map(({ key }) => key))
  const extra = Object.entries(object)
    .filter(([key]) => !known.has(key))
    .map(([key, is]): Entry => {
      const inner = field.extra?.() ?? anything
      return { key, required: false, declared: false, control: controlAt(inner, is, picks, [...keys, key], empty + 1) }
    })
  return [...declared, ...extra]
}

function itemsOf(field: FieldOf<"list">, items: readonly Json[], picks: Picks, { keys, empty }: Above) {
  return items.map((item, at) => controlAt((field.first[at] ?? field.item)(), item, picks, [...keys, at], empty + 1))
}

function choiceControl(place: Place, field: FieldOf<"choice">, value: Json | undefined, picks: Picks): Control | null {
  const options = field.options.map((option) => option.field())
  const takes = (option: Field | undefined) =>
    option !== undefined && (value === undefined || (own(place, option, value, picks) !== null && tells(option, value)))
  const picked = picks.get(place.pointer) ?? -1
  const at = takes(options[picked]) ? picked : value === undefined ? -1 : nearest(options, value, takes)
  if (at === -1) return value === undefined ? { ...place, kind: "choice", field, at, inner: null } : null
  return { ...place, kind: "choice", field, at, inner: controlAt(options[at]!, value, picks, place.keys, place.empty) }
}

/** The first form that the value has in all its parts, or at least on the outside. */
function nearest(options: readonly Field[], value: Json, takes: (option: Field) => boolean): number {
  const whole = options.findIndex((option) => fits(option, value))
  return whole === -1 ? options.findIndex(takes) : whole
}

const isEnumOf = (field: Field, value: Json) =>
  field.kind === "enum" && field.options.some((option) => sameJson(option.value, value))

const anything: Field = {
  kind: "json",
  title: null,
  description: null,
  default: undefined,
  examples: [],
  nullable: true,
  deprecated: false,
  bounds: [],
}

/** What the run would get of it. */
export function controlValue(control: Control): Json | undefined {
  if (!control.given) return undefined
  switch (control.kind) {
    case "text":
      return control.text
    case "number":
      return readNumber(control.text)
    case "boolean":
      return control.checked
    case "enum":
      return control.field.options[control.at]?.value
    case "object":
      return Object.fromEntries(
        control.entries.flatMap(({ key, control: inner }) => {
          const value = controlValue(inner)
          return value === undefined ? [] : [[key, value]]
        }),
      )
    case "list":
      return control.items.map((item) => controlValue(item) ?? null)
    case "choice":
      return control.inner === null ? undefined : controlValue(control.inner)
    case "null":
      return null
    case "json":
      return control.value
  }
}

/** Itself and all that is in it, from the top down. */
export function* allControls(control: Control): Generator<Control> {
  yield control
  if (control.kind === "object") for (const entry of control.entries) yield* allControls(entry.control)
  if (control.kind === "list") for (const item of control.items) yield* allControls(item)
  if (control.kind === "choice" && control.inner !== null) yield* insideOf(control.inner)
}

/** A choice and what was chosen stand at the same place. */
function* insideOf(control: Control): Generator<Control> {
  const [, ...inside] = allControls(control)
  yield* inside
}
