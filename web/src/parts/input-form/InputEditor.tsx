/** The form, and the same value as JSON beside it: what is written in one stands in the other. */
import { useState } from "react"
import { cx } from "../../ui/cx.ts"
import { Segments } from "../../ui/Segments.tsx"
import { JsonEditor } from "../json-editor/JsonEditor.tsx"
import { useDraft } from "./controls/use-draft.ts"
import { whyNoJson } from "./form-state.ts"
import { ExampleButton, InputForm, type InputFormProps } from "./InputForm.tsx"
import type { InputFormHandle } from "./use-input-form.ts"
import { parseJson } from "./value/scalar-text.ts"

type Side = "form" | "json"

/** Side by side where the window is wide, one at a time where it is not. */
export function InputEditor({ form, troubles }: InputFormProps) {
  const [side, setSide] = useState<Side>("form")
  return (
    <div className="flex flex-col gap-3">
      <div className="flex min-h-7 flex-wrap items-center gap-3">
        <h3 className="font-semibold">Input</h3>
        <Segments
          label="The input as"
          className="xl:hidden"
          options={[
            { value: "form", label: "Form" },
            { value: "json", label: "JSON" },
          ]}
          value={side}
          onChange={setSide}
        />
        <ExampleButton form={form} />
      </div>
      <div className="grid min-w-0 gap-6 xl:grid-cols-[minmax(0,1fr)_minmax(0,26rem)]">
        <div className={cx("min-w-0", side === "json" && "max-xl:hidden")}>
          <InputForm form={form} troubles={troubles} />
        </div>
        <div className={cx("min-w-0", side === "form" && "max-xl:hidden")}>
          <JsonSide form={form} />
        </div>
      </div>
    </div>
  )
}

function JsonSide({ form }: { form: InputFormHandle }) {
  const broken = form.state.broken.get("")
  const draft = useDraft(form.value, JSON.stringify(form.value, null, 2))
  const type = (text: string) => {
    draft.typed(text, parseJson(text))
    form.typeJson([], text)
  }
  return (
    <section aria-label="The input as JSON" className="flex flex-col gap-1 xl:sticky xl:top-0">
      <h4 className="text-xs font-medium max-xl:sr-only">As JSON</h4>
      <JsonEditor label="Input as JSON" value={broken ?? draft.text} onChange={type} />
      <p role="status" className="min-h-4 text-xs text-danger">
        {broken !== undefined && whyNoJson(broken)}
      </p>
    </section>
  )
}
