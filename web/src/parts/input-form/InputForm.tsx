/**
 * A run's input as a form, made from the schema of its workflow. It shows the value and changes it; it validates nothing
 * and sends nothing: what is wrong is said by the server, and stands at the field it is about.
 */
import { Button } from "../../ui/Button.tsx"
import { Icon } from "../../ui/Icon.tsx"
import { changesBetween } from "../../ui/json/json-changes.ts"
import { ControlView } from "./controls/ControlView.tsx"
import { Entries } from "./controls/Entries.tsx"
import { FormProvider } from "./form-context.ts"
import type { InputFormHandle, SeenTroubles } from "./use-input-form.ts"
import { exampleValue } from "./value/start-value.ts"

export interface InputFormProps {
  readonly form: InputFormHandle
  readonly troubles: SeenTroubles
}

export function InputForm({ form, troubles }: InputFormProps) {
  const { control } = form
  if (control.kind !== "object") {
    return (
      <FormProvider value={{ form, words: troubles.words, Inner: ControlView }}>
        <ControlView control={control} name="Input" required mayBeAbsent={false} />
      </FormProvider>
    )
  }
  return (
    <FormProvider value={{ form, words: troubles.words, Inner: ControlView }}>
      <div className="flex flex-col gap-4" data-place="">
        {control.entries.length === 0 && control.field.extra === null && (
          <p className="text-muted">This workflow asks for nothing.</p>
        )}
        <WholeWords words={troubles.words.get("")} />
        <Entries control={control} />
      </div>
    </FormProvider>
  )
}

/** What is wrong with the whole, and with no part of it alone. */
function WholeWords({ words }: { words: string | undefined }) {
  if (words === undefined) return null
  return (
    <p className="flex items-start gap-1 text-xs text-danger">
      <Icon name="warning" size={12} className="mt-0.5" />
      {words}
    </p>
  )
}

/** Fills in what the schema's author gives as an example, where nothing is filled in yet. */
export function ExampleButton({ form }: { form: InputFormHandle }) {
  const example = exampleValue(form.field, form.value)
  if (example === undefined || changesBetween(form.value, example, 1).changes.length === 0) return null
  return (
    <Button size="sm" onClick={() => form.set([], example)}>
      Fill in the example
    </Button>
  )
}

/** Takes the reader to the control of a place; true when there is one. */
export function focusPlace(within: HTMLElement, pointer: string): boolean {
  const place = within.querySelector(`[data-place="${CSS.escape(pointer)}"]`)
  const control = place?.querySelector<HTMLElement>("input, select, textarea, button, [contenteditable]")
  if (control == null) return false
  control.focus()
  control.scrollIntoView({ block: "center" })
  return true
}
