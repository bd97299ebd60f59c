import { Button } from "../../../ui/Button.tsx"
import { cx } from "../../../ui/cx.ts"
import { useForm } from "../form-context.ts"
import type { ControlOf } from "../value/control.ts"
import { newValue } from "../value/start-value.ts"
import type { ControlProps } from "./control-props.ts"
import { Entries } from "./Entries.tsx"
import { GroupFrame } from "./Frame.tsx"
import { TextButton } from "./TextButton.tsx"

/** An object stands indented under its name. One that may be left out is not there until it is added. */
export function ObjectControl(props: ControlProps<ControlOf<"object">>) {
  const { control, name, required, mayBeAbsent, nameHidden } = props
  const { form } = useForm()
  if (!control.given && !required) {
    return (
      <GroupFrame {...props}>
        <Button
          size="sm"
          icon="plus"
          className="self-start"
          onClick={() => form.set(control.keys, newValue(control.field))}
        >
          Add {name}
        </Button>
      </GroupFrame>
    )
  }
  const leaveOut = mayBeAbsent && !required && (
    <TextButton onClick={() => form.set(control.keys, undefined)}>Leave out</TextButton>
  )
  return (
    <GroupFrame {...props} acts={leaveOut}>
      <div className={cx("flex flex-col gap-4", !nameHidden && "mt-1 border-l-2 pl-3")}>
        <Entries control={control} />
      </div>
    </GroupFrame>
  )
}
