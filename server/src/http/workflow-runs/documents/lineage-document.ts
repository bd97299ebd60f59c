/** The runs around a run as clients read them. */
import type { Lineage } from "@waybill/contract"
import type { Lineage as LineageView } from "@waybill/engine"
import { rfc3339, rfc3339OrNull } from "../../shared/time.ts"

export function lineageDocument(lineage: LineageView): Lineage {
  return {
    ...lineage,
    relatives: lineage.relatives.map((one) => ({
      ...one,
      createdAt: rfc3339(one.createdAt),
      completedAt: rfc3339OrNull(one.completedAt),
    })),
  }
}
