import { Segments } from "../../../ui/Segments.tsx"
import { useForm } from "../form-context.ts"
import type { ControlOf } from "../value/control.ts"
import type { ControlProps } from "./ControlView.tsx"
import { GroupFrame } from "./Frame.tsx"

/** Both values and, where it may be left out, that too: a box with a tick would not tell `false` from nothing. */
export function BooleanControl(props: ControlProps<ControlOf<"boolean">>) {
  const { control, name, required, mayBeAbsent } = props
  const { form } = useForm()
  const options = [
    { value: "true", label: "true" },
    { value: "false", label: "false" },
    ...(mayBeAbsent && !(required && !control.given) && !required ? [{ value: "", label: leftOut(control) }] : []),
  ]
  return (
    <GroupFrame {...props}>
      <Segments
        label={name}
        className="self-start"
        options={options}
        value={control.given ? String(control.checked) : required ? "none" : ""}
        onChange={(next) => form.set(control.keys, next === "" ? undefined : next === "true")}
      />
    </GroupFrame>
  )
}

const leftOut = ({ field }: ControlOf<"boolean">) =>
  field.default === undefined ? "not given" : `left out: ${JSON.stringify(field.default)}`
