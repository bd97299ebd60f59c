/** The dialogs of a workflow, opened by what the address says. */
import { useQuery } from "@tanstack/react-query"
import { workflowQuery } from "../../data/queries.ts"
import { Dialog } from "../../ui/overlay/Dialog.tsx"
import { HowToEdit } from "./HowToEdit.tsx"
import { HowToMake } from "./HowToMake.tsx"
import { StatusDialog } from "./StatusDialog.tsx"

interface ActDialogsProps {
  readonly act: "disable" | "enable" | "edit" | "new" | undefined
  readonly workflowId: string | undefined
  readonly env: string
  readonly onClose: () => void
}

export function ActDialogs({ act, workflowId, env, onClose }: ActDialogsProps) {
  if (act === "new") {
    return (
      <Dialog open onClose={onClose} title="A new workflow" width="md">
        <HowToMake env={env} />
      </Dialog>
    )
  }
  if (act === undefined || workflowId === undefined) return null
  return <OfOne act={act} workflowId={workflowId} env={env} onClose={onClose} />
}

type OfOneProps = Omit<ActDialogsProps, "act" | "workflowId"> & {
  readonly act: "disable" | "enable" | "edit"
  readonly workflowId: string
}

function OfOne({ act, workflowId, env, onClose }: OfOneProps) {
  const { data } = useQuery(workflowQuery(workflowId, env))
  if (data === undefined) return null
  if (act === "edit") {
    return (
      <Dialog open onClose={onClose} title={`Edit ${data.name}`} width="md">
        <HowToEdit workflow={data} />
      </Dialog>
    )
  }
  return <StatusDialog workflow={data} to={act === "disable" ? "disabled" : "active"} onClose={onClose} />
}
