import type { Approval } from "@waybill/contract"
import { useState } from "react"
import { notify } from "../../page/notify.ts"
import { ProblemNote } from "../../page/ProblemNote.tsx"
import { Button } from "../../ui/Button.tsx"
import { Field } from "../../ui/form/Field.tsx"
import { TextField } from "../../ui/form/TextField.tsx"
import { Dialog } from "../../ui/overlay/Dialog.tsx"
import type { useDecide } from "./use-decide.ts"

type DelegationProps = { readonly approval: Approval; readonly sending: ReturnType<typeof useDecide> }

/** Handing the decision to somebody else, where the author allows it. */
export function Delegation({ approval, sending }: DelegationProps) {
  const [isOpen, setOpen] = useState(false)
  const action = approval.actions.find(({ name }) => name === "delegate")
  const refused = action === undefined || action.allowed ? undefined : (action.reason ?? "not allowed")
  if (action === undefined) return null
  return (
    <>
      <Button size="lg" look="quiet" icon="person" disabledReason={refused} onClick={() => setOpen(true)}>
        Delegate
      </Button>
      {isOpen && <DelegateDialog approval={approval} sending={sending} onClose={() => setOpen(false)} />}
    </>
  )
}

function DelegateDialog({ approval, sending, onClose }: DelegationProps & { readonly onClose: () => void }) {
  const [to, setTo] = useState("")
  const [comment, setComment] = useState("")
  const [tried, setTried] = useState(false)
  const isNamed = /^(user|team):.+/.test(to.trim())

  async function send() {
    setTried(true)
    if (!isNamed || sending.busy) return
    const said = comment.trim()
    const delegate = { to: to.trim(), ...(said !== "" && { comment: said }) }
    const after = await sending.send({ delegate }).catch(() => null)
    if (after === null) return
    notify.done(`Handed to ${delegate.to}`)
    onClose()
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title="Hand the decision to somebody else"
      description={approval.message}
      footer={
        <>
          <Button size="lg" onClick={onClose}>
            Close
          </Button>
          <Button size="lg" look="primary" busy={sending.busy} onClick={() => void send()}>
            Delegate
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field
          label="To"
          required
          hint="A person or a team: user:ada, team:sre."
          error={tried && !isNamed ? "Begin with user: or team:, as user:ada." : undefined}
        >
          <TextField value={to} maxLength={256} onChange={(event) => setTo(event.target.value)} />
        </Field>
        <Field label="Comment">
          <TextField value={comment} maxLength={10_000} onChange={(event) => setComment(event.target.value)} />
        </Field>
        {sending.error !== null && <ProblemNote error={sending.error} about="It was not handed on" />}
      </div>
    </Dialog>
  )
}
