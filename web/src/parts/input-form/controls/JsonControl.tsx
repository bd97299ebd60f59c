import { TextArea } from "../../../ui/form/TextArea.tsx"
import { useForm } from "../form-context.ts"
import { whyNoJson } from "../form-state.ts"
import type { ControlOf } from "../value/control.ts"
import { parseJson } from "../value/scalar-text.ts"
import type { ControlProps } from "./control-props.ts"
import { Frame } from "./Frame.tsx"
import { useDraft } from "./use-draft.ts"

/** Anything, and what its field's own control cannot show: written as JSON. */
export function JsonControl(props: ControlProps<ControlOf<"json">>) {
  const { control, mayBeAbsent } = props
  const { form } = useForm()
  const { keys, pointer, value } = control
  const broken = form.state.broken.get(pointer)
  const draft = useDraft(value, value === undefined ? "" : JSON.stringify(value, null, 2))

  function type(text: string) {
    if (text.trim() === "" && mayBeAbsent) {
      draft.typed(text, undefined)
      return form.set(keys, undefined)
    }
    draft.typed(text, parseJson(text))
    form.typeJson(keys, text)
  }

  return (
    <Frame {...props} error={broken === undefined ? undefined : whyNoJson(broken)}>
      <TextArea
        mono
        rows={2}
        className="min-h-9"
        placeholder={'JSON: 3, "text", {"a": 1}'}
        value={broken ?? draft.text}
        onChange={(event) => type(event.target.value)}
        onBlur={() => form.touch(pointer)}
      />
    </Frame>
  )
}
