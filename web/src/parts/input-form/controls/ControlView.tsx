/** A control for whatever a field is. Each kind has a file of its own; here they are only told apart. */
import { unreachable } from "../../unreachable.ts"
import { BooleanControl } from "./BooleanControl.tsx"
import { ChoiceControl } from "./ChoiceControl.tsx"
import type { ControlProps } from "./control-props.ts"
import { EnumControl } from "./EnumControl.tsx"
import { JsonControl } from "./JsonControl.tsx"
import { ListControl } from "./ListControl.tsx"
import { NullControl } from "./NullControl.tsx"
import { NumberControl } from "./NumberControl.tsx"
import { ObjectControl } from "./ObjectControl.tsx"
import { TextControl } from "./TextControl.tsx"

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
