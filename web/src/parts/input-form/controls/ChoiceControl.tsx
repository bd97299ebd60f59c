import { Select } from "../../../ui/form/Select.tsx"
import { Segments } from "../../../ui/Segments.tsx"
import { useForm } from "../form-context.ts"
import type { ControlOf } from "../value/control.ts"
import { newValue } from "../value/start-value.ts"
import type { ControlProps } from "./control-props.ts"
import { GroupFrame } from "./Frame.tsx"

const SIDE_BY_SIDE_CHARS = 40

/** One of several forms: which, and then that form. Whoever writes in it has chosen it. */
export function ChoiceControl(props: ControlProps<ControlOf<"choice">>) {
  const { control, name, required, mayBeAbsent } = props
  const { form, Inner } = useForm()
  const { field, at, inner, keys, pointer } = control

  function choose(place: number) {
    const option = field.options[place]
    if (option === undefined) return form.set(keys, undefined)
    form.set(keys, newValue(option.field()))
    form.pick(pointer, place)
  }

  const forms = field.options.map((option, place) => ({ value: String(place), label: option.label }))
  const options = mayBeAbsent && !required ? [...forms, { value: "-1", label: "not given" }] : forms
  const isShort = options.reduce((sum, { label }) => sum + label.length, 0) <= SIDE_BY_SIDE_CHARS
  return (
    <GroupFrame {...props} isSaidInside={inner !== null}>
      {isShort ? (
        <Segments
          label={`Form of ${name}`}
          className="self-start"
          options={options}
          value={String(at)}
          onChange={(next) => choose(Number(next))}
        />
      ) : (
        <Select
          aria-label={`Form of ${name}`}
          options={at === -1 && required ? [{ value: "-1", label: "Choose …", disabled: true }, ...forms] : options}
          value={String(at)}
          onChange={(next) => choose(Number(next))}
        />
      )}
      {inner !== null && (
        <div className="mt-2 border-l-2 pl-3" onFocusCapture={() => form.pick(pointer, at)}>
          <Inner control={inner} name={name} required mayBeAbsent={false} nameHidden />
        </div>
      )}
    </GroupFrame>
  )
}
