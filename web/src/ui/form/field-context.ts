import { createContext, use } from "react"

/** How a control inside a `Field` is tied to its label, hint and error. */
export type FieldIds = {
  readonly id: string
  readonly "aria-describedby"?: string
  readonly "aria-invalid"?: true
  readonly "aria-required"?: true
}

const context = createContext<FieldIds | undefined>(undefined)

export const FieldProvider = context.Provider

/** What a control spreads over itself; its own props win. */
export const useField = (): Partial<FieldIds> => use(context) ?? {}
