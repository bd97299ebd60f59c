import { useState } from "react"
import { Button } from "../../../ui/Button.tsx"
import { TextField } from "../../../ui/form/TextField.tsx"
import { IconButton } from "../../../ui/IconButton.tsx"
import { useForm } from "../form-context.ts"
import { freeName, renamed, valueAt } from "../value/at.ts"
import type { ControlOf, Entry } from "../value/control.ts"
import { newValue } from "../value/start-value.ts"

/** The properties of an object: those the schema names, then those somebody has added. */
export function Entries({ control }: { control: ControlOf<"object"> }) {
  const { form, Inner } = useForm()
  const { field, keys } = control
  const { extra } = field
  const addEntry = () => {
    if (extra === null) return
    form.set([...keys, freeName(valueAt(form.value, keys), "name")], newValue(extra()))
  }
  return (
    <>
      {control.entries.map((entry, at) =>
        entry.declared ? (
          <Inner key={entry.key} control={entry.control} name={entry.key} required={entry.required} mayBeAbsent />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a name changes under the hand; its place does not
          <ExtraEntry key={`extra ${at}`} entry={entry} parent={control} />
        ),
      )}
      {extra !== null && (
        <Button size="sm" icon="plus" className="self-start" onClick={addEntry}>
          Add an entry
        </Button>
      )}
    </>
  )
}

/** A property with a name of its own. */
function ExtraEntry({ entry, parent }: { entry: Entry; parent: ControlOf<"object"> }) {
  const { form, Inner } = useForm()
  const { key, control } = entry
  const [name, setName] = useState<string | null>(null)
  const taken = name !== null && name !== key && parent.entries.some((other) => other.key === name)

  function rename() {
    if (name !== null && !taken && name !== key) {
      form.set(parent.keys, renamed(valueAt(form.value, parent.keys), key, name))
    }
    setName(null)
  }

  return (
    <div className="flex min-w-0 items-start gap-2 max-sm:flex-col max-sm:items-stretch">
      <div className="w-40 shrink-0 max-sm:w-full">
        <TextField
          mono
          aria-label={`Name of the entry ${key}`}
          aria-invalid={taken || undefined}
          value={name ?? key}
          onChange={(event) => setName(event.target.value)}
          onBlur={rename}
          onKeyDown={(event) => event.key === "Enter" && rename()}
        />
        {taken && <p className="pt-1 text-xs text-danger">There is an entry of this name already.</p>}
      </div>
      <Inner control={control} name={key} required={false} mayBeAbsent={false} nameHidden />
      <IconButton
        icon="cross"
        label={`Remove ${key}`}
        className="mt-1"
        onClick={() => form.set(control.keys, undefined)}
      />
    </div>
  )
}
