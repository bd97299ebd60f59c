import { type ComponentType, createContext, use } from "react"
import type { ControlProps } from "./controls/control-props.ts"
import type { InputFormHandle } from "./use-input-form.ts"

/** What every control of a form needs of it. */
export interface FormContext {
  readonly form: InputFormHandle
  readonly words: ReadonlyMap<string, string>
  /** A control for what lies inside: given from above, since a list may hold what holds a list. */
  readonly Inner: ComponentType<ControlProps>
}

const context = createContext<FormContext | null>(null)

export const FormProvider = context.Provider

export function useForm(): FormContext {
  const form = use(context)
  if (form === null) throw new Error("a control without a form")
  return form
}
