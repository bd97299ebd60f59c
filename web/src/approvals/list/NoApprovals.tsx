import { useSetSearch } from "../../page/navigation.ts"
import type { NameOf } from "../../parts/use-workflow-names.ts"
import type { ApprovalsSearch } from "../../paths.ts"
import { Button } from "../../ui/Button.tsx"
import { EmptyState } from "../../ui/EmptyState.tsx"

type NoApprovalsProps = {
  readonly search: ApprovalsSearch
  readonly env: string
  readonly nameOf: NameOf
}

/** Why nothing is listed, and what would change that. */
export function NoApprovals({ search, env, nameOf }: NoApprovalsProps) {
  const setSearch = useSetSearch<ApprovalsSearch>()
  const { workflowId, assignee, state = "pending" } = search
  if (workflowId !== undefined || assignee !== undefined)
    return (
      <EmptyState
        title="No approval matches"
        action={
          <>
            {workflowId !== undefined && (
              <Button onClick={() => setSearch({ workflowId: undefined })}>Of all workflows</Button>
            )}
            {assignee !== undefined && <Button onClick={() => setSearch({ assignee: undefined })}>Everybody's</Button>}
          </>
        }
      >
        {assignee === undefined
          ? `None of ${workflowId === undefined ? "these" : nameOf(workflowId)} is here.`
          : "Only what names you or a team of yours is looked for: not what any operator may decide."}
      </EmptyState>
    )
  if (state === "pending")
    return (
      <EmptyState
        title="Nobody is waited for"
        action={<Button onClick={() => setSearch({ state: "decided" })}>What was decided</Button>}
      >
        A run in {env} that asks a person appears here the moment it asks.
      </EmptyState>
    )
  return (
    <EmptyState title="Nothing was asked yet">
      A workflow asks a person with a state of the action <code className="text-mono">human.approval</code>.
    </EmptyState>
  )
}
