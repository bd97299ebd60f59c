/** The one thing to do first: a decision that somebody waits for, then a failure nobody looked at, then nothing. */
import type { Approval, RunSummary } from "@waybill/contract"
import { paths } from "../paths.ts"

export interface FirstThing {
  readonly what: string
  readonly label: string
  readonly to: string
}

export function firstThing(pending: readonly Approval[], failed: readonly RunSummary[]): FirstThing | null {
  const [approval] = [...pending].sort((a, b) => breachOf(a) - breachOf(b))
  if (approval !== undefined) {
    const more = pending.length > 1 ? `, the most urgent of ${pending.length} decisions` : ""
    return {
      what: `${approval.workflowId} waits for a decision${more}: ${approval.message}`,
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

/** When an approval is over, in epoch milliseconds; those that wait for ever come last. */
export function breachOf({ dueAt, timeoutAt }: Pick<Approval, "dueAt" | "timeoutAt">): number {
  const times = [dueAt, timeoutAt].flatMap((at) => (at === null ? [] : [Date.parse(at)]))
  return times.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...times)
}
