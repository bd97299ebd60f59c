/** Whom a bulk action is for: runs that were named, or all that a query finds. */
import type { StartBulk } from "@waybill/contract"

export type Cohort =
  | { readonly kind: "named"; readonly runIds: readonly string[] }
  | { readonly kind: "matching"; readonly query: string }

export type BulkAsk = Pick<StartBulk, "action" | "from"> & { readonly cohort: Cohort }

export function bodyOf({ action, from, cohort }: BulkAsk, reason: string): StartBulk {
  return {
    action,
    reason,
    ...(from !== undefined && { from }),
    ...(cohort.kind === "named" ? { runIds: [...cohort.runIds] } : { query: cohort.query }),
  }
}
