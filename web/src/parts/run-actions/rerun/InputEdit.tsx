import { Button } from "../../../ui/Button.tsx"
import { Field } from "../../../ui/form/Field.tsx"
import { TextArea } from "../../../ui/form/TextArea.tsx"
import { Icon } from "../../../ui/Icon.tsx"
import { JsonDiff } from "../../../ui/json/JsonDiff.tsx"
import { changesBetween } from "../../../ui/json/json-changes.ts"
import { JsonEditor } from "../../json-editor/JsonEditor.tsx"
import { readJson } from "../read-json.ts"
import type { DraftRequest, RerunDraft } from "./rerun-draft.ts"

type InputEditProps = {
  /** Undefined until it is known. */
  readonly original: unknown
  readonly draft: RerunDraft
  readonly problem: Extract<DraftRequest, { ok: false }> | undefined
  readonly onChange: (patch: Partial<RerunDraft>) => void
}

/** What is different this time: at the start the input, in front of a state the context. */
export function InputEdit(props: InputEditProps) {
  if (props.draft.from !== null) return <ContextPatch {...props} />
  return props.draft.inputText === null ? <AsItWas {...props} /> : <Edited {...props} text={props.draft.inputText} />
}

function AsItWas({ original, onChange }: InputEditProps) {
  return (
    <div className="flex flex-col items-start gap-1">
      <p className="text-xs font-medium">Input</p>
      <p className="flex flex-wrap items-center gap-2">
        <span className="text-muted">As it was.</span>
        <Button
          size="sm"
          icon="pencil"
          onClick={() => onChange({ inputText: JSON.stringify(original, null, 2) })}
          disabledReason={original === undefined ? "The input of the first run is not known yet." : undefined}
        >
          Edit the input
        </Button>
      </p>
    </div>
  )
}

function Edited({ original, text, problem, onChange }: InputEditProps & { text: string }) {
  return (
    <div className="flex flex-col gap-2">
      <p className="flex items-center gap-2 text-xs font-medium">
        Input
        <Button size="sm" look="quiet" icon="undo" onClick={() => onChange({ inputText: null })}>
          As it was
        </Button>
      </p>
      <JsonEditor label="Input of the re-run" value={text} onChange={(inputText) => onChange({ inputText })} />
      {problem?.field === "input" && (
        <p role="status" className="flex items-start gap-1 text-xs text-danger">
          <Icon name="warning" size={12} className="mt-0.5" />
          {problem.message}
        </p>
      )}
      <Differences original={original} text={text} />
    </div>
  )
}

/** While the text is no JSON, the differences of a moment ago would be wrong: nothing is shown. */
function Differences({ original, text }: { original: unknown; text: string }) {
  const read = readJson(text)
  if (!read.ok) return null
  const { changes, truncated } = changesBetween(original, read.value, 50)
  return (
    <JsonDiff
      changes={changes}
      truncated={truncated}
      label="What differs from the first run's input"
      none="Nothing differs from the first run's input."
    />
  )
}

function ContextPatch({ draft, problem, onChange }: InputEditProps) {
  return (
    <Field
      label="Patch of the context"
      hint="From a state on a run reads its context and not its input. A JSON merge patch: what is named replaces, null takes away, the rest stays. Empty: as it was."
      error={problem?.field === "context" ? problem.message : undefined}
    >
      <TextArea
        mono
        rows={3}
        placeholder='{ "steps": { "load": null } }'
        value={draft.contextText}
        onChange={(event) => onChange({ contextText: event.target.value })}
      />
    </Field>
  )
}
