import { createContext, use } from "react"
import type { InputFormHandle } from "./use-input-form.ts"

/** What every control of a form needs of it. */
export interface FormContext {
  readonly form: InputFormHandle
  readonly words: ReadonlyMap<string, string>
}

const context = createContext<FormContext | null>(null)

export const FormProvider = context.Provider

export function useForm(): FormContext {
  const form = use(context)
  if (form === null) throw new Error("a control without a form")
  return form
}
