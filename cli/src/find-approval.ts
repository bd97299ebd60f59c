/** An approval by its own id, or by the id of the run that waits for it. */
import type { Approval } from "@waybill/contract"
import type { Client } from "@waybill/sdk"
import { CommandFailure } from "./failure.ts"

export async function findApproval(client: Client, id: string): Promise<Approval> {
  if (!id.startsWith("run_")) return client.approvals.get(id)
  const { items } = await client.runs.approvals(id, { state: "pending" })
  const [only, another] = items
  if (only !== undefined && another === undefined) return only
  const names = items.map(({ approvalId, name }) => `${approvalId} (${name})`)
  throw new CommandFailure({
    code: only === undefined ? "nothing_to_decide" : "several_approvals",
    detail: only === undefined ? `${id} waits for no approval` : `${id} waits for several: ${names.join(", ")}`,
    hint: only === undefined ? "`waybill approvals list` shows what waits." : "Name one of them.",
  })
}

/** As a filter; without one the inbox shows what is pending. */
export const everyApprovalState = "pending,approved,rejected,revised,timed_out,cancelled,superseded"
