import { useQuery, useQueryClient } from "@tanstack/react-query"
import type { WorkflowSummary } from "@waybill/contract"
import { api } from "../../data/api.ts"
import { problemWords } from "../../data/problem-words.ts"
import { runsQuery } from "../../data/queries.ts"
import { notify } from "../../page/notify.ts"
import { ConfirmDialog } from "../../ui/overlay/ConfirmDialog.tsx"
import { askAgain } from "../queries.ts"
import { statusEffects } from "./status-effects.ts"

interface StatusDialogProps {
  readonly workflow: WorkflowSummary
  readonly to: WorkflowSummary["status"]
  readonly onClose: () => void
}

/** Disables or enables, and says before it does what that changes and what it does not. */
export function StatusDialog({ workflow, to, onClose }: StatusDialogProps) {
  const queries = useQueryClient()
  const { workflowId, environment, name } = workflow
  const open = useQuery(
    runsQuery({
      env: environment,
      workflowId,
      status: ["PENDING", "RUNNING", "WAITING_APPROVAL", "WAITING_SIGNAL", "PAUSED"],
      limit: 1,
    }),
  )
  const verb = to === "disabled" ? "Disable" : "Enable"

  async function set(status: WorkflowSummary["status"]) {
    const { disable, enable } = api().workflows
    await (status === "disabled" ? disable : enable)(workflowId, { env: environment })
    await askAgain(queries, workflowId)
  }

  const undo = () =>
    void set(to === "disabled" ? "active" : "disabled").catch((error: unknown) =>
      notify.failed(`${name} stays ${to}`, error),
    )

  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`${verb} ${name}?`}
      confirm={verb}
      tone={to === "disabled" ? "danger" : "primary"}
      effects={statusEffects(workflow, to, open.data?.total?.value ?? null)}
      toWords={problemWords}
      onConfirm={async () => {
        await set(to)
        notify.undoable(`${name} is ${to}`, undo)
      }}
    />
  )
}
