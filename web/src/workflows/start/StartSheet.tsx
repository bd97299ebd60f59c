/** A run of a workflow, started from a form that is made from its input schema. Opened by what the address says. */
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { workflowQuery } from "../../data/queries.ts"
import { Loaded } from "../../page/Loaded.tsx"
import { Sheet } from "../../ui/overlay/Sheet.tsx"
import { SkeletonRows } from "../../ui/Skeleton.tsx"
import { leftInputs } from "./left-inputs.ts"
import { StartForm } from "./StartForm.tsx"

interface StartSheetProps {
  readonly workflowId: string
  readonly env: string
  readonly onClose: () => void
}

export function StartSheet({ workflowId, env, onClose }: StartSheetProps) {
  const workflow = useQuery(workflowQuery(workflowId, env))
  // Begun anew, the form is another form: nothing of the first is in it.
  const [round, setRound] = useState(0)
  const { data } = workflow
  if (data !== undefined) {
    return (
      <StartForm
        key={round}
        workflow={data}
        onClose={onClose}
        onAnew={() => {
          leftInputs.set(env, workflowId, undefined)
          setRound(round + 1)
        }}
      />
    )
  }
  return (
    <Sheet open onClose={onClose} title={`Run ${workflowId}`} width="xl">
      <div className="p-4">
        <Loaded
          query={workflow}
          what="The workflow"
          skeleton={<SkeletonRows rows={5} label="The form is on its way" />}
        >
          {() => null}
        </Loaded>
      </div>
    </Sheet>
  )
}
