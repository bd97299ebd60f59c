import { TextArea } from "../../../ui/form/TextArea.tsx"
import { TextField } from "../../../ui/form/TextField.tsx"
import { useForm } from "../form-context.ts"
import type { TextInput } from "../schema/field.ts"
import type { ControlOf } from "../value/control.ts"
import type { ControlProps } from "./control-props.ts"
import { DateTimeInput } from "./DateTimeInput.tsx"
import { Frame } from "./Frame.tsx"

/** Never `type=email` or `url`: browsers trim those, and what is seen would not be what is sent. */
const inputModes = {
  line: undefined,
  lines: undefined,
  date: undefined,
  "date-time": undefined,
  time: undefined,
  email: "email",
  uri: "url",
} as const satisfies Record<TextInput, string | undefined>

export function TextControl(props: ControlProps<ControlOf<"text">>) {
  const { control, mayBeAbsent } = props
  const { form } = useForm()
  const { field, input, keys, pointer, text } = control
  // With a default, a text that was emptied is an empty text: left out, the default would come back.
  const set = (typed: string) =>
    form.set(keys, typed === "" && mayBeAbsent && field.default === undefined ? undefined : typed)
  const shared = { value: text, placeholder: placeholderOf(control), onBlur: () => form.touch(pointer) }
  return (
    <Frame {...props}>
      {input === "date-time" ? (
        <DateTimeInput {...shared} onText={set} />
      ) : input === "lines" ? (
        <TextArea {...shared} onChange={(event) => set(event.target.value)} />
      ) : (
        <TextField
          {...shared}
          type={input === "date" ? "date" : "text"}
          inputMode={inputModes[input]}
          className={input === "date" ? "max-w-44" : undefined}
          onChange={(event) => set(event.target.value)}
        />
      )}
    </Frame>
  )
}

function placeholderOf({ field, given }: ControlOf<"text">): string | undefined {
  if (given) return "Empty text"
  if (field.default !== undefined) return `Left out: ${JSON.stringify(field.default)}`
  const [example] = field.examples
  return typeof example === "string" ? `e.g. ${example}` : undefined
}
