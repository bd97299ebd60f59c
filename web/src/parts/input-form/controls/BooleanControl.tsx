import { Segments } from "../../../ui/Segments.tsx"
import { useForm } from "../form-context.ts"
import type { ControlOf } from "../value/control.ts"
import type { ControlProps } from "./control-props.ts"
import { GroupFrame } from "./Frame.tsx"
import { leftOut } from "./left-out.ts"

/** Both values and, where it may be left out, that too: a box with a tick would not tell `false` from nothing. */
export function BooleanControl(props: ControlProps<ControlOf<"boolean">>) {
  const { control, name } = props
  const { form } = useForm()
  const nothing = leftOut(props)
  return (
    <GroupFrame {...props}>
      <Segments
        label={name}
        className="self-start"
        options={[
          { value: "true", label: "true" },
          { value: "false", label: "false" },
          ...(nothing === null ? [] : [{ value: "", label: nothing }]),
        ]}
        value={control.given ? String(control.checked) : nothing === null ? "none" : ""}
        onChange={(next) => form.set(control.keys, next === "" ? undefined : next === "true")}
      />
    </GroupFrame>
  )
}
