import { Field } from "../../ui/form/Field.tsx"
import { TextField } from "../../ui/form/TextField.tsx"
import { ResolutionChoice } from "../remarks/ResolutionChoice.tsx"
import type { BulkSaid } from "./bulk-said.ts"
import type { BulkAction } from "./bulk-words.ts"

interface BulkSaysProps {
  readonly action: BulkAction
  readonly said: BulkSaid
  readonly onChange: (said: BulkSaid) => void
}

/** What is to be said beside each of the runs; nothing where the action says nothing. */
export function BulkSays({ action, said, onChange }: BulkSaysProps) {
  switch (action) {
    case "tag":
      return (
        <Field label="Tags" hint="Several with commas between them.">
          <TextField
            value={said.tags}
            maxLength={1000}
            onChange={(event) => onChange({ ...said, tags: event.target.value })}
          />
        </Field>
      )
    case "assign":
      return (
        <Field label="Owner" hint="As user:ann; empty: nobody any more.">
          <TextField
            value={said.owner}
            maxLength={256}
            onChange={(event) => onChange({ ...said, owner: event.target.value })}
          />
        </Field>
      )
    case "resolve":
      return <ResolutionChoice value={said.state} onChange={(state) => onChange({ ...said, state })} />
    default:
      return null
  }
}
