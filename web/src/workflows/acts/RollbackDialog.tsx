import { useQuery, useQueryClient } from "@tanstack/react-query"
import type { Version, Workflow } from "@waybill/contract"
import { api } from "../../data/api.ts"
import { isCode, isMissing, problemWords } from "../../data/problem-words.ts"
import { Link } from "../../page/Link.tsx"
import { notify } from "../../page/notify.ts"
import { paths } from "../../paths.ts"
import { buttonLook, linkLook } from "../../ui/button-look.ts"
import { ConfirmDialog } from "../../ui/overlay/ConfirmDialog.tsx"
import { Dialog } from "../../ui/overlay/Dialog.tsx"
import { askAgain, versionQuery } from "../queries.ts"

interface RollbackDialogProps {
  readonly workflow: Workflow
  readonly to: number
  readonly onClose: () => void
}

/** Nothing is promised of a version that the server does not have. */
export function RollbackDialog(props: RollbackDialogProps) {
  const { workflow, to, onClose } = props
  const { data: old, error } = useQuery(versionQuery(workflow.workflowId, to, workflow.environment))
  if (old === undefined && (isMissing(error) || isCode(error, "invalid_request")))
    return <NoSuchVersion {...{ workflow, to, onClose }} />
  return <Rollback {...props} old={old} />
}

/** An old version serves again, as a new one: nothing is taken back, and the way back is the same act. */
function Rollback({ workflow, to, onClose, old }: RollbackDialogProps & { readonly old: Version | undefined }) {
  const queries = useQueryClient()
  const { workflowId, environment: env, name, versionNumber, version, source } = workflow
  const label = old === undefined ? `#${to}` : `${old.version} (#${to})`

  async function rollback(target: number) {
    const { versionNumber: made } = await api().workflows.rollback(workflowId, target, { env })
    await askAgain(queries, workflowId)
    return made
  }

  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Roll ${name} back to ${label}?`}
      confirm={`Roll back to #${to}`}
      tone="primary"
      refused={old === undefined ? `Version #${to} has not been read from the server yet.` : undefined}
      effects={[
        `Version #${versionNumber + 1} is made with the content of ${label}; new runs take it from then on.`,
        "Runs that have begun keep the version they began with.",
        `Nothing is lost: ${version} (#${versionNumber}) and all others stay, and a rollback to #${versionNumber} undoes this one.`,
        ...(source === "file"
          ? ["Its file is not touched. It is behind then, until you take this content into it."]
          : []),
      ]}
      toWords={problemWords}
      onConfirm={async () => {
        const made = await rollback(to)
        const undo = () =>
          void rollback(versionNumber).catch((error: unknown) => notify.failed("It was not undone", error))
        notify.undoable(`${name} serves #${made}, with the content of #${to}`, undo)
      }}
    >
      <p>
        <Link to={paths.workflowVersions(workflowId, versionNumber, to)} className={linkLook}>
          What changes between #{versionNumber} and #{to}
        </Link>
      </p>
    </ConfirmDialog>
  )
}

function NoSuchVersion({ workflow, to, onClose }: RollbackDialogProps) {
  const { workflowId, name, versionNumber } = workflow
  return (
    <Dialog open onClose={onClose} title={`${name} has no version #${to}`}>
      <p className="pb-4 text-muted">There is nothing to roll back to: its newest version is #{versionNumber}.</p>
      <Link to={paths.workflow(workflowId, { tab: "versions" })} className={buttonLook({ size: "lg" })}>
        All versions
      </Link>
    </Dialog>
  )
}
