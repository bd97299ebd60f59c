import type { Resolution } from "@waybill/contract"
import { api } from "../../data/api.ts"

/** The resolution as it stood before, or none. What a re-run had superseded has no reason of its own, and one is needed. */
export function backTo(runId: string, before: Resolution | null): Promise<unknown> {
  if (before === null || before.state === "open") return api().runs.undoResolution(runId)
  const { state } = before
  const reason = before.reason ?? (state === "acknowledged" ? undefined : "as before")
  return api().runs.resolve(runId, { state, ...(reason !== undefined && { reason }) })
}
