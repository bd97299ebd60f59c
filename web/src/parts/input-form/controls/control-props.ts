/** What every control is given. */
import type { ReactNode } from "react"
import type { Control } from "../value/control.ts"

export interface ControlProps<C extends Control = Control> {
  readonly control: C
  /** As the schema calls it; a title of the field is shown in its place. */
  readonly name: string
  readonly required: boolean
  /** Taken away it is simply not there; an item of a list must be something. */
  readonly mayBeAbsent: boolean
  /** The name is heard only: something beside it says it. */
  readonly nameHidden?: boolean
  readonly aside?: ReactNode
}
