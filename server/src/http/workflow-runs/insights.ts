/** What a run page asks besides the run: why it is where it is. */
import { Why } from "@waybill/contract"
import type { Engine } from "@waybill/engine"
import { found } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import { runParams } from "../shared/parameters.ts"
import { whyDocument } from "./documents/why-document.ts"

export function insightRoutes(app: App, engine: Engine): void {
  app.get(
    "/workflow-runs/:runId/why",
    {
      config: { role: "viewer" },
      schema: {
        tags: ["history"],
        operationId: "explainRun",
        summary: "Why a run is where it is: cause, what changed, who else, what it waits for, and the next thing to do",
        params: runParams,
        response: { 200: Why },
      },
    },
    async (request) => {
      const { runId } = request.params
      const view = await engine.insights.why(runId, request.caller.actor)
      return whyDocument(found(view, "run_not_found", `there is no run ${runId}`))
    },
  )
}
