/**
 * A run's input as a form, made from the schema of its workflow. It shows the value and changes it; it validates nothing
 * and sends nothing: what is wrong is said by the server, and stands at the field it is about.
 */
import { useRef } from "react"
import { Button } from "../../ui/Button.tsx"
import { ControlView } from "./controls/ControlView.tsx"
import { Entries } from "./controls/Entries.tsx"
import { FormProvider } from "./form-context.ts"
import type { InputFormHandle, SeenTroubles } from "./use-input-form.ts"
import { sameJson } from "./value/scalar-text.ts"
import { exampleValue } from "./value/start-value.ts"

export interface InputFormProps {
  readonly form: InputFormHandle
  readonly troubles: SeenTroubles
}

export function InputForm({ form, troubles }: InputFormProps) {
  const { control, field } = form
  const example = exampleValue(field, form.value)
  const hasExample = example !== undefined && !sameJson(example, form.value)
  const box = useRef<HTMLDivElement>(null)
  return (
    <FormProvider value={{ form, words: troubles.words }}>
      <div ref={box} className="flex flex-col gap-4">
        {hasExample && (
          <Button size="sm" className="self-start" onClick={() => form.set([], example)}>
            Fill in the example
          </Button>
        )}
        {control.kind === "object" ? (
          <>
            {control.entries.length === 0 && control.field.extra === null && (
              <p className="text-muted">This workflow asks for nothing.</p>
            )}
            <Entries control={control} />
          </>
        ) : (
          <ControlView control={control} name="Input" required mayBeAbsent={false} />
        )}
      </div>
    </FormProvider>
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
