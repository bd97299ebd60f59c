/**
 * A form that is being filled in, as plain data: the value, and the little that is not yet in it. The value is the only
 * truth; what somebody types that is no JSON yet waits in `broken`, and nothing can be sent while anything waits there.
 */
import type { Json } from "@waybill/contract"
import { type Keys, pointerOf } from "../../ui/json/json-path.ts"
import { withAt } from "./value/at.ts"
import { noPicks, type Picks } from "./value/control.ts"

export interface FormState {
  readonly value: Json
  readonly picks: Picks
  /** Texts that are no JSON, by the pointer of their field; `""` is the text of the whole. */
  readonly broken: ReadonlyMap<string, string>
  /** Where somebody has been. */
  readonly touched: ReadonlySet<string>
}

export const formWith = (value: Json): FormState => ({ value, picks: noPicks, broken: new Map(), touched: new Set() })

/** `undefined` takes the place away. */
export function changedAt(state: FormState, keys: Keys, next: Json | undefined): FormState {
  const pointer = pointerOf(keys)
  // A place in a list is another's after one was taken away or moved.
  const stays = (at: string) => at !== "" && at !== pointer && !at.startsWith(`${pointer}/`)
  return {
    ...state,
    value: withAt(state.value, keys, next) ?? {},
    broken: new Map([...state.broken].filter(([at]) => stays(at))),
    touched: new Set([...state.touched, pointer]),
  }
}

export function pickedAt(state: FormState, pointer: string, at: number): FormState {
  return state.picks.get(pointer) === at ? state : { ...state, picks: new Map([...state.picks, [pointer, at]]) }
}

export function touchedAt(state: FormState, pointer: string): FormState {
  return state.touched.has(pointer) ? state : { ...state, touched: new Set([...state.touched, pointer]) }
}

/** What is typed in a field of JSON: it is the value as soon as it is JSON. */
export function typedJson(state: FormState, keys: Keys, text: string): FormState {
  const parsed = readText(text)
  if (parsed !== undefined) return changedAt(state, keys, parsed)
  return { ...state, broken: new Map([...state.broken, [pointerOf(keys), text]]) }
}

function readText(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** Why a text is no JSON, as the browser says it without the text itself. */
export function whyNoJson(text: string): string {
  if (text.trim() === "") return "Nothing is written here; an empty object is {}."
  try {
    JSON.parse(text)
    return ""
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    return `This is no JSON yet: ${words
      .replace(/^JSON\.parse: /, "")
      .replace(/, (\.\.\.)?".*$/s, "")
      .replace(/ in JSON/, "")}.`
  }
}
