/**
 * The dialog of the action that was chosen: says what will happen, asks what it needs, does it, and shows the server's
 * answer. It waits for that answer and shows nothing as done before; what was refused stays open with the reason.
 */

import { useQueryClient } from "@tanstack/react-query"
import { unreachable } from "../unreachable.ts"
import type { ActDialogProps } from "./act-dialog.ts"
import { CancelDialog } from "./CancelDialog.tsx"
import { PauseDialog, ResumeDialog } from "./PauseDialog.tsx"
import { RetryDialog } from "./RetryDialog.tsx"
import { RerunSheet } from "./rerun/RerunSheet.tsx"
import { SignalDialog } from "./SignalDialog.tsx"

export function RunActDialog(props: Omit<ActDialogProps, "onDone">) {
  const queries = useQueryClient()
  const { runId } = props.run
  const onDone = () => void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes(runId) })
  return <OneDialog {...props} onDone={onDone} />
}

function OneDialog(props: ActDialogProps) {
  const { name } = props.act
  switch (name) {
    case "cancel":
      return <CancelDialog {...props} />
    case "pause":
      return <PauseDialog {...props} />
    case "resume":
      return <ResumeDialog {...props} />
    case "retry-now":
      return <RetryDialog {...props} />
    case "signal":
      return <SignalDialog {...props} />
    case "rerun":
      return <RerunSheet {...props} />
    default:
      return unreachable(name)
  }
}
