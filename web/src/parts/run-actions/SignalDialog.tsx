import type { Json } from "@waybill/contract"
import { type FormEvent, useId, useState } from "react"
import { api } from "../../data/api.ts"
import { problemWords } from "../../data/problem-words.ts"
import { notify } from "../../page/notify.ts"
import { Button } from "../../ui/Button.tsx"
import { Combobox } from "../../ui/choice/Combobox.tsx"
import { ErrorNote } from "../../ui/ErrorNote.tsx"
import { Field } from "../../ui/form/Field.tsx"
import { TextArea } from "../../ui/form/TextArea.tsx"
import { TextField } from "../../ui/form/TextField.tsx"
import { Dialog } from "../../ui/overlay/Dialog.tsx"
import type { ActDialogProps } from "./act-dialog.ts"
import { readJson } from "./read-json.ts"
import { signalsWaitedFor } from "./signals.ts"

/** A message to a run: kept until a state listens for it. */
export function SignalDialog({ run, act, onClose, onDone }: ActDialogProps) {
  const form = useId()
  const names = signalsWaitedFor(run.blockedOn)
  const [name, setName] = useState(act.signal ?? names[0] ?? "")
  const [text, setText] = useState("{}")
  const [id, setId] = useState("")
  const [state, setState] = useState<{ readonly busy: boolean; readonly tried?: boolean; readonly error?: unknown }>({
    busy: false,
  })
  const data = readJson(text)

  async function send(event: FormEvent) {
    event.preventDefault()
    if (state.busy) return
    if (name.trim() === "" || !data.ok) return setState({ busy: false, tried: true })
    setState({ busy: true })
    try {
      const receipt = await api().runs.signal(run.runId, {
        name: name.trim(),
        data: data.value as Json,
        ...(id.trim() !== "" && { id: id.trim() }),
      })
      notify.done(receipt.replayed ? "This signal had been taken before" : `The signal ${name.trim()} was sent`)
      onClose()
    } catch (error) {
      setState({ busy: false, error })
    } finally {
      onDone()
    }
  }

  const isWaitedFor = names.includes(name.trim())
  return (
    <Dialog
      open
      onClose={onClose}
      title="Send a signal"
      description={`To ${run.workflowName}, ${run.runId}`}
      width="md"
      footer={
        <>
          <Button size="lg" onClick={onClose}>
            Close
          </Button>
          <Button size="lg" look="primary" type="submit" form={form} icon="send" busy={state.busy}>
            Send the signal
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={send} className="flex flex-col gap-4">
        <Field
          label="Name"
          required
          error={state.tried && name.trim() === "" ? "Which signal? The state that listens names it." : undefined}
          hint={
            isWaitedFor || name.trim() === ""
              ? "The names are those the run waits for now."
              : "Nothing waits for it now: it is kept until a state listens."
          }
        >
          <Combobox
            free
            value={name}
            onChange={setName}
            choices={names.map((value) => ({ value, label: value, detail: "waited for" }))}
          />
        </Field>
        <Field label="Data" hint="JSON." error={data.ok ? undefined : data.message}>
          <TextArea mono rows={6} value={text} onChange={(event) => setText(event.target.value)} />
        </Field>
        <Field label="Id" hint="With an id a second sending does nothing.">
          <TextField value={id} onChange={(event) => setId(event.target.value)} maxLength={256} />
        </Field>
        {state.error !== undefined && <ErrorNote problem={problemWords(state.error)} />}
      </form>
    </Dialog>
  )
}
