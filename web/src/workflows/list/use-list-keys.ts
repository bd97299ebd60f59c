import type { WorkflowSummary } from "@waybill/contract"
import { useKeys } from "../../keys/use-keys.ts"
import type { WorkflowsSearch } from "../../paths.ts"
import { useRefusals } from "../allowed.ts"

export const SEARCH_ID = "find-workflow"

/** The keyboard moves from name to name; what is done is done to the row it stands in. */
export function useListKeys(
  workflows: readonly WorkflowSummary[],
  setSearch: (patch: Partial<WorkflowsSearch>) => void,
): void {
  const refusals = useRefusals()
  const here = () => workflows.find(({ workflowId }) => workflowId === rowId()) ?? workflows[0]
  useKeys("Workflows", {
    j: { label: "Next workflow", run: () => move(1) },
    k: { label: "Previous workflow", run: () => move(-1) },
    "/": { label: "Search the workflows", run: () => document.getElementById(SEARCH_ID)?.focus() },
    s: {
      label: "Start a run of this workflow",
      run: () => {
        const workflow = here()
        if (workflow !== undefined && refusals(workflow).start === undefined) setSearch({ start: workflow.workflowId })
      },
    },
    d: {
      label: "Disable or enable this workflow",
      run: () => {
        const workflow = here()
        if (workflow === undefined || refusals(workflow).change !== undefined) return
        setSearch({ act: workflow.status === "active" ? "disable" : "enable", of: workflow.workflowId })
      },
    },
    e: {
      label: "How to edit this workflow",
      run: () => setSearch({ act: "edit", of: here()?.workflowId }),
    },
  })
}

const names = (): readonly HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-workflow-name]")]
const rowId = () => document.activeElement?.closest<HTMLElement>("[data-workflow]")?.dataset.workflow

function move(by: 1 | -1): void {
  const all = names()
  const at = all.findIndex((name) => name.closest<HTMLElement>("[data-workflow]")?.dataset.workflow === rowId())
  const to = at === -1 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))
  all[to]?.focus()
}
