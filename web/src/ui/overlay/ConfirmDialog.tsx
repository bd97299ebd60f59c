import { type FormEvent, type KeyboardEvent, type ReactNode, useId, useState } from "react"
import { Button } from "../Button.tsx"
import { ErrorNote, type ProblemWords } from "../ErrorNote.tsx"
import { Field } from "../form/Field.tsx"
import { TextArea } from "../form/TextArea.tsx"
import { Dialog } from "./Dialog.tsx"

type ConfirmDialogProps = {
  readonly open: boolean
  readonly onClose: () => void
  /** A question: `Cancel 12 runs?` */
  readonly title: string
  /** What will happen and what will not, one sentence each. */
  readonly effects: readonly ReactNode[]
  /** The verb of the title: `Cancel 12 runs`, never `OK`. */
  readonly confirm: string
  readonly tone?: "danger" | "primary"
  /** It cannot be done, and this is why. */
  readonly refused?: string
  /** What closes it and does nothing. */
  readonly decline?: string
  /** Asks why. `required`: the act waits for it; `missing` is said when it is not there. */
  readonly reason?: {
    readonly label: string
    readonly required?: boolean
    readonly hint?: string
    readonly missing?: string
  }
  /** May take its time; a rejection is shown and the dialog stays. */
  readonly onConfirm: (reason: string) => Promise<unknown> | unknown
  /** Turns what was thrown into words. */
  readonly toWords?: (error: unknown) => ProblemWords
  readonly children?: ReactNode
}

/** Says the effects of an act before it is done. Mounted anew for each question, it begins empty. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <Dialog open={props.open} onClose={props.onClose} title={props.title}>
      <Question {...props} />
    </Dialog>
  )
}

function Question(props: ConfirmDialogProps) {
  const { onClose, effects, confirm, tone = "danger", refused, reason, onConfirm, toWords = plainly, children } = props
  const { decline = "Keep as it is" } = props
  const form = useId()
  const [why, setWhy] = useState("")
  const [state, setState] = useState<{ busy: boolean; error?: ProblemWords; missing?: boolean }>({ busy: false })

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (state.busy || refused !== undefined) return
    if (reason?.required && why.trim() === "") return setState({ busy: false, missing: true })
    setState({ busy: true })
    try {
      await onConfirm(why.trim())
      onClose()
    } catch (error) {
      setState({ busy: false, error: toWords(error) })
    }
  }

  return (
    <form id={form} onSubmit={submit} onKeyDown={sendByKeys} className="flex flex-col gap-4">
      <ul className="flex list-disc flex-col gap-1 pl-4 text-muted marker:text-faint">
        {effects.map((effect, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: sentences that stay in their place
          <li key={at}>{effect}</li>
        ))}
      </ul>
      {children}
      {reason && (
        <Field
          label={reason.label}
          required={reason.required}
          hint={reason.hint}
          error={
            state.missing && why.trim() === "" ? (reason.missing ?? "Say why; it is kept with the run.") : undefined
          }
        >
          <TextArea rows={2} value={why} onChange={(event) => setWhy(event.target.value)} maxLength={2000} />
        </Field>
      )}
      {state.error && <ErrorNote problem={state.error} />}
      {/* In reach however low the window is. */}
      <div className="sticky -bottom-4 z-1 -mx-4 -mb-4 flex flex-wrap justify-end gap-2 rounded-b-lg bg-raised px-4 py-3">
        <Button size="lg" onClick={onClose}>
          {decline}
        </Button>
        <Button
          size="lg"
          type="submit"
          look={tone === "danger" ? "danger-fill" : "primary"}
          busy={state.busy}
          keys="Mod+Enter"
          disabledReason={refused}
        >
          {confirm}
        </Button>
      </div>
    </form>
  )
}

/** Enter alone is a new line where a reason is written, and the other button where that has the focus. */
function sendByKeys(event: KeyboardEvent<HTMLFormElement>) {
  if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return
  event.preventDefault()
  event.currentTarget.requestSubmit()
}

const plainly = (error: unknown): ProblemWords => ({
  title: "It was not done",
  detail: error instanceof Error ? error.message : String(error),
})
