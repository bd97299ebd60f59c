import { useQuery } from "@tanstack/react-query"
import { workflowsQuery } from "../../data/queries.ts"
import { Link } from "../../page/Link.tsx"
import { paths } from "../../paths.ts"
import { buttonLook } from "../../ui/button-look.ts"
import { copyText } from "../../ui/copy-text.ts"
import { EmptyState } from "../../ui/EmptyState.tsx"
import { IconButton } from "../../ui/IconButton.tsx"
import type { RunsPageSearch } from "../search.ts"
import { Elsewhere } from "./Elsewhere.tsx"
import { startCommand } from "./start-command.ts"

/** No run has been asked for in this environment: how to send the first one. */
export function NothingYet({ search, env }: { search: RunsPageSearch; env: string }) {
  const { data } = useQuery(workflowsQuery({ env, limit: 200 }))
  const first = data?.items.find(({ status }) => status === "active")
  if (data !== undefined && first === undefined) {
    return (
      <EmptyState icon="send" title={`No runs yet in ${env}, and no workflow to run`}>
        Put a definition into the folder <code>{env}/workflows</code> of the environments, or send one to{" "}
        <code>POST /api/v1/workflows?env={env}</code>; its runs will stand here.
        <Elsewhere search={search} env={env} />
      </EmptyState>
    )
  }
  const command = startCommand(globalThis.location.origin, first?.workflowId ?? "my-workflow", env)
  return (
    <EmptyState
      icon="send"
      title={`No runs yet in ${env}`}
      action={
        first && (
          <Link to={paths.workflow(first.workflowId)} className={buttonLook({ look: "primary" })}>
            Start {first.name} here
          </Link>
        )
      }
    >
      <p>Send the first one from a terminal, and it appears here as it begins:</p>
      <div className="mt-3 flex items-start gap-1 rounded-md border bg-sunken p-2 text-left">
        <pre className="min-w-0 flex-1 overflow-x-auto whitespace-pre-wrap text-fg">{command}</pre>
        <IconButton
          icon="copy"
          label="Copy the command"
          size="sm"
          onClick={() => void copyText(command, "the command")}
        />
      </div>
      <Elsewhere search={search} env={env} />
    </EmptyState>
  )
}
