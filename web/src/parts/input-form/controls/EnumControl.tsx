import { Select } from "../../../ui/form/Select.tsx"
import { Segments } from "../../../ui/Segments.tsx"
import { useForm } from "../form-context.ts"
import type { ControlOf } from "../value/control.ts"
import type { ControlProps } from "./control-props.ts"
import { Frame, GroupFrame } from "./Frame.tsx"
import { leftOut } from "./left-out.ts"

const SIDE_BY_SIDE_MAX = 4
const SIDE_BY_SIDE_CHARS = 36

/** A few short values stand side by side, more in a list. */
export function EnumControl(props: ControlProps<ControlOf<"enum">>) {
  const { control, name } = props
  const { form } = useForm()
  const { field, at, keys, pointer } = control
  const values = field.options.map((option, place) => ({ value: String(place), label: option.label }))
  const without = leftOut(props)
  const nothing = without === null ? [] : [{ value: "-1", label: without }]
  // A constant that must be there is no question.
  if (values.length === 1 && at === 0 && nothing.length === 0) {
    return (
      <GroupFrame {...props}>
        <code>{values[0]?.label}</code>
      </GroupFrame>
    )
  }
  const set = (place: string) => form.set(keys, field.options[Number(place)]?.value)
  const isShort =
    values.length <= SIDE_BY_SIDE_MAX && values.reduce((sum, { label }) => sum + label.length, 0) <= SIDE_BY_SIDE_CHARS
  if (isShort) {
    return (
      <GroupFrame {...props}>
        <Segments
          label={name}
          className="flex-wrap self-start"
          options={[...values, ...nothing]}
          value={String(at)}
          onChange={set}
        />
      </GroupFrame>
    )
  }
  const choose = at === -1 && nothing.length === 0 ? [{ value: "-1", label: "Choose …", disabled: true }] : nothing
  return (
    <Frame {...props}>
      <Select options={[...choose, ...values]} value={String(at)} onChange={set} onBlur={() => form.touch(pointer)} />
    </Frame>
  )
}
