/**
 * What a message moves, in the words that queries use in `meta.live`:
 * `runs` (any list of runs), `run:<id>`, `workflows` (what a list of workflows says of its runs), `workflow:<id>`,
 * `approvals`.
 */
import type { FeedMessage } from "@waybill/contract"

type Moved = Pick<FeedMessage, "type" | "runId" | "workflowId">

const endings = new Set(["run.created", "run.completed", "run.failed", "run.cancelled", "run.timed_out"])

export function topicsOf(message: Moved): readonly string[] {
  const { type, runId, workflowId } = message
  const topics = ["runs", `run:${runId}`]
  if (endings.has(type)) topics.push("workflows", `workflow:${workflowId}`)
  // A run that ends takes its open approvals with it.
  if (type.startsWith("approval.") || endings.has(type)) topics.push("approvals")
  return topics
}
