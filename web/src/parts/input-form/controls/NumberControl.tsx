import type { KeyboardEvent } from "react"
import { TextField } from "../../../ui/form/TextField.tsx"
import { useForm } from "../form-context.ts"
import { type ControlOf, controlValue } from "../value/control.ts"
import { readNumber } from "../value/scalar-text.ts"
import type { ControlProps } from "./control-props.ts"
import { Frame } from "./Frame.tsx"
import { stepped } from "./stepped.ts"
import { useDraft } from "./use-draft.ts"

/** A field of text that reads numbers: what is none is sent as it was typed, and the server says what is wrong with it. */
export function NumberControl(props: ControlProps<ControlOf<"number">>) {
  const { control, mayBeAbsent } = props
  const { form } = useForm()
  const { field, keys, pointer } = control
  const value = controlValue(control)
  const draft = useDraft(value, control.text)

  function type(text: string) {
    const reads = text.trim() === "" && mayBeAbsent ? undefined : readNumber(text)
    draft.typed(text, reads)
    form.set(keys, reads)
  }

  function onKeyDown(event: KeyboardEvent) {
    const direction = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0
    if (direction === 0 || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    type(String(stepped(field, typeof value === "number" ? value : null, direction)))
  }

  return (
    <Frame {...props}>
      <TextField
        inputMode={field.whole ? "numeric" : "decimal"}
        className="max-w-60"
        value={draft.text}
        placeholder={placeholderOf(control)}
        onChange={(event) => type(event.target.value)}
        onBlur={() => form.touch(pointer)}
        onKeyDown={onKeyDown}
      />
    </Frame>
  )
}

function placeholderOf({ field, given }: ControlOf<"number">): string | undefined {
  if (given) return undefined
  if (field.default !== undefined) return `Left out: ${JSON.stringify(field.default)}`
  const [example] = field.examples
  return typeof example === "number" ? `e.g. ${example}` : undefined
}
