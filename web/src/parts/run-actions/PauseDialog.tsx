import { api } from "../../data/api.ts"
import { problemWords } from "../../data/problem-words.ts"
import { notify } from "../../page/notify.ts"
import { ConfirmDialog } from "../../ui/overlay/ConfirmDialog.tsx"
import type { ActDialogProps } from "./act-dialog.ts"
import { NowStands } from "./NowStands.tsx"

export function PauseDialog({ run, onClose, onDone }: ActDialogProps) {
  const undo = () =>
    void api()
      .runs.resume(run.runId, "the pause was taken back")
      .catch((error: unknown) => notify.failed("The run was not resumed", error))
      .finally(onDone)
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title="Pause this run?"
      confirm="Pause the run"
      tone="primary"
      effects={[
        "No step, item or child run starts. What executes now goes on to its end, and its result is kept.",
        "Decisions and signals are taken. Clocks of waits and timeouts stop.",
      ]}
      reason={{ label: "Reason", hint: "Kept with the run." }}
      toWords={problemWords}
      onConfirm={async (reason) => {
        try {
          await api().runs.pause(run.runId, reason === "" ? undefined : reason)
          notify.undoable("The run is paused", undo)
        } finally {
          onDone()
        }
      }}
    >
      <NowStands run={run} />
    </ConfirmDialog>
  )
}

export function ResumeDialog({ run, onClose, onDone }: ActDialogProps) {
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title="Resume this run?"
      confirm="Resume the run"
      tone="primary"
      effects={["It goes on where it stands: steps that were held back start, and stopped clocks run again."]}
      reason={{ label: "Reason", hint: "Kept with the run." }}
      toWords={problemWords}
      onConfirm={async (reason) => {
        try {
          await api().runs.resume(run.runId, reason === "" ? undefined : reason)
          notify.done("The run goes on", run.workflowName)
        } finally {
          onDone()
        }
      }}
    >
      <NowStands run={run} />
    </ConfirmDialog>
  )
}
