import { useState } from "react"
import { api } from "../../data/api.ts"
import { problemWords } from "../../data/problem-words.ts"
import { hasEnded } from "../../data/run-ended.ts"
import { notify } from "../../page/notify.ts"
import { Checkbox } from "../../ui/form/Checkbox.tsx"
import { ConfirmDialog } from "../../ui/overlay/ConfirmDialog.tsx"
import type { ActDialogProps } from "./act-dialog.ts"
import { NowStands } from "./NowStands.tsx"

export function CancelDialog({ run, onClose, onDone }: ActDialogProps) {
  const [force, setForce] = useState(false)
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title="Cancel this run?"
      confirm={force ? "Cancel without waiting" : "Cancel the run"}
      effects={[
        "Nothing new starts. Agents that work now are asked to stop; what they have done in the world stays done.",
        force
          ? "Clean-up blocks (onCancel, finally) are not run, and nobody waits for agents that do not stop."
          : "Clean-up blocks (onCancel, finally) run first, so it may take a moment.",
        "Open approvals and waits are closed. It cannot be taken back; a re-run would be a new run.",
      ]}
      reason={{ label: "Reason", hint: "Kept with the run." }}
      toWords={problemWords}
      onConfirm={async (reason) => {
        try {
          const { status } = await api().runs.cancel(run.runId, { ...(reason !== "" && { reason }), force })
          notify.done(hasEnded(status) ? "The run is cancelled" : "The run is being cancelled", run.workflowName)
        } finally {
          onDone()
        }
      }}
    >
      <NowStands run={run} />
      <Checkbox checked={force} onChange={setForce}>
        Do not wait for running steps and clean-up
      </Checkbox>
    </ConfirmDialog>
  )
}
