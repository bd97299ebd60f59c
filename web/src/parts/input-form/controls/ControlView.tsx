/** A control for whatever a field is. Each kind has a file of its own; here they are only told apart. */
import type { ReactNode } from "react"
import { unreachable } from "../../unreachable.ts"
import type { Control } from "../value/control.ts"
import { BooleanControl } from "./BooleanControl.tsx"
import { ChoiceControl } from "./ChoiceControl.tsx"
import { EnumControl } from "./EnumControl.tsx"
import { JsonControl } from "./JsonControl.tsx"
import { ListControl } from "./ListControl.tsx"
import { NullControl } from "./NullControl.tsx"
import { NumberControl } from "./NumberControl.tsx"
import { ObjectControl } from "./ObjectControl.tsx"
import { TextControl } from "./TextControl.tsx"

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

export function ControlView({ control, ...rest }: ControlProps) {
  switch (control.kind) {
    case "text":
      return <TextControl control={control} {...rest} />
    case "number":
      return <NumberControl control={control} {...rest} />
    case "boolean":
      return <BooleanControl control={control} {...rest} />
    case "enum":
      return <EnumControl control={control} {...rest} />
    case "object":
      return <ObjectControl control={control} {...rest} />
    case "list":
      return <ListControl control={control} {...rest} />
    case "choice":
      return <ChoiceControl control={control} {...rest} />
    case "null":
      return <NullControl control={control} {...rest} />
    case "json":
      return <JsonControl control={control} {...rest} />
    default:
      return unreachable(control)
  }
}
