/** Whom a bulk action is for: runs that were named, or all that a query finds. */
import type { StartBulk } from "@waybill/contract"

export type Cohort =
  | { readonly kind: "named"; readonly runIds: readonly string[] }
  | { readonly kind: "matching"; readonly query: string }

export type BulkAsk = Pick<StartBulk, "action" | "from" | "tags" | "owner" | "state"> & { readonly cohort: Cohort }

export function bodyOf({ action, from, tags, owner, state, cohort }: BulkAsk, reason: string): StartBulk {
  return {
    action,
    ...(tags !== undefined && { tags }),
    ...(owner !== undefined && { owner }),
    ...(state !== undefined && { state }),
    reason,
    ...(from !== undefined && { from }),
    ...(cohort.kind === "named" ? { runIds: [...cohort.runIds] } : { query: cohort.query }),
  }
}
