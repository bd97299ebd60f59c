/** A JSON text to write in. The editor itself is a chunk of its own; until it is there, and where it cannot be, a plain field. */
import { lazy, Suspense } from "react"
import { TextArea } from "../../ui/form/TextArea.tsx"
import type { JsonEditorProps } from "./json-editor-props.ts"

const CodeEditor = lazy(() => import("./CodeEditor.tsx"))

export function JsonEditor(props: JsonEditorProps) {
  const { label, value, onChange } = props
  const plain = (
    <TextArea mono rows={8} aria-label={label} value={value} onChange={(event) => onChange(event.target.value)} />
  )
  return (
    <Suspense fallback={plain}>
      <CodeEditor {...props} />
    </Suspense>
  )
}
