/** The one thing to do first: a decision that somebody waits for, then a failure nobody looked at, then nothing. */
import type { Approval, RunSummary } from "@waybill/contract"
import { byBreach } from "../parts/decide/deadline.ts"
import type { NameOf } from "../parts/use-workflow-names.ts"
import { paths } from "../paths.ts"

export interface FirstThing {
  readonly what: string
  readonly label: string
  readonly to: string
}

export function firstThing(
  pending: readonly Approval[],
  failed: readonly RunSummary[],
  nameOf: NameOf,
): FirstThing | null {
  const [approval] = [...pending].sort(byBreach)
  if (approval !== undefined) {
    const more = pending.length > 1 ? `, the most urgent of ${pending.length} decisions` : ""
    return {
      what: `${nameOf(approval.workflowId)} waits for a decision${more}: ${approval.message}`,
      label: "Decide",
      to: paths.approval(approval.approvalId),
    }
  }
  const [run] = failed
  if (run === undefined) return null
  const { workflowName, error, runId } = run
  return {
    what: `${workflowName} failed${error === null ? "" : `: ${error.detail}`}`,
    label: "See why",
    to: paths.run(runId),
  }
}
