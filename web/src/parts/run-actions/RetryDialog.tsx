import { api } from "../../data/api.ts"
import { problemWords } from "../../data/problem-words.ts"
import { notify } from "../../page/notify.ts"
import { ConfirmDialog } from "../../ui/overlay/ConfirmDialog.tsx"
import type { ActDialogProps } from "./act-dialog.ts"
import { NowStands } from "./NowStands.tsx"

export function RetryDialog({ run, act, onClose, onDone }: ActDialogProps) {
  const waiting = run.blockedOn.filter(
    ({ kind, stepId }) =>
      (kind === "retry" || kind === "operator") && (act.stepId === undefined || stepId === act.stepId),
  )
  const names = [...new Set(waiting.map(({ name }) => name ?? "a step"))]
  const what = names.length === 0 ? "Every step that waits to be tried again" : names.join(", ")
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title="Try again now?"
      confirm="Try again now"
      tone="primary"
      effects={[
        `${what} is tried again at once instead of later. It counts as the next attempt.`,
        "Its agent acts on the world again, as with every attempt.",
      ]}
      toWords={problemWords}
      onConfirm={async () => {
        try {
          await api().runs.retryNow(run.runId, act.stepId)
          notify.done("It is tried again", what)
        } finally {
          onDone()
        }
      }}
    >
      <NowStands run={run} />
    </ConfirmDialog>
  )
}
