import { useForm } from "../form-context.ts"
import type { ControlOf } from "../value/control.ts"
import { newValue } from "../value/start-value.ts"
import type { ControlProps } from "./control-props.ts"
import { GroupFrame } from "./Frame.tsx"
import { TextButton } from "./TextButton.tsx"

/** `null` is a value of its own, and cannot be typed into a field of another kind. */
export function NullControl(props: ControlProps<ControlOf<"null">>) {
  const { control, mayBeAbsent, required } = props
  const { form } = useForm()
  return (
    <GroupFrame {...props}>
      <p className="flex min-h-9 items-center gap-3">
        <code className="text-muted">null</code>
        <TextButton onClick={() => form.set(control.keys, newValue(control.field))}>Give a value</TextButton>
        {mayBeAbsent && !required && (
          <TextButton onClick={() => form.set(control.keys, undefined)}>Leave out</TextButton>
        )}
      </p>
    </GroupFrame>
  )
}
