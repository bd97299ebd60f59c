/** One form that is being filled in: its value, what it shows, and what can be done to it. */
import type { Finding, Json } from "@waybill/contract"
import { useMemo, useState } from "react"
import { useAfterPress } from "../../ui/form/use-after-press.ts"
import type { Keys } from "../../ui/json/json-path.ts"
import { changedAt, type FormState, formWith, pickedAt, touchedAt, typedJson } from "./form-state.ts"
import { seenTroubles, type Trouble, troublesIn } from "./problems.ts"
import type { Field } from "./schema/field.ts"
import { type InputSchema, inputField } from "./schema/input-schema.ts"
import { ordered } from "./value/at.ts"
import { type Control, controlOf } from "./value/control.ts"
import { completed, startValue } from "./value/start-value.ts"

export interface InputFormHandle {
  readonly field: Field
  readonly control: Control
  readonly state: FormState
  readonly value: Json
  /** A text somewhere is no JSON yet: what is shown is not what would be sent. */
  readonly isBroken: boolean
  readonly set: (keys: Keys, next: Json | undefined) => void
  readonly pick: (pointer: string, at: number) => void
  readonly touch: (pointer: string) => void
  readonly typeJson: (keys: Keys, text: string) => void
}

/** `given`: what it begins with, completed by the schema's defaults; absent: what the schema says by itself. */
export function useInputForm(input: InputSchema | null, given?: Json): InputFormHandle {
  const field = useMemo(() => inputField(input), [input])
  const [state, setState] = useState(() => formWith(given === undefined ? begin(field) : completed(field, given)))
  const control = useMemo(() => controlOf(field, state.value, state.picks), [field, state.value, state.picks])
  const afterPress = useAfterPress()
  return {
    field,
    control,
    state,
    value: state.value,
    isBroken: state.broken.size > 0,
    set: (keys, next) =>
      setState((before) => {
        const after = changedAt(before, keys, next)
        return { ...after, value: ordered(field, after.value) }
      }),
    pick: (pointer, at) => setState((before) => pickedAt(before, pointer, at)),
    touch: (pointer) => afterPress(() => setState((before) => touchedAt(before, pointer))),
    typeJson: (keys, text) => setState((before) => typedJson(before, keys, text)),
  }
}

const begin = (field: Field): Json => startValue(field, true) ?? {}

export interface SeenTroubles {
  readonly all: readonly Trouble[]
  /** By pointer, in words: those that somebody is told of now. */
  readonly words: ReadonlyMap<string, string>
}

/** `isTried`: somebody has asked for it to be sent, so that what is missing is said too. */
export function troublesOf(form: InputFormHandle, findings: readonly Finding[], isTried: boolean): SeenTroubles {
  const all = troublesIn(form.control, findings)
  return { all, words: seenTroubles(all, { all: isTried, touched: form.state.touched }) }
}
