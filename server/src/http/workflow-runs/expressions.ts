/** `POST /expr`: one Starlark expression over a run's context (settled 28, dsl §3). It reads, it never writes. */
import { Evaluate, Evaluated } from "@waybill/contract"
import { accepted } from "../shared/answer.ts"
import type { App } from "../shared/app.ts"
import { sendText } from "../shared/send-text.ts"

export function expressionRoutes(app: App): void {
  app.post(
    "/expr",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["history"],
        operationId: "evaluate",
        summary: "Evaluate an expression over a run's context, at any event",
        body: Evaluate,
        response: { 200: Evaluated },
      },
    },
    async ({ engine, body }, reply) => {
      const runId = body.runId ?? null
      const at = body.at ?? null
      const value = accepted(await engine.queries.evaluate(body.expression, runId, at), reply)
      return sendText(reply, `{"value":${value},"runId":${JSON.stringify(runId)},"at":${at}}`)
    },
  )
}
