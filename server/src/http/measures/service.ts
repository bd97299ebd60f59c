/** `/insights/service`: what Waybill keeps itself, measured: events told in time, and evidence that is there (000, SLOs). */
import { ServiceLevels } from "@waybill/contract"
import { deliveredWithinMs, deliveryTarget, evidenceTarget, type Measures } from "@waybill/engine"
import { Type } from "typebox"
import type { App } from "../shared/app.ts"
import { instant } from "../shared/parameters.ts"
import { rfc3339 } from "../shared/time.ts"
import { askedTime } from "./asked-time.ts"

export function serviceRoutes(app: App, measures: Measures): void {
  app.get(
    "/insights/service",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["insights"],
        operationId: "getServiceLevels",
        summary: "Whether events are told in time, and the evidence of runs is there",
        description: "Of messages made and runs begun in [`from`, `to`); without them, in the last 7 days.",
        querystring: Type.Object({ from: instant, to: instant }, { additionalProperties: false }),
        response: { 200: ServiceLevels },
      },
    },
    async ({ caller, query }) => {
      const { from, to } = askedTime(query)
      const { delivery, evidence } = await measures.service(caller.workspaceId, from, to)
      return {
        from: rfc3339(from),
        to: rfc3339(to),
        delivery: { ...held(delivery.share, deliveryTarget), withinMs: deliveredWithinMs, ...delivery },
        evidence: { ...held(evidence.share, evidenceTarget), ...evidence },
      }
    },
  )
}

function held(share: number | null, target: number): { target: number; state: "met" | "missed" | "no_data" } {
  return { target, state: share === null ? "no_data" : share >= target ? "met" : "missed" }
}
